import { cellText } from '../../protocol/arrow/cell-text.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import type { Rows, TableChange } from '../client/node.ts';

/** A table's changes as a stream of bytes or text, chunk by chunk; `finish` is what stands after the last one. */
export interface ChangeEncoder {
  chunks(change: TableChange): Iterable<string | Uint8Array>;
  finish(): string | Uint8Array;
}

export const CHANGE_FORMATS = ['json', 'csv', 'arrow'] as const;
export type ChangeFormat = (typeof CHANGE_FORMATS)[number];

const CHUNK_CHARACTERS = 64 * 1024;
/** Arrow IPC: `0xFFFFFFFF 00000000` ends a stream. */
const END_OF_STREAM_BYTES = 8;

export function createChangeEncoder(format: ChangeFormat): ChangeEncoder {
  return { json: createJsonLines, csv: createCsvLines, arrow: createArrowStream }[format]();
}

/**
 * One JSON object a line: a row with `_version` and `_op`, which say what becomes of it in a copy. `snapshot`: the copy starts anew,
 * with this row if the line has one; `append`: it comes at the end; `upsert`: it is written by key; `delete`: the row of
 * this key goes; `drop`: the table is gone. After a line with `_drop_first` the first so many rows go. A snapshot of a table with a
 * key names its columns as `_key`.
 */
function createJsonLines(): ChangeEncoder {
  return { chunks: (change) => joined(jsonLines(change)), finish: () => '' };
}

function* jsonLines({ version, op, key, rows, deleted, dropFirst }: TableChange): Generator<string> {
  const start = (name: string): string => `{"_version":${version},"_op":"${name}"`;
  if (op === 'drop') yield `${start('drop')}}\n`;
  for (const row of deleted.json()) yield `${start('delete')}${membersOf(row)}\n`;
  const following = start(key === null ? 'append' : 'upsert');
  const first = start('snapshot') + (key === null ? '' : `,"_key":${JSON.stringify(key)}`);
  if (op === 'snapshot' && rows.length === 0) yield `${first}}\n`;
  let left = rows.length;
  for (const row of rows.json()) {
    const head = op === 'snapshot' && left === rows.length ? first : following;
    left--;
    const tail = left === 0 && dropFirst > 0 ? `,"_drop_first":${dropFirst}` : '';
    yield `${head}${tail}${membersOf(row)}\n`;
  }
  if (rows.length === 0 && dropFirst > 0) yield `${following},"_drop_first":${dropFirst}}\n`;
}

/** What of an object's text follows another's members. */
function membersOf(object: string): string {
  return object === '{}' ? '}' : `,${object.slice(1)}`;
}

/** RFC 4180 as the gateway writes it: the rows as they are written, after a line with the columns' names whenever these are others. */
function createCsvLines(): ChangeEncoder {
  let header = '';
  return {
    *chunks({ op, rows }) {
      if (op === 'drop') return;
      const names = `${rows.fields.map((field) => quoted(field.name)).join(',')}\n`;
      if (names !== header) yield names;
      header = names;
      yield* joined(csvLines(rows));
    },
    finish: () => '',
  };
}

function* csvLines({ fields, batches }: Rows): Generator<string> {
  const missing = fields.length === 1 ? '""' : '';
  for (const batch of batches) {
    for (let row = 0; row < batch.rowCount; row++) {
      const cells = fields.map((field, i) => {
        const text = cellText(field.type, batch.columns[i], row);
        return text === null ? missing : quoted(text);
      });
      yield `${cells.join(',')}\n`;
    }
  }
}

function quoted(cell: string): string {
  return cell === '' || /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** An Arrow IPC stream of the rows as they are written; where the columns become others it ends, and the next one begins. */
function createArrowStream(): ChangeEncoder {
  let schema: Uint8Array | null = null;
  let end: Uint8Array | string = '';
  return {
    *chunks({ op, rows }) {
      if (op === 'drop') return;
      const writer = new IpcWriter(rows.fields);
      const empty = writer.stream([]);
      const begun = empty.subarray(0, empty.length - END_OF_STREAM_BYTES);
      if (schema === null || !isSame(schema, begun)) {
        yield* [end, begun];
        schema = begun;
        end = empty.subarray(begun.length);
      }
      for (const batch of rows.batches) {
        const stream = writer.stream([batch]);
        yield stream.subarray(begun.length, stream.length - END_OF_STREAM_BYTES);
      }
    },
    finish: () => end,
  };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function* joined(lines: Iterable<string>): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
