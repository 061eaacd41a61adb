import { IpcWriter } from '../../protocol/arrow/write-ipc.ts';
import type { ExportSource, RowEncoder } from './row-encoder.ts';

/** Arrow IPC: `0xFFFFFFFF 00000000` ends a stream. */
const END_OF_STREAM_BYTES = 8;
/** Rows are gathered into record batches of about this many. */
const BATCH_ROWS = 1 << 14;

/** An Arrow IPC stream: the schema, record batches, the end. */
export function createArrowEncoder({ table, columns }: ExportSource): RowEncoder {
  const writer = new IpcWriter(columns.map((column) => table.fields[column]!));
  const empty = writer.stream([]);
  const schemaBytes = empty.length - END_OF_STREAM_BYTES;
  const parts: Blob[] = [new Blob([empty.subarray(0, schemaBytes)])];
  const waiting: Uint32Array[] = [];
  let waitingRows = 0;

  function flush(): void {
    if (waitingRows === 0) return;
    const rows = new Uint32Array(waitingRows);
    let at = 0;
    for (const some of waiting.splice(0)) {
      rows.set(some, at);
      at += some.length;
    }
    waitingRows = 0;
    const stream = writer.stream([table.gather(columns, rows)]);
    parts.push(new Blob([stream.subarray(schemaBytes, stream.length - END_OF_STREAM_BYTES)]));
  }

  return {
    write(rows) {
      waiting.push(rows);
      waitingRows += rows.length;
      if (waitingRows >= BATCH_ROWS) flush();
    },
    finish() {
      flush();
      return new Blob([...parts, empty.subarray(schemaBytes)], {
        type: 'application/vnd.apache.arrow.stream',
      });
    },
  };
}
