import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../scripts/prepare/project.mjs';

const run = promisify(execFile);
/** npm as the one that runs this, else that of the PATH. */
const npm = (args: string[], cwd: string) => {
  const script = process.env.npm_execpath;
  const [program, first] = script === undefined ? ['npm', []] : [process.execPath, [script]];
  return run(program, [...first, ...args], {
    cwd,
    shell: script === undefined && process.platform === 'win32',
  });
};

/** How long installing may take where npm's cache has nothing. */
export const installTimeoutMs = 240_000;

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

export interface InstalledPackage {
  /** The folder that it was installed into, empty before. */
  readonly directory: string;
  /** The command, as a module. */
  readonly command: string;
  readonly packedBytes: number;
  readonly files: readonly PackedFile[];
  close(): void;
}

/** Packs the project as it is built, and installs that as a user would. */
export async function installPackage(): Promise<InstalledPackage> {
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-package-'));
  const { stdout } = await npm(
    ['pack', '--ignore-scripts', '--json', '--pack-destination', directory, projectRoot],
    directory,
  );
  const [packed] = Object.values(JSON.parse(stdout)) as [{ size: number; files: PackedFile[] }];
  const tarball = readdirSync(directory).find((file) => file.endsWith('.tgz'))!;
  writeFileSync(join(directory, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
  await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`], directory);
  return {
    directory,
    command: join(directory, 'node_modules', 'tablecast', 'scripts', 'tablecast.mjs'),
    packedBytes: packed.size,
    files: packed.files,
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}
