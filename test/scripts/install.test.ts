import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdsAll, isInstalled, npmCommand } from '../../scripts/prepare/install.mjs';

const locked = { packages: { '': { version: '0.1.0' }, 'node_modules/a': { version: '1.0.0' } } };

describe('the installed packages', () => {
  let root: string;

  function writeLocks(wanted: object, installed: object | null): void {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(wanted));
    if (installed === null) return;
    const path = join(root, 'node_modules', '.package-lock.json');
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(path, JSON.stringify(installed));
    utimesSync(path, new Date(0), new Date(0));
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tablecast-install-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are missing where npm has not finished', () => {
    writeLocks(locked, null);
    expect(isInstalled(root)).toBe(false);
  });

  it('are taken as they are where only the date of the lock file is newer', () => {
    writeLocks(locked, locked);
    expect(isInstalled(root)).toBe(true);
  });

  it('are out of date where the lock file names another version', () => {
    writeLocks(locked, { packages: { 'node_modules/a': { version: '0.9.0' } } });
    expect(isInstalled(root)).toBe(false);
  });

  it('are out of date where the lock file names one more', () => {
    expect(holdsAll(locked, { packages: {} })).toBe(false);
  });

  it('need no binaries for other platforms', () => {
    const optional = { packages: { 'node_modules/b-win32': { version: '1.0.0', optional: true } } };
    expect(holdsAll(optional, { packages: {} })).toBe(true);
  });
});

describe('npm', () => {
  const cases: readonly [string, string | undefined, string, object][] = [
    [
      'itself, where it runs the script',
      '/lib/npm/bin/npm-cli.js',
      'linux',
      { command: process.execPath, args: ['/lib/npm/bin/npm-cli.js'], shell: false },
    ],
    [
      'itself, on Windows',
      'C:\\npm\\bin\\npm-cli.js',
      'win32',
      { command: process.execPath, args: ['C:\\npm\\bin\\npm-cli.js'], shell: false },
    ],
    [
      'that of the PATH, where nothing is said',
      undefined,
      'darwin',
      { command: 'npm', args: [], shell: false },
    ],
    [
      'that of the PATH, where another package manager runs the script',
      '/lib/pnpm.cjs',
      'linux',
      { command: 'npm', args: [], shell: false },
    ],
    ['the batch file, on Windows', undefined, 'win32', { command: 'npm.cmd', args: [], shell: true }],
  ];

  it.each(cases)('is %s', (_title, npmExecPath, platform, expected) => {
    expect(npmCommand(npmExecPath, platform)).toEqual(expected);
  });
});
