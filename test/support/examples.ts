import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { codeBlocks, readDocument } from '../docs/markdown.ts';
import { freeAddress, freePort } from './free-port.ts';
import { pythonPackages } from './python-packages.ts';
import { type RunningCommand, runCommand } from './run-command.ts';
import { livePattern } from './spawn-gateway.ts';
import { type SpawnedProgram, spawnProgram } from './spawn-program.ts';

const GATEWAY = 'http://127.0.0.1:8080';
const PAGE = 'http://127.0.0.1:8000';
const NPM = new Map([
  ['npm start', ['start.mjs']],
  ['npm run gateway', ['run.mjs', 'gateway']],
]);

export interface Example {
  /** The gateway's address, without a slash at its end, and where PUSH sockets connect to. */
  readonly url: string;
  readonly pull: string;
  /** Where the example's page is served, and its port. */
  readonly pageUrl: string;
  readonly pagePort: string;
  /** A folder of its own, in which its programs run. */
  readonly directory: string;
  /** Runs the README's one command that has this part; `args` gets its arguments, and gives those to run it with. */
  run(part: string, args?: (own: readonly string[]) => readonly string[]): RunningCommand;
  /** Commands of the README that were not run. */
  readonly left: readonly string[];
  close(): Promise<void>;
}

export interface Examples {
  /** Starts the gateway as the README of this folder says; null, said aloud, where Python or a package is missing. */
  open(folder: string): Promise<Example | null>;
  close(): Promise<void>;
}

interface StartedGateway {
  readonly program: SpawnedProgram;
  readonly url: string;
  readonly pull: string;
}

/** The names of all examples' folders. */
export function exampleFolders(): string[] {
  const entries = readdirSync(join(projectRoot, 'examples'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The lines of the README's shell blocks. */
export function exampleCommands(folder: string): string[] {
  return codeBlocks(readDocument(`examples/${folder}/README.md`))
    .filter(({ info }) => info === 'sh')
    .flatMap(({ text }) => text.trim().split('\n'));
}

/** Examples are run one at a time; those that start the gateway alike share it. */
export async function startExamples(): Promise<Examples> {
  const pagePort = String(await freePort());
  const gateways = new Map<string, Promise<StartedGateway>>();
  const here = (command: string) => command.replaceAll(PAGE, `http://127.0.0.1:${pagePort}`);
  return {
    open: async (folder) => {
      const left = exampleCommands(folder);
      const npm = takeWith(left, 'npm ');
      const needsPackages = left.some((command) => command.startsWith('pip install '));
      const packages = needsPackages ? takeWith(left, 'pip install ').split(' ').slice(2) : [];
      const needsPython = left.some((command) => command.startsWith('python '));
      const python = needsPython ? await pythonPackages(packages) : '';
      if (python === null) return null;
      const gateway = gateways.get(npm) ?? startGateway(here(npm));
      gateways.set(npm, gateway);
      return openExample({ left, python, pagePort, gateway: await gateway });
    },
    close: async () => {
      const started = await Promise.allSettled(gateways.values());
      for (const one of started) if (one.status === 'fulfilled') await one.value.program.close();
    },
  };
}

async function startGateway(command: string): Promise<StartedGateway> {
  const [start = '', flags = ''] = command.split(' -- ');
  const [script = '', ...args] = NPM.get(start) ?? [];
  const pull = await freeAddress();
  const free = ['--port', '0', '--connect', await freeAddress(), '--bind', 'none', '--pull', pull];
  const module = join(projectRoot, 'scripts', script);
  const program = spawnProgram({ module, args: [...args, ...flags.split(' ').filter(Boolean), ...free] });
  const [, url = ''] = await program.printed(livePattern);
  return { program, url: url.replace(/\/$/, ''), pull };
}

function openExample(options: {
  readonly left: string[];
  readonly python: string;
  readonly pagePort: string;
  readonly gateway: StartedGateway;
}): Example {
  const { left, python, pagePort } = options;
  const { url, pull } = options.gateway;
  const directory = mkdtempSync(join(tmpdir(), 'tablecast-example-'));
  const running: RunningCommand[] = [];
  return {
    url,
    pull,
    pagePort,
    pageUrl: `http://127.0.0.1:${pagePort}/`,
    directory,
    left,
    run: (part, args = (own) => own) => {
      const words = takeWith(left, part).replaceAll(GATEWAY, url).split(' ');
      const [program = '', ...own] = words;
      const script = program === 'curl' ? [] : own.splice(0, 1).map((path) => join(projectRoot, path));
      const file = program === 'python' ? python : program === 'node' ? process.execPath : program;
      const started = runCommand(file, [...script, ...args(own)], { cwd: directory });
      running.push(started);
      return started;
    },
    close: async () => {
      await Promise.all(running.map((one) => one.close()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Takes the one command that has this part out of the list. */
function takeWith(commands: string[], part: string): string {
  const found = commands.filter((command) => command.includes(part));
  if (found.length !== 1) throw new Error(`${found.length} commands have "${part}": ${commands.join(' · ')}`);
  commands.splice(commands.indexOf(found[0]!), 1);
  return found[0]!;
}
