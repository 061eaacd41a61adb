import { builtProgram } from '../../scripts/prepare/project.mjs';
import { type SpawnedProgram, spawnProgram } from './spawn-program.ts';

export interface SpawnProducerOptions {
  /** One of these says where its publications go. */
  bind?: string;
  connect?: string;
  push?: string;
  /** More arguments. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** The built-in system producer as its own process, from dist. */
export function spawnProducer({
  bind,
  connect,
  push,
  args = [],
  env = {},
}: SpawnProducerOptions): SpawnedProgram {
  const links = Object.entries({ bind, connect, push }).flatMap(([name, address]) =>
    address === undefined ? [] : [`--${name}`, address],
  );
  return spawnProgram({ module: builtProgram('producer'), args: ['system', ...links, ...args], env });
}
