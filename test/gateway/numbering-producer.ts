import type { Row } from '../../protocol/arrow/from-values.ts';
import type { NumberedMessage } from './numbered-gateway.ts';

/** Which tables there are, and what a publication with a number of one's choice does to each. */
const TABLES = {
  appended: (n: number) => ({ op: 'append', rows: [{ n }] }) as const,
  keyed: (n: number) =>
    n % 4 === 3
      ? ({ op: 'delete', key: ['k'], rows: [{ k: n % 5 }] } as const)
      : ({ op: 'upsert', key: ['k'], rows: [{ k: n % 5, n }] } as const),
  replaced: (n: number) =>
    ({ op: 'replace', rows: Array.from({ length: n % 3 }, (_, i) => ({ n: n + i })) }) as const,
} as const;

export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

const TYPES = { appended: { n: 'int32' }, keyed: { k: 'int32', n: 'int32' }, replaced: { n: 'int32' } };

/** A producer that numbers and knows its tables whole; it goes on with them in another run. */
export class NumberingProducer {
  readonly #rows = new Map<string, readonly Row[]>();
  #runs = 1;
  #seqs = new Map<string, number>();

  get run(): string {
    return `run-${this.#runs}`;
  }

  /** The last number of each table in this run. */
  get seqs(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#seqs);
  }

  rows(table: TableName): readonly Row[] {
    return this.#rows.get(table) ?? [];
  }

  restart(): void {
    this.#runs++;
    this.#seqs = new Map();
  }

  publish(table: TableName, n: number): NumberedMessage {
    const { rows, ...header } = TABLES[table](n);
    this.#rows.set(table, nextRows(this.rows(table), header.op, rows));
    const seq = (this.#seqs.get(table) ?? 0) + 1;
    this.#seqs.set(table, seq);
    const types = header.op === 'delete' ? { k: 'int32' } : TYPES[table];
    return { table, header: { ...header, run: this.run, seq }, rows, types };
  }

  /** null where this run has not written the table. */
  snapshot(table: TableName): NumberedMessage | null {
    const seq = this.#seqs.get(table);
    if (seq === undefined) return null;
    const key = table === 'keyed' ? { key: ['k'] } : {};
    const header = { op: 'replace', snapshot: true, run: this.run, seq, ...key } as const;
    return { table, header, rows: this.rows(table), types: TYPES[table] };
  }
}

function nextRows(before: readonly Row[], op: string, rows: readonly Row[]): readonly Row[] {
  if (op === 'replace') return rows;
  if (op === 'append') return [...before, ...rows];
  const others = before.filter(({ k }) => k !== rows[0]?.k);
  return op === 'delete' ? others : [...others, ...rows];
}
