import { createServer } from 'node:net';

/** @returns {Promise<number>} a loopback port that was free just now */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

/** @returns {Promise<string>} for ZeroMQ */
export async function freeAddress() {
  return `tcp://127.0.0.1:${await freePort()}`;
}
