// As many HTTP requests as a server answers: keep-alive connections, each with one request under way.
import { connect } from 'node:net';
import { sharedNowMs } from '../lib/clock.mjs';
import { serveParent } from '../lib/serve-parent.mjs';

const endOfHead = '\r\n\r\n';

/** Bytes of the response, -1 while its head is not whole. @param {Buffer} bytes */
function responseLength(bytes) {
  const end = bytes.indexOf(endOfHead);
  if (end < 0) return -1;
  const head = bytes.latin1Slice(0, end);
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(head);
  return end + endOfHead.length + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
}

/** @param {{ port: number, path: string, onAnswer: () => boolean }} options `onAnswer`: whether to ask again */
function ask({ port, path, onAnswer }) {
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('close', resolve);
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const length = responseLength(received);
      if (length < 0 || received.length < length) return;
      received = received.subarray(length);
      if (onAnswer()) socket.write(request);
      else socket.destroy();
    });
    socket.write(request);
  });
}

serveParent({
  /** @param {{ port: number, path: string, connections: number, count: number }} options */
  async load({ port, path, connections, count }) {
    let answered = 0;
    const onAnswer = () => {
      answered += 1;
      return answered < count;
    };
    const startedAtMs = sharedNowMs();
    await Promise.all(Array.from({ length: connections }, () => ask({ port, path, onAnswer })));
    return { perSecond: (answered * 1000) / (sharedNowMs() - startedAtMs) };
  },
});
