import { TablecastError } from '../../../protocol/errors.ts';
import { type LogRecord, prepareRecord, readRecord } from '../log-record.ts';

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

/** Chunks that are taken from in other sizes. */
class PendingBytes {
  #chunks: Uint8Array[] = [];
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#byteLength += chunk.length;
  }

  /** As many bytes, in a buffer of their own. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(byteLength);
    let at = 0;
    let used = 0;
    while (at < byteLength) {
      const chunk = this.#chunks[used]!;
      const part = chunk.subarray(0, byteLength - at);
      bytes.set(part, at);
      at += part.length;
      if (part.length === chunk.length) used++;
      else this.#chunks[used] = chunk.subarray(part.length);
    }
    this.#chunks.splice(0, used);
    this.#byteLength -= byteLength;
    return bytes;
  }
}
