// What --data-dir costs publications, and how long a gateway takes to read its log again.
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLine } from '../lib/bus-line.mjs';
import { markerTopic } from '../lib/bus-messages.mjs';
import { withChildren } from '../lib/child.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';

const cacheFolder = fileURLToPath(new URL('../../.cache/', import.meta.url));
const rows = 10_000;
const header = { op: 'append', retention: { max_rows: 1_000_000 } };

/** @type {import('../lib/case.mjs').BenchCase} */
export const durable = {
  name: 'durable',
  about: 'publications into a --data-dir, against memory and the bare disk; reading 1 GB of log again',
  isLong: true,
  async run(context) {
    mkdirSync(cacheFolder, { recursive: true });
    const folder = mkdtempSync(join(cacheFolder, 'durable-'));
    try {
      return [await intake(context, folder), await recovery(context, folder)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context @param {string} folder */
function intake({ rounds, smoke, profile, note }, folder) {
  const count = smoke ? 20 : 1500;
  return withChildren({ profile }, async (start) => {
    const sender = start('publisher');
    const messageBytes = await sender.call('load', { rows, key: 'none', keys: 0, pool: smoke ? 2 : 32 });
    note(`${count} messages of ${messageBytes} bytes per round`);
    const line = (/** @type {object} */ config) =>
      openLine(sender, start('gateway'), (address) => ({ connect: [address], ...config }));
    const memory = await line({});
    const interval = await line({ dataDir: join(folder, 'interval'), sync: 'interval' });
    const always = await line({ dataDir: join(folder, 'always'), sync: 'always' });
    const burst = async (/** @type {import('../lib/bus-line.mjs').BusLine} */ { address, receiver }) => {
      await receiver.call('arm', markerTopic);
      await receiver.call('usage');
      const startedAtMs = await sender.call('burst', { address, header, count });
      const tookMs = (await receiver.call('reached', markerTopic)) - startedAtMs;
      const { longestPauseMs, cpuPercent } = await receiver.call('usage');
      return { rowsPerSecond: (count * rows * 1000) / tookMs, longestPauseMs, cpuPercent };
    };
    const figures = await race({
      rounds,
      contenders: {
        interval: () => burst(interval),
        always: () => burst(always),
        memory: () => burst(memory),
        disk: async () => ({ rowsPerSecond: writeFile(join(folder, 'file'), messageBytes, count) }),
      },
    });
    const { rejected } = await interval.receiver.call('counts');
    if (rejected.length > 0) throw new Error(`The gateway rejected publications: ${rejected[0]}`);
    const [ours, others] = [figures.interval.rowsPerSecond, [figures.memory, figures.disk]];
    return result({
      name: 'durable-intake',
      unit: 'rows/s with --sync interval',
      ours,
      peers: {
        lesser: Math.min(...others.map(({ rowsPerSecond }) => rowsPerSecond)),
        memory: figures.memory.rowsPerSecond,
        disk: figures.disk.rowsPerSecond,
        always: figures.always.rowsPerSecond,
      },
      goal: { lesser: '>= 0.5' },
      detail: {
        megabytesPerSecond: (ours / rows) * (messageBytes / 1e6),
        longestPauseMs: figures.interval.longestPauseMs,
        alwaysLongestPauseMs: figures.always.longestPauseMs,
        memoryLongestPauseMs: figures.memory.longestPauseMs,
        cpuPercent: figures.interval.cpuPercent,
      },
    });
  });
}

/** One file from its beginning to its end, on the disk. @param {string} path @param {number} bytes @param {number} count */
function writeFile(path, bytes, count) {
  const message = Buffer.alloc(bytes, 7);
  const file = openSync(path, 'w');
  const startedAt = performance.now();
  for (let i = 0; i < count; i += 1) writeSync(file, message);
  fsyncSync(file);
  const tookMs = performance.now() - startedAt;
  closeSync(file);
  rmSync(path);
  return (count * rows * 1000) / tookMs;
}

/** @param {import('../lib/case.mjs').BenchContext} context @param {string} folder */
function recovery({ rounds, smoke, profile, note }, folder) {
  const config = { dataDir: join(folder, 'recovery'), sync: 'interval', snapshotBytes: 2 ** 50 };
  const wantedBytes = smoke ? 2e6 : 1e9;
  return withChildren({ profile }, async (start) => {
    const first = start('gateway');
    await first.call('start', config);
    let bytes = 0;
    const parts = [
      { table: 'appended', header, data: { rows, key: 'none', keys: 0 } },
      {
        table: 'keyed',
        header: { op: 'upsert', key: ['k'] },
        data: { rows: 100, key: 'int32', keys: 100_000 },
      },
    ];
    while (bytes < wantedBytes)
      for (const part of parts)
        bytes += await first.call('fill', { ...part, commits: part.table === 'keyed' ? 400 : 40 });
    await first.call('stop');
    await first.close();
    note(`${(bytes / 1e6).toFixed(0)} MB are logged`);
    const figures = await race({
      rounds,
      warmUp: false,
      contenders: {
        ours: async () => {
          const again = start('gateway');
          await again.call('counts').catch(() => {});
          const startedAt = performance.now();
          await again.call('start', config);
          const seconds = (performance.now() - startedAt) / 1000;
          await again.call('stop');
          await again.close();
          return { seconds };
        },
      },
    });
    const { seconds } = figures.ours;
    return result({
      name: 'durable-recovery',
      unit: 's for 1 GB of log',
      ours: (seconds * 1e9) / Math.max(bytes, smoke ? bytes : 1e9),
      peers: {},
      goal: { ours: '<= 10' },
      detail: { seconds, megabytes: bytes / 1e6, megabytesPerSecond: bytes / 1e6 / seconds },
    });
  });
}
