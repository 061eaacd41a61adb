import type { ExportSource, RowEncoder } from './row-encoder.ts';
import { TextParts } from './text-parts.ts';

/** As the gateway writes JSON: an array of records, integers with all their digits. */
export function createJsonEncoder({ table, columns }: ExportSource): RowEncoder {
  const file = new TextParts();
  const names = columns.map((column) => JSON.stringify(table.fields[column]!.name));
  let separator = '[';
  return {
    write(rows) {
      for (const row of rows) {
        const members = columns.map((column, i) => `${names[i]}:${table.json(row, column)}`);
        file.add(`${separator}{${members.join(',')}}`);
        separator = ',';
      }
    },
    finish() {
      file.add(separator === '[' ? '[]' : ']');
      return file.finish('application/json;charset=utf-8');
    },
  };
}
