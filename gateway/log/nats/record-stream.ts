import { TablecastError } from '../../../protocol/errors.ts';
import { type LogRecord, prepareRecord, readRecord } from '../log-record.ts';
import { PendingBytes } from '../pending-bytes.ts';

/** Before each record: its bytes (32 bits, little-endian), and 4 of nothing. */
const PREFIX_BYTES = 8;

/** Records one after the other as bytes; each is made when there is room for it. */
export function writeRecords(records: Iterator<LogRecord, void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const { value, done } = records.next();
      if (done === true) return controller.close();
      const record = prepareRecord(value);
      const bytes = new Uint8Array(PREFIX_BYTES + record.byteLength);
      new DataView(bytes.buffer).setUint32(0, record.byteLength, true);
      record.writeTo(bytes.subarray(PREFIX_BYTES));
      controller.enqueue(bytes);
    },
  });
}

/**
 * Calls for each record in turn.
 *
 * @throws TablecastError `log_damaged`
 */
export async function readRecords(
  stream: AsyncIterable<Uint8Array>,
  take: (record: LogRecord) => void,
): Promise<void> {
  const pending = new PendingBytes();
  let length: number | null = null;
  for await (const chunk of stream) {
    pending.push(chunk);
    for (;;) {
      const wanted: number = length ?? PREFIX_BYTES;
      if (pending.byteLength < wanted) break;
      const bytes = pending.take(wanted);
      if (length === null) {
        length = new DataView(bytes.buffer).getUint32(0, true);
        continue;
      }
      length = null;
      take(readRecord(bytes));
    }
  }
  if (length === null && pending.byteLength === 0) return;
  throw new TablecastError('log_damaged', 'A snapshot of the shared log ends within a record.');
}
