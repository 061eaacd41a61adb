import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open as openLmdb } from 'lmdb';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { OpenLogOptions } from '../../gateway/log/open-log.ts';
import { verifyLog } from '../../gateway/log/verify-log.ts';
import type { TablecastError } from '../../protocol/errors.ts';
import { LogDirectories } from './log-directories.ts';

const directories = new LogDirectories();
const newPath = () => directories.newPath();
const openAt = (path: string, more: Partial<OpenLogOptions> = {}) => directories.open(path, more);
afterEach(() => directories.closeLogs());
afterAll(() => directories.remove());

/** A closed log of a few entries. */
async function closedLog(more: Partial<OpenLogOptions> = {}): Promise<string> {
  const path = newPath();
  const tables = await openAt(path, more);
  for (let i = 0; i < 30; i++)
    await tables.publish('t', [{ n: i, text: `a needle ${i} `.repeat(500) }], { op: 'append' });
  await tables.log.close();
  return path;
}

const codeOfOpening = (path: string) =>
  openAt(path).then(
    () => 'opened',
    (error: TablecastError) => error.code,
  );

describe('a directory that cannot be used is refused with one line, and not changed', () => {
  const cases: readonly [what: string, code: string, make: () => Promise<string>][] = [
    [
      'a file',
      'bad_data_dir',
      async () => {
        const path = newPath();
        writeFileSync(path, 'a file');
        return path;
      },
    ],
    [
      "another program's data.mdb",
      'bad_data_dir',
      async () => {
        const path = newPath();
        mkdirSync(path);
        writeFileSync(join(path, 'data.mdb'), randomBytes(20_000));
        return path;
      },
    ],
    [
      'a data.mdb that ends too early',
      'data_dir_damaged',
      async () => {
        const path = await closedLog();
        truncateSync(join(path, 'data.mdb'), readFileSync(join(path, 'data.mdb')).length >> 1);
        return path;
      },
    ],
    [
      'a data.mdb of which only the beginning is there',
      'bad_data_dir',
      async () => {
        const path = await closedLog();
        truncateSync(join(path, 'data.mdb'), 100);
        return path;
      },
    ],
    [
      'an entry with a byte that has changed',
      'data_dir_damaged',
      async () => {
        const path = await closedLog();
        const bytes = readFileSync(join(path, 'data.mdb'));
        bytes[bytes.indexOf('a needle 12 ') + 200]! ^= 1;
        writeFileSync(join(path, 'data.mdb'), bytes);
        return path;
      },
    ],
    [
      'an entry that is missing',
      'data_dir_damaged',
      async () => {
        const path = await closedLog();
        const database = openLmdb(path, { noSubdir: false, overlappingSync: false, encoding: 'binary' });
        await database.openDB<Buffer, number[]>('entries', { encoding: 'binary' }).remove([7, 0]);
        await database.close();
        return path;
      },
    ],
    [
      'a later format',
      'bad_data_dir',
      async () => {
        const path = await closedLog();
        const database = openLmdb(path, { noSubdir: false, overlappingSync: false, encoding: 'binary' });
        const meta = database.openDB<unknown, string>('meta', { encoding: 'json' });
        await meta.put('log', { format: 99, epoch: 'e', created_at_ms: 0 });
        await database.close();
        return path;
      },
    ],
  ];

  test.each(cases)('%s: %s', async (what, code, make) => {
    const path = await make();
    const file = path.endsWith('.mdb') ? path : join(path, 'data.mdb');
    const copy = newPath();
    try {
      copyFileSync(file, copy);
    } catch {
      writeFileSync(copy, '');
    }
    const sum = (of: string) => createHash('sha256').update(readFileSync(of)).digest('hex');
    expect(await codeOfOpening(path)).toBe(code);
    // Reading a file that ends too early may end the process: `tablecast log verify` has another one do it.
    if (!what.includes('too early')) expect((await verifyLog(path)).damage).toMatch(/^[^\n]+$/);
    // Opening marks who has opened it; of a log that is read at all the records are the same.
    if (code === 'bad_data_dir' && readFileSync(copy).length > 0) expect(sum(file)).toBe(sum(copy));
    expect(await codeOfOpening(path)).toBe(code);
  });

  test('one that a gateway uses', async () => {
    const path = newPath();
    await openAt(path);
    expect(await codeOfOpening(path)).toBe('data_dir_in_use');
  });

  test('verifying reads it while a gateway writes, and finds nothing wrong', async () => {
    const path = newPath();
    const tables = await openAt(path, { minLoggedBytes: 2000 });
    for (let i = 0; i < 20; i++) await tables.publish('t', [{ n: i }], { op: 'append' });
    expect(await verifyLog(path)).toMatchObject({ damage: null, epoch: tables.log.epoch });
  });
});
