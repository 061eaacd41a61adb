import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createLocalLogStore } from '../../gateway/log/local-log-store.ts';
import type { LogStore } from '../../gateway/log/log-store.ts';
import type { OpenLogOptions } from '../../gateway/log/open-log.ts';
import { verifyLog } from '../../gateway/log/verify-log.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { LogDirectories } from './log-directories.ts';

const directories = new LogDirectories();
const newPath = () => directories.newPath();
const openAt = (path: string, more: Partial<OpenLogOptions> = {}) => directories.open(path, more);
afterEach(() => directories.closeLogs());
afterAll(() => directories.remove());

/** A disk that stands still, or is full, as long as a test wants it to. */
class Disk {
  isFull = false;
  /** Whether a write that is said to have failed is there all the same. */
  liesAboutFailing = false;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#open();
  }

  readonly createStore = (options: {
    readonly path: string;
    readonly sync: 'always' | 'interval';
  }): LogStore => {
    const store = createLocalLogStore(options);
    return {
      ...store,
      write: async (job) => {
        await this.#gate;
        if (this.isFull) throw new TablecastError('log_write_failed', 'The disk is full.');
        await store.write(job);
        if (this.liesAboutFailing) throw new TablecastError('log_write_failed', 'The disk says nothing.');
      },
    };
  };
}

const codesOf = (outcomes: readonly object[]) =>
  outcomes.map((outcome) => ('error' in outcome ? (outcome.error as TablecastError).code : 'taken'));

describe('a disk that fails', () => {
  test('what was rejected beside a publication that could not be stored is not told of a later table', async () => {
    const disk = new Disk();
    const tables = await openAt(newPath(), disk);
    disk.isFull = true;
    disk.hold();
    const outcome = tables.publish('t', [{ n: 1 }]);
    tables.intake.takeMessages([{ source: 'pull', frames: [Buffer.from('t'), Buffer.from('no Arrow')] }]);
    disk.release();
    expect(codesOf([await outcome])).toEqual(['log_write_failed']);
    disk.isFull = false;
    expect(codesOf([await tables.publish('t', [{ n: 1 }])])).toEqual(['taken']);
    expect(tables.store.table('t').lastError).toBeNull();
    expect(tables.rejections.list).toMatchObject([{ code: 'not_arrow', table: 't' }]);
  });

  test('what could not be stored, and all that counted on it, is refused and touches nothing', async () => {
    const disk = new Disk();
    const tables = await openAt(newPath(), disk);
    await tables.publish('t', [{ k: 'a', n: 1 }], { key: ['k'] });
    const before = tables.state();
    disk.isFull = true;
    disk.hold();
    const outcomes = [
      tables.publish('t', [{ n: 'another type' }], { op: 'replace', key: ['n'] }),
      tables.publish('new', [{ n: 1 }]),
      tables.commit({ type: 'drop', table: 't' }),
      // These fit only what the ones before would have made.
      tables.publish('t', [{ t: true }], { op: 'append' }),
      tables.publish('new', [{ n: 2 }], { op: 'append' }),
    ];
    tables.intake.takeMessages([{ source: 'pull', frames: [Buffer.from('new'), fromValues([{ n: 3 }])] }]);
    disk.release();
    expect(codesOf(await Promise.all(outcomes))).toEqual(Array(5).fill('log_write_failed'));
    expect(tables.rejections.list).toMatchObject([
      { code: 'log_write_failed', source: 'pull', table: 'new' },
    ]);
    expect(tables.state()).toEqual(before);

    disk.isFull = false;
    const after = await Promise.all([
      tables.publish('t', [{ k: 'b', n: 2 }]),
      tables.publish('new', [{ other: 'columns' }], { op: 'append' }),
    ]);
    expect(codesOf(after)).toEqual(['taken', 'taken']);
    expect(tables.store.table('t').live.rowCount).toBe(2);
  });

  test('what was refused does not come back, even where the disk has stored it', async () => {
    const path = newPath();
    const disk = new Disk();
    const tables = await openAt(path, disk);
    await tables.publish('t', [{ n: 1 }], { op: 'append' });
    disk.liesAboutFailing = true;
    expect(codesOf([await tables.publish('t', [{ n: 2 }], { op: 'append' })])).toEqual(['log_write_failed']);
    disk.liesAboutFailing = false;
    await tables.publish('t', [{ n: 3 }], { op: 'append' });
    const before = tables.state();
    await tables.log.close();
    const again = await openAt(path);
    expect(again.state()).toEqual(before);
    expect([...again.store.table('t').live.numbers(0, 0, 9)].slice(0, 2)).toEqual([1, 3]);
  });

  test('while it is slow the log is full beyond its limit, and has room again afterwards', async () => {
    const disk = new Disk();
    const tables = await openAt(newPath(), { ...disk, createStore: disk.createStore, maxWaitingBytes: 5000 });
    disk.hold();
    const waiting: Promise<object>[] = [];
    while (!tables.log.isFull) waiting.push(tables.publish('t', [{ n: 1 }], { op: 'append' }));
    expect(waiting.length).toBeGreaterThan(2);
    let hasRoom = false;
    const room = tables.log.room().then(() => {
      hasRoom = true;
    });
    await new Promise(setImmediate);
    expect(hasRoom).toBe(false);
    expect(tables.store.version).toBe(0);
    disk.release();
    await room;
    await Promise.all(waiting);
    expect(tables.store.version).toBe(waiting.length);
  });

  test('a snapshot that finds no room is given up, and the entries with it are stored', async () => {
    const path = newPath();
    const disk = new Disk();
    const faults: unknown[] = [];
    const createStore: typeof disk.createStore = (options) => {
      const store = createLocalLogStore(options);
      const write: LogStore['write'] = async (job) => {
        if (job.snapshot !== null && faults.length < 3)
          throw new TablecastError('log_write_failed', 'No room.');
        await store.write(job);
      };
      return { ...store, write };
    };
    const tables = await openAt(path, {
      createStore,
      minLoggedBytes: 400,
      onFault: (fault) => faults.push(fault),
    });
    for (let i = 0; i < 30; i++)
      expect(codesOf([await tables.publish('t', [{ n: i }], { op: 'append' })])).toEqual(['taken']);
    expect(faults).toHaveLength(3);
    const before = tables.state();
    await tables.log.close();
    const report = await verifyLog(path);
    expect(report).toMatchObject({ damage: null });
    expect(report.snapshotRecords).toBeGreaterThan(0);
    expect((await openAt(path)).state()).toEqual(before);
  });
});

describe('snapshots', () => {
  test('keep the directory about as large as its tables, however long the log was', async () => {
    const path = newPath();
    const tables = await openAt(path, { minLoggedBytes: 100_000 });
    const text = randomBytes(5000).toString('hex');
    for (let i = 0; i < 400; i++)
      await tables.publish('t', [{ k: i % 7, text: text + i }], { key: ['k'], op: 'upsert' });
    const before = tables.state();
    await tables.log.close();
    // 400 publications of 10 kB in a table of 70 kB.
    expect(readFileSync(join(path, 'data.mdb')).length).toBeLessThan(1_500_000);
    expect((await openAt(path)).state()).toEqual(before);
  });

  test('a publication of many megabytes is stored in pieces, and is the same again', async () => {
    const path = newPath();
    const tables = await openAt(path);
    const text = randomBytes(4 * 1024 * 1024).toString('base64');
    await tables.publish('t', [{ text }, { text: text.slice(1) }]);
    const before = tables.state();
    await tables.log.close();
    expect((await openAt(path)).state()).toEqual(before);
  });
});

test('a directory that another gateway has taken over takes no more writes', async () => {
  const path = newPath();
  const stores = [
    createLocalLogStore({ path, sync: 'always' }),
    createLocalLogStore({ path, sync: 'always' }),
  ];
  const job = () => ({
    buffer: new Uint8Array(8),
    entries: { first: 1, spans: [[0, 8]] as const },
    snapshot: null,
    completed: null,
  });
  await stores[0]!.open();
  await stores[1]!.open();
  await expect(stores[0]!.write(job())).rejects.toMatchObject({ code: 'data_dir_in_use' });
  await stores[1]!.write(job());
  for (const store of stores) await store.close();
});
