import { CommanderError } from 'commander';
import { afterEach, expect, test } from 'vitest';
import { producerCommand } from '../../producer/command.ts';
import type { SystemSource } from '../../producer/system-source.ts';
import { puller } from './bus-peer.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function run(
  args: string[],
  env: Record<string, string> = {},
): { printed: string[]; sources: SystemSource[] } {
  const printed: string[] = [];
  const sources: SystemSource[] = [];
  const command = producerCommand({
    env,
    print: (line) => printed.push(line),
    printError: () => {},
    onStarted: (source) => {
      sources.push(source);
      open.push(source);
    },
  });
  command.exitOverride().configureOutput({ outputError: () => {} });
  command.parse(args, { from: 'user' });
  return { printed, sources };
}

test('it binds where it is told and says so', () => {
  const { printed, sources } = run(['system', '--bind', 'tcp://127.0.0.1:*']);
  expect(printed).toEqual([`Publishing this machine's metrics at ${sources[0]?.producer.endpoints[0]}`]);
});

test('the environment says where, and a flag wins over it', async () => {
  const [byEnv, byFlag] = [puller(), puller()];
  open.push(byEnv, byFlag);
  const env = { TABLECAST_PRODUCER_PUSH: byEnv.endpoint };
  run([], env);
  expect((await byEnv.next()).header.seq).toBe(1);
  expect(run(['--push', byFlag.endpoint], env).printed[0]).toBe(
    `Publishing this machine's metrics at ${byFlag.endpoint}`,
  );
});

test.each<[string[], RegExp]>([
  [['--bind', 'nonsense'], /--bind nonsense.*write it as tcp:/],
  [['--push', 'tcp://127.0.0.1:0'], /--push/],
  [['--connect', 'tcp://127.0.0.1:*'], /--connect/],
  [['--bind', 'tcp://0.0.0.0:5411'], /--insecure/],
  [['weather'], /"weather".*system/],
])('%j is refused with one line that says what to change', (args, message) => {
  expect(() => run(args)).toThrow(message);
});

test.each([[['--bnd', 'x']], [['--bind']], [['system', 'more']]])('%j is no valid command line', (args) => {
  expect(() => run(args)).toThrow(CommanderError);
});
