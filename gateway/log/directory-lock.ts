import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TablecastError } from '../../protocol/errors.ts';

/** Paths of Unix sockets are shorter than this everywhere (sockaddr_un). */
const MAX_SOCKET_PATH_BYTES = 100;

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Holds a directory as long as this process lives: by a socket that it listens on, which the operating system closes
 * however the process ends. So a lock is never left behind, unlike a file with a process's number, which may be another's
 * by now or mean nothing in another container. Two that start at the same moment may both get it; the log's own mark of
 * its owner decides then.
 *
 * @throws TablecastError `data_dir_in_use`
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  for (const path of socketPaths(directory)) {
    if (await isAnswered(path)) {
      throw new TablecastError(
        'data_dir_in_use',
        `Another gateway uses the data directory ${directory}; end it, or give --data-dir another one.`,
      );
    }
    const server = await listen(path);
    if (server !== null) return { release: () => close(server) };
  }
  // No socket can be made here; the log's own mark is left.
  return { release: async () => {} };
}

/** In the directory, or where that is too long or cannot hold sockets, among temporary files. */
function socketPaths(directory: string): string[] {
  const real = realpathSync(directory);
  const name = `tablecast-${createHash('sha256').update(real).digest('hex').slice(0, 16)}`;
  if (process.platform === 'win32') return [`\\\\.\\pipe\\${name}`];
  const paths = [join(real, 'gateway.sock'), join(tmpdir(), `${name}.sock`)];
  return paths.filter((path) => Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => finish(true)).once('error', () => finish(false));
  });
}

function listen(path: string): Promise<Server | null> {
  if (process.platform !== 'win32') rmSync(path, { force: true });
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
