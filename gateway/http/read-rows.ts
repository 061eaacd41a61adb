import { cellJson, cellText } from '../../protocol/arrow/cell-text.ts';
import type { Field } from '../../protocol/arrow/data-type.ts';
import type { Batch } from '../../protocol/arrow/vector.ts';
import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import { batchPieces } from './batch-pieces.ts';

/** Rows to be sent, gone through once: they do not change any more, whatever commits come meanwhile. */
export interface Rows {
  readonly fields: readonly Field[];
  readonly batches: Iterable<Batch>;
}

/** How each format is written: chunks of a bounded size, which are made when they are asked for. */
export const FORMATS = {
  arrow: { contentType: 'application/vnd.apache.arrow.stream', write: arrowChunks },
  json: { contentType: 'application/json; charset=utf-8', write: jsonChunks },
  csv: { contentType: 'text/csv; charset=utf-8', write: csvChunks },
} as const;
export type Format = keyof typeof FORMATS;

/** Text is handed on in chunks of about this many characters, so that other work has its turn between. */
const CHUNK_CHARACTERS = 64 * 1024;
/** One record batch of an Arrow stream. */
const MAX_BATCH = { bytes: 1024 * 1024, rows: 1 << 16 };
/** Arrow IPC: `0xFFFFFFFF 00000000` ends a stream. */
const END_OF_STREAM_BYTES = 8;

/** The schema, one record batch a chunk, the end of the stream. */
function* arrowChunks({ fields, batches }: Rows): Generator<Uint8Array> {
  const writer = new IpcWriter(fields);
  const empty = writer.stream([]);
  const schemaBytes = empty.length - END_OF_STREAM_BYTES;
  yield empty.subarray(0, schemaBytes);
  for (const batch of batches) {
    for (const piece of batchPieces(fields, batch, MAX_BATCH)) {
      const stream = writer.stream([piece]);
      yield stream.subarray(schemaBytes, stream.length - END_OF_STREAM_BYTES);
    }
  }
  yield empty.subarray(schemaBytes);
}

function* jsonChunks({ fields, batches }: Rows): Generator<string> {
  const names = fields.map((field, i) => `${i === 0 ? '{' : ','}${JSON.stringify(field.name)}:`);
  let text = '[';
  let first = true;
  for (const batch of batches) {
    for (let row = 0; row < batch.rowCount; row++) {
      if (!first) text += ',';
      first = false;
      fields.forEach((field, i) => {
        text += names[i]! + cellJson(field.type, batch.columns[i], row);
      });
      text += fields.length === 0 ? '{}' : '}';
      if (text.length > CHUNK_CHARACTERS) {
        yield text;
        text = '';
      }
    }
  }
  yield `${text}]`;
}

/** RFC 4180 with a header line and \n; an empty cell is null, `""` is empty text; of a single column null is `""` too, for readers skip blank lines. */
function* csvChunks({ fields, batches }: Rows): Generator<string> {
  let text = `${fields.map((field) => quoted(field.name)).join(',')}\n`;
  for (const batch of batches) {
    for (let row = 0; row < batch.rowCount; row++) {
      fields.forEach((field, i) => {
        if (i > 0) text += ',';
        const cell = cellText(field.type, batch.columns[i], row);
        if (cell !== null) text += quoted(cell);
        else if (fields.length === 1) text += '""';
      });
      text += '\n';
      if (text.length > CHUNK_CHARACTERS) {
        yield text;
        text = '';
      }
    }
  }
  yield text;
}

function quoted(cell: string): string {
  return cell === '' || /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
