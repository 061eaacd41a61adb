import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { DEFAULT_CONFIG, type GatewayConfig } from '../../gateway/config.ts';
import { feedFrame } from '../../gateway/workers/feed-frames.ts';
import { startWorker } from '../../gateway/workers/worker.ts';
import type { FromWorker } from '../../gateway/workers/worker-message.ts';
import { waitFor } from '../support/wait-for.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function start(config: Partial<GatewayConfig> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-worker-'));
  closing.push(() => rmSync(directory, { recursive: true }));
  const asked: Uint8Array[] = [];
  const feed = new Duplex({
    read() {},
    write(chunk: Uint8Array, _encoding, done) {
      asked.push(chunk);
      done();
    },
  });
  const told: FromWorker[] = [];
  const starting = startWorker({
    start: {
      number: 1,
      config: { ...DEFAULT_CONFIG, workers: 2, ...config },
      epoch: 'epoch',
      pageDirectory: '/there/is/no/page',
      forwardPath: join(directory, 'first'),
      listenPath: join(directory, 'worker'),
    },
    feed,
    logger: pino({ level: 'silent' }),
    tell: (message) => told.push(message),
  });
  return { feed, told, asked, starting };
}

test('a worker says that it is there while it is still sent the tables, and no longer where that fails', async () => {
  const { feed, told, starting } = start();
  await waitFor(() => told.length >= 2, { what: 'two reports' });
  expect(told.slice(0, 2)).toMatchObject([
    { type: 'report', closedConnections: 0 },
    { type: 'report', closedConnections: 0 },
  ]);
  feed.destroy();
  await expect(starting).rejects.toMatchObject({ code: 'shutting_down' });
});

test('a worker says what its viewers have drawn once it has what the first process had when it was asked', async () => {
  const { feed, told, asked, starting } = start();
  feed.push(feedFrame('begun'));
  const worker = await starting;
  closing.push(() => worker.close());
  const drawn = () => told.filter(({ type }) => type === 'drawn');
  worker.take({ type: 'drawn', id: 7, ask: { version: 1, committedAtMs: 0, timeoutMs: 0 } }, undefined);
  await waitFor(() => asked.length > 0, { what: 'it to ask' });
  expect(drawn()).toEqual([]);
  feed.push(feedFrame('mark'));
  await waitFor(() => drawn().length > 0, { what: 'its answer' });
  expect(drawn()).toMatchObject([{ id: 7, times: { tookMs: [], pending: 0, hidden: 0 } }]);
});
