import type { GroupPart } from './group-assembler.ts';

/** Names a group of entries for as long as the stream is: sent again it has the same name. */
export interface GroupId {
  /** One life of one gateway. */
  readonly sender: string;
  readonly group: number;
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
   * Resolves once all of it is stored. Rejects with TablecastError `log_write_failed` where the servers will not take it, and
   * with anything else where nobody knows whether they have: then it may be sent again.
   */
  append(id: GroupId, bytes: Uint8Array): Promise<void>;
  /** Resolves once the servers can be reached again, or never will be; null where they are reached. */
  away(): Promise<void> | null;
}
