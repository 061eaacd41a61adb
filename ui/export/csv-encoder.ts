import type { ExportSource, RowEncoder } from './row-encoder.ts';
import { TextParts } from './text-parts.ts';

/**
 * As the gateway writes CSV: RFC 4180 with a header line and \n; an empty cell is null, `""` is empty text; of a single
 * column null is `""` too, for readers skip blank lines.
 */
export function createCsvEncoder({ table, columns }: ExportSource): RowEncoder {
  const file = new TextParts();
  const names = columns.map((column) => quoted(table.fields[column]!.name));
  const missing = columns.length === 1 ? '""' : '';
  file.add(`${names.join(',')}\n`);
  return {
    write(rows) {
      for (const row of rows) {
        const cells = columns.map((column) => {
          const text = table.text(row, column);
          return text === null ? missing : quoted(text);
        });
        file.add(`${cells.join(',')}\n`);
      }
    },
    finish: () => file.finish('text/csv;charset=utf-8'),
  };
}

function quoted(cell: string): string {
  return cell === '' || /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
