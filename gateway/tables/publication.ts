import type { Field } from '../../protocol/arrow/data-type.ts';
import type { Batch } from '../../protocol/arrow/vector.ts';
import type { Header, Op, Retention } from '../../protocol/header.ts';
import type { TableHead } from './admission.ts';

/** A publication that the table store has admitted: checked, its operation and key settled. */
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
  /** What its table will be with it; null where it makes none (a delete from a table that does not exist). */
  readonly head: TableHead | null;
  readonly retention?: Retention | null;
  readonly chart?: Header['chart'];
  readonly receivedAtMs: number;
  readonly sentAtMs?: number;
}
