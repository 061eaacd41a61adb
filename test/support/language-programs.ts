import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { pythonVenv } from './python-venv.ts';

/** A command line, to which the arguments of one publication are added. */
export type Program = readonly [command: string, ...args: string[]];

/** How long making all of them may take where TABLECAST_TOOLCHAINS asks for it. */
export const toolchainsTimeoutMs = 900_000;

const cache = (...path: string[]) => join(projectRoot, '.cache', ...path);
/** A copy of the example's folder, for tools write into theirs. */
const copied = (folder: string, ...path: string[]) => cache(folder, 'project', ...path);

interface Recipe {
  readonly folder: string;
  /** The command that has to be there, with what makes it say its version. */
  readonly tool: Program;
  readonly isLong: boolean;
  /** @returns the commands that make it, or why they cannot be given */
  make(): readonly Program[] | string | Promise<readonly Program[] | string>;
  run(): Program;
}

const javaPath = [cache('java', '*'), cache('java')].join(delimiter);
const javaSource = copied('java', 'Publish.java');

const RECIPES = {
  Go: {
    folder: 'go',
    tool: ['go', 'version'],
    isLong: true,
    make: () => [['go', '-C', copied('go'), 'build', '-o', cache('go', 'publish'), '.']],
    run: () => [cache('go', 'publish')],
  },
  Rust: {
    folder: 'rust',
    tool: ['cargo', '--version'],
    isLong: true,
    make: () => [
      ['cargo', 'build', '--manifest-path', copied('rust', 'Cargo.toml'), '--target-dir', cache('rust')],
    ],
    run: () => [cache('rust', 'debug', 'tablecast-publish')],
  },
  Java: {
    folder: 'java',
    tool: ['mvn', '-version'],
    isLong: true,
    make: () => [
      [
        'mvn',
        '-q',
        '-B',
        '-f',
        copied('java', 'pom.xml'),
        'dependency:copy-dependencies',
        `-DoutputDirectory=${cache('java')}`,
      ],
      ['javac', '-cp', cache('java', '*'), '-d', cache('java'), javaSource],
    ],
    run: () => ['java', '--add-opens=java.base/java.nio=ALL-UNNAMED', '-cp', javaPath, 'Publish'],
  },
  'C++': {
    folder: 'cpp',
    tool: ['g++', '--version'],
    isLong: false,
    make: makeCpp,
    run: () => [cache('cpp', 'publish')],
  },
} as const satisfies Record<string, Recipe>;

export type CompiledLanguage = keyof typeof RECIPES;
export const compiledLanguages = Object.keys(RECIPES) as CompiledLanguage[];

/** The example's program, built when its sources changed; a reason, for the test to skip with, where it cannot be here. */
export async function languageProgram(language: CompiledLanguage): Promise<Program | string> {
  const recipe: Recipe = RECIPES[language];
  const [tool, ...version] = recipe.tool;
  if (spawnSync(tool, version, { stdio: 'ignore' }).status !== 0) return `there is no ${tool} here`;
  const stampPath = cache(recipe.folder, '.stamp');
  const stamp = contentOf(join(projectRoot, 'examples', recipe.folder));
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return recipe.run();
  if (recipe.isLong && !process.env.TABLECAST_TOOLCHAINS) {
    return `${language} is built with TABLECAST_TOOLCHAINS=1 alone, for it takes minutes`;
  }
  const commands = await recipe.make();
  if (typeof commands === 'string') return commands;
  rmSync(copied(recipe.folder), { recursive: true, force: true });
  cpSync(join(projectRoot, 'examples', recipe.folder), copied(recipe.folder), { recursive: true });
  for (const [command, ...args] of commands) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stderr}`);
  }
  writeFileSync(stampPath, stamp);
  return recipe.run();
}

/** A hash of what its files say, whenever they were written: a copy of the project may have what another has built. */
function contentOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.\w+$/.test(name) && !name.endsWith('.md'))
      hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}

/** Arrow C++ as pip's pyarrow brings it, where the system has none. */
async function makeCpp(): Promise<readonly Program[] | string> {
  const python = await pythonVenv();
  if (python === null) return 'there is no Python environment here, whose pyarrow has Arrow C++';
  const folders = 'import pyarrow; print(pyarrow.get_include()); print(pyarrow.get_library_dirs()[0])';
  const [include = '', library = ''] = spawnSync(python, ['-c', folders], { encoding: 'utf8' }).stdout.split(
    '\n',
  );
  const name = readdirSync(library).find((file) => /^libarrow\.so/.test(file));
  if (name === undefined) return 'pyarrow has no shared library of Arrow C++ here';
  const own = ['-std=c++20', copied('cpp', 'publish.cpp'), '-o', cache('cpp', 'publish')];
  return [['g++', ...own, `-I${include}`, `-L${library}`, `-l:${name}`, `-Wl,-rpath,${library}`]];
}
