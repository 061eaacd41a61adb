import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface SlowLine {
  readonly port: number;
  /** Connections taken so far. */
  readonly connections: number;
  /** Towards whoever connects. */
  bytesPerSecond: number;
  /** Nothing more goes over the connections that there are, either way, and they do not end; new ones are taken. */
  freezeAll(): void;
  close(): void;
}

/** Passes bytes on to a port of this machine, both ways, as slowly as wanted. */
export async function openSlowLine(port: number): Promise<SlowLine> {
  const open = new Set<{ readonly near: Socket; readonly far: Socket; isFrozen: boolean }>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const line = { near, far, isFrozen: false };
    open.add(line);
    taken++;
    const pass = (from: Socket, to: Socket, delayMs: (bytes: number) => number) => {
      from.on('error', () => {});
      from.on('close', () => {
        if (!line.isFrozen) to.destroy();
      });
      from.on('data', (bytes) => {
        if (line.isFrozen) return;
        to.write(bytes);
        from.pause();
        setTimeout(() => from.resume(), delayMs(bytes.length)).unref();
      });
    };
    pass(near, far, () => 0);
    pass(far, near, (bytes) => (bytes / slow.bytesPerSecond) * 1000);
  });
  let taken = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const slow: SlowLine = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get connections() {
      return taken;
    },
    bytesPerSecond: Number.POSITIVE_INFINITY,
    freezeAll() {
      for (const line of open) line.isFrozen = true;
    },
    close() {
      server.close();
      for (const { near, far } of open) {
        near.destroy();
        far.destroy();
      }
    },
  };
  return slow;
}
