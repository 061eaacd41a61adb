import type { Field } from '../../protocol/arrow/data-type.ts';
import type { IpcTable } from '../../protocol/arrow/read-ipc.ts';
import type { Batch } from '../../protocol/arrow/vector.ts';
import type { Header, Op, Retention } from '../../protocol/header.ts';
import type { Admitted, TableHead } from './admission.ts';
import type { SequenceNumber, TakenSequence } from './sequence-position.ts';

/** A publication that the table store has admitted: checked, its operation and key settled; or one that it will admit. */
export interface Publication {
  readonly table: string;
  readonly op: Op;
  /** The table's key from this publication on; null without one. */
  readonly key: readonly string[] | null;
  readonly fields: readonly Field[];
  readonly batches: readonly Batch[];
  readonly rowCount: number;
  /** Of the message as it came, all frames together. */
  readonly byteLength: number;
  /** What its header said of these, where they are settled only when it is folded. */
  readonly asked?: Pick<Header, 'op' | 'key'>;
  /** What its table will be with it; null where it makes none (a delete from a table that does not exist). */
  readonly head: TableHead | null;
  readonly retention?: Retention | null;
  readonly chart?: Header['chart'];
  readonly receivedAtMs: number;
  readonly sentAtMs?: number;
  /** Of a numbered one that is admitted. */
  readonly sequence?: TakenSequence;
  /** Of a numbered one that is offered: whether it came before is decided when it is folded. */
  readonly number?: SequenceNumber;
}

/** What a publication came with: bytes of all its frames, when, and whether it waits for `/update_data`. */
export interface Message {
  readonly byteLength: number;
  readonly receivedAtMs: number;
  readonly held: boolean;
}

export function publicationFrom(
  table: string,
  header: Header,
  data: IpcTable,
  { byteLength, receivedAtMs }: Message,
  { op, key, head }: Admitted,
): Publication {
  return {
    table,
    op,
    key,
    fields: data.fields,
    batches: data.batches,
    rowCount: data.rowCount,
    byteLength,
    head,
    receivedAtMs,
    ...(header.retention === undefined ? {} : { retention: header.retention }),
    ...(header.chart === undefined ? {} : { chart: header.chart }),
    ...(header.sent_at_ms === undefined ? {} : { sentAtMs: header.sent_at_ms }),
  };
}
