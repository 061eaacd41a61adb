import type { GroupPart } from './group-assembler.ts';

/** What a group of entries is sent as. Its sender and number name it for as long as the stream is: sent again it has the same name. */
export interface GroupHead {
  /** One life of one gateway. */
  readonly sender: string;
  readonly group: number;
  /** The sender's group that is to be folded before this one; 0 where all before it is folded, or was given up. */
  readonly after: number;
}

/** A message of the stream; `part` is null where it is none of this program's. */
export interface StreamMessage {
  readonly sequence: number;
  readonly part: GroupPart | null;
  /** Messages that stand behind it, when it was sent. */
  readonly pending: number;
}

/** The stream that several gateways append groups to, and read in one order. */
export interface LogStream {
  /**
   * Resolves once all of it is stored. Several may be under way: they are sent in the order of the calls. Rejects with TablecastError `log_write_failed` where the servers will not take it, and
   * with anything else where nobody knows whether they have: then it may be sent again.
   */
  append(head: GroupHead, bytes: Uint8Array): Promise<void>;
  /** Resolves once the servers can be reached again, or never will be; null where they are reached. */
  away(): Promise<void> | null;
}
