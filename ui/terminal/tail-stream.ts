import { cellText } from '../../protocol/arrow/cell-text.ts';
import { isNumeric } from '../../protocol/column-label.ts';
import type { Client, TableChange } from '../client/node.ts';
import { type ChangeFormat, createChangeEncoder } from './change-lines.ts';
import { type Surroundings, write } from './surroundings.ts';
import { textTable } from './text-table.ts';

export interface TailOptions {
  readonly client: Client;
  /** The table. */
  readonly name: string;
  /** Of the first snapshot only so many rows are shown, the last ones. */
  readonly maxFirstRows: number;
  readonly surroundings: Surroundings;
  /** Tells the user something beside the stream. */
  readonly note: (text: string) => void;
}

/** Writes the table's changes as they come; a reader that is slow gets several as one. */
export async function streamChanges(
  options: TailOptions & { readonly format: ChangeFormat; readonly once: boolean },
): Promise<void> {
  const { client, name, maxFirstRows, surroundings } = options;
  const encoder = createChangeEncoder(options.format);
  const stopNoting = noteLosses(options);
  let isFirst = true;
  for await (const change of client.changes(name)) {
    const cut: TableChange = isFirst ? { ...change, rows: change.rows.last(maxFirstRows) } : change;
    isFirst = false;
    for (const chunk of encoder.chunks(cut)) await write(surroundings.stdout, chunk);
    if (options.once) break;
  }
  stopNoting();
  const end = encoder.finish();
  if (end.length > 0) await write(surroundings.stdout, end);
}

/** Writes the table as it is now, its columns aligned. */
export async function printTable({ client, name, maxFirstRows, surroundings }: TailOptions): Promise<void> {
  for await (const { rows: all } of client.changes(name)) {
    const rows = all.last(maxFirstRows);
    const columns = rows.fields.map(({ name: title, type }) => ({
      title,
      align: isNumeric(type) ? ('right' as const) : ('left' as const),
    }));
    const cells = rows.batches.flatMap((batch) =>
      Array.from({ length: batch.rowCount }, (_, row) =>
        rows.fields.map(({ type }, i) => cellText(type, batch.columns[i], row) ?? 'null'),
      ),
    );
    await write(surroundings.stdout, `${textTable(columns, cells).join('\n')}\n`);
    return;
  }
}

function noteLosses({ client, note }: TailOptions): () => void {
  let isLost = false;
  return client.onState((state) => {
    if (state === 'reconnecting' && !isLost) note('the connection is lost; trying again');
    if (state === 'live' && isLost) note('connected again');
    isLost = state === 'reconnecting';
  });
}
