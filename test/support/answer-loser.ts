import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export interface AnswerLoser {
  readonly port: number;
  /** How many answers it has lost: 0 or 1. */
  lost(): number;
  close(): Promise<void>;
}

/** Passes bytes on to a port of this machine, and breaks its first connection off when the answer comes. */
export async function openAnswerLoser(port: number): Promise<AnswerLoser> {
  let lost = 0;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far);
    far.once('data', (answer) => {
      if (lost > 0) {
        near.write(answer);
        far.pipe(near);
        return;
      }
      lost = 1;
      near.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    lost: () => lost,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
