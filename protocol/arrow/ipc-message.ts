import { TablecastError } from '../errors.ts';
import { FlatTable } from './flat-table.ts';

/** `MessageHeader` of `Message.fbs`. */
export const HEADER = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;

/** `MetadataVersion` of `Schema.fbs`; unions had a validity bitmap before V5. */
export const METADATA_V4 = 3;
export const METADATA_V5 = 4;

/** One encapsulated message: its metadata and its body. */
export interface IpcMessage {
  readonly version: number;
  readonly headerType: number;
  readonly header: FlatTable;
  readonly body: Uint8Array;
}

/** Begins every message since Arrow 0.15. */
export const CONTINUATION = 0xffffffff;
/** More than any schema needs; text that is no Arrow at all reads as a larger length. */
const MAX_METADATA_BYTES = 256 * 1024 * 1024;

/**
 * The encapsulated message at `position` (IPC format, "Encapsulated message format"), the framing before Arrow 0.15
 * included, which has no continuation marker.
 *
 * @returns the message and where the next begins; `message` is null at the end-of-stream marker
 * @throws TablecastError `arrow_truncated`, `arrow_invalid`, `not_arrow`
 */
export function readMessage(
  bytes: Uint8Array,
  position: number,
): { message: IpcMessage | null; next: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const need = (end: number, what: string) => {
    if (end > bytes.length) {
      throw new TablecastError(
        'arrow_truncated',
        `The Arrow data ends at byte ${bytes.length}, inside ${what} that begins at byte ${position}.`,
      );
    }
  };
  need(position + 4, "a message's length");
  let at = position;
  let metadataBytes = view.getUint32(at, true);
  at += 4;
  if (metadataBytes === CONTINUATION) {
    need(at + 4, "a message's length");
    metadataBytes = view.getUint32(at, true);
    at += 4;
  }
  if (metadataBytes === 0) return { message: null, next: at };
  if (metadataBytes > MAX_METADATA_BYTES) throw new TablecastError('not_arrow', notArrow(position));
  need(at + metadataBytes, "a message's metadata");
  const metadata = FlatTable.root(bytes.subarray(at, at + metadataBytes));
  at += metadataBytes;
  const bodyBytes = metadata.int64(3);
  if (bodyBytes < 0)
    throw new TablecastError('arrow_invalid', `The message at byte ${position} has a negative body length.`);
  need(at + bodyBytes, "a message's body");
  const header = metadata.table(2);
  if (header === null) throw new TablecastError('not_arrow', notArrow(position));
  const message = {
    version: metadata.int16(0),
    headerType: metadata.uint8(1),
    header,
    body: bytes.subarray(at, at + bodyBytes),
  };
  return { message, next: at + bodyBytes };
}

export function notArrow(position: number): string {
  return `The bytes from ${position} on are no Arrow IPC message; publish an Arrow IPC stream or file.`;
}
