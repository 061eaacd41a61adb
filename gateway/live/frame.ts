/**
 * WebSocket frames as a server sends them: whole messages, unmasked (RFC 6455, section 5.2). One frame, made once, is
 * written to every viewer that it is for.
 */
const FIN = 0x80;
const TEXT = 0x1;
const BINARY = 0x2;

export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([header(TEXT, payload.length), payload]);
}

/** A frame for so many bytes; the payload is still to be written, all of it. */
export function emptyBinaryFrame(byteLength: number): {
  readonly frame: Buffer;
  readonly payload: Uint8Array;
} {
  const head = header(BINARY, byteLength);
  const frame = Buffer.allocUnsafe(head.length + byteLength);
  frame.set(head);
  return { frame, payload: new Uint8Array(frame.buffer, frame.byteOffset + head.length, byteLength) };
}

function header(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([FIN | opcode, length]);
  if (length < 65_536) {
    const head = Buffer.from([FIN | opcode, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return head;
  }
  const head = Buffer.alloc(10);
  head[0] = FIN | opcode;
  head[1] = 127;
  head.writeUIntBE(length, 4, 6);
  return head;
}

export function heartbeatFrame(version: number): Buffer {
  return textFrame(JSON.stringify({ type: 'heartbeat', version }));
}
