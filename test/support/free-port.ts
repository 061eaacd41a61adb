import { createServer } from 'node:net';

// Below the ranges from which systems take the ports of outgoing connections, so that none is taken between asking and using.
const firstPort = 20_000;
const portCount = 12_000;
/** Test files that run at the same time take their ports from parts of their own, for what is asked for is not used yet. */
const partCount = 8;
const partSize = portCount / partCount;
const handedOut = new Set<number>();

/** A TCP port on 127.0.0.1 that nobody listens on and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = firstPort + ownPart() * partSize + Math.floor(Math.random() * partSize);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await canListen(port)) return port;
  }
  throw new Error('No free port found on 127.0.0.1');
}

/** The same as a ZeroMQ address. */
export async function freeAddress(): Promise<string> {
  return `tcp://127.0.0.1:${await freePort()}`;
}

/** By the number that vitest gives each of its workers, from 1 on. */
function ownPart(): number {
  return Number(process.env.VITEST_POOL_ID ?? 0) % partCount;
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
