import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createPrivatePaths } from '../../gateway/workers/private-paths.ts';

const within = mkdtempSync(join(tmpdir(), 'paths-'));
afterAll(() => rmSync(within, { recursive: true }));

describe.skipIf(process.platform === 'win32')('the directory of local sockets', () => {
  test('is this user’s alone, and goes when it is removed', () => {
    const paths = createPrivatePaths(within);
    const directory = dirname(paths.path('first'));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    paths.remove();
    expect(existsSync(directory)).toBe(false);
  });

  test('goes with a process that removes nothing', () => {
    const before = process.listeners('exit');
    const directory = dirname(createPrivatePaths(within).path('first'));
    const [onExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
    process.off('exit', onExit!);
    onExit!(0);
    expect(existsSync(directory)).toBe(false);
  });

  test('is refused where the system would cut the address of a socket', () => {
    const long = join(within, 'x'.repeat(100));
    mkdirSync(long);
    expect(() => createPrivatePaths(long)).toThrow(/set TMPDIR to a shorter path/);
    expect(readdirSync(long)).toEqual([]);
  });
});
