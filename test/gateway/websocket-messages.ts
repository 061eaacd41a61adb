const TEXT = 0x1;
const BINARY = 0x2;

export interface WebSocketMessage {
  readonly isBinary: boolean;
  readonly payload: Buffer;
}

/**
 * The messages in bytes that end where a message ends: whole, unmasked frames (RFC 6455, section 5.2).
 *
 * @throws Error where the bytes are anything else
 */
export function webSocketMessages(bytes: Buffer): WebSocketMessage[] {
  const messages: WebSocketMessage[] = [];
  for (let at = 0; at < bytes.length; ) {
    const opcode = bytes[at]! & 0x0f;
    if ((bytes[at]! & 0xf0) !== 0x80 || (opcode !== TEXT && opcode !== BINARY))
      throw new Error(`A frame begins with the byte ${bytes[at]}.`);
    const short = bytes[at + 1]!;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      head === 2 ? short : head === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    const payload = bytes.subarray(at + head, at + head + length);
    if (payload.length < length) throw new Error('A frame is cut short.');
    messages.push({ isBinary: opcode === BINARY, payload });
    at += head + length;
  }
  return messages;
}
