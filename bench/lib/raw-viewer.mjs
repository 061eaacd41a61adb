// A WebSocket client that costs next to nothing: it reads into a buffer shared by all, and counts.
import { connect } from 'node:net';
import { FrameCounter } from './frame-counter.mjs';

const sharedBuffer = Buffer.allocUnsafe(256 * 1024);
const endOfHandshake = '\r\n\r\n';

/**
 * @typedef {object} RawViewer
 * @property {FrameCounter} counter
 * @property {() => void} pause stops reading
 * @property {() => void} close
 *
 * @typedef {object} ViewerTarget
 * @property {number} port
 * @property {string} path
 * @property {string} [protocol]
 * @property {string | null} [hello] a text message to begin with
 */

/**
 * @param {ViewerTarget} target
 * @param {{ onCount: () => void, onEnd?: () => void }} listeners `onCount`: something came
 * @returns {Promise<RawViewer>} once the handshake is through
 */
export function connectRawViewer({ port, path, protocol, hello }, { onCount, onEnd = () => {} }) {
  const counter = new FrameCounter();
  return new Promise((resolve, reject) => {
    let handshake = '';
    let isOpen = false;
    /** @param {number} length @param {Buffer} bytes */
    const read = (length, bytes) => {
      if (isOpen) counter.add(bytes, length);
      else {
        handshake += bytes.latin1Slice(0, length);
        const end = handshake.indexOf(endOfHandshake);
        if (end < 0) return true;
        if (!handshake.startsWith('HTTP/1.1 101')) {
          reject(new Error(`No WebSocket: ${handshake.slice(0, 200)}`));
          return true;
        }
        isOpen = true;
        const rest = Buffer.from(handshake.slice(end + endOfHandshake.length), 'latin1');
        counter.add(rest, rest.length);
        if (hello) socket.write(maskedText(hello));
        resolve({ counter, pause: () => void socket.pause(), close: () => void socket.destroy() });
      }
      onCount();
      return true;
    };
    const socket = connect({ port, host: '127.0.0.1', onread: { buffer: sharedBuffer, callback: read } });
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.once('close', onEnd);
    socket.write(request({ port, path, protocol }));
  });
}

/** @param {ViewerTarget} target */
function request({ port, path, protocol }) {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGFibGVjYXN0IGJlbmNoIQ==',
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
  ];
  return lines.join('\r\n') + endOfHandshake;
}

/** A client's frames are masked; with a mask of zeros the payload stays as it is. @param {string} text */
function maskedText(text) {
  const payload = Buffer.from(text);
  if (payload.length >= 126) throw new RangeError('The first message has more than 125 bytes');
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
