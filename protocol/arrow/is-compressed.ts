import { HEADER, readMessage } from './ipc-message.ts';

/** Before a file's first message stand its magic and two bytes more. */
const FILE_HEAD_BYTES = 8;
const FILE_FIRST_BYTE = 0x41;

/** Whether the first batch of a stream or file is compressed, by its metadata alone; false for what is no Arrow. */
export function isCompressed(bytes: Uint8Array): boolean {
  let at = bytes[0] === FILE_FIRST_BYTE ? FILE_HEAD_BYTES : 0;
  try {
    for (;;) {
      const { message, next } = readMessage(bytes, at);
      if (message === null) return false;
      const { headerType, header } = message;
      const batch = headerType === HEADER.dictionaryBatch ? header.table(1) : header;
      if (headerType !== HEADER.schema) return batch !== null && batch.table(3) !== null;
      at = next;
    }
  } catch {
    // Whoever reads it whole says what is wrong.
    return false;
  }
}
