import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { Child } from './child.ts';
import type { FaultProxy, LineState } from './fault-proxy.ts';
import type { KeptGateway } from './kept-gateway.ts';

/** What a fault may strike. */
export interface Victims {
  readonly gateway: KeptGateway;
  readonly lines: readonly FaultProxy[];
  readonly viewers: readonly Child[];
  readonly writers: readonly Child[];
}

/** Strikes, and resolves once it is over and mended. */
type Fault = (victims: Victims, random: SeededRandom) => Promise<void>;

/** A viewer's line is dead to it after 3.5 s of silence: sometimes a fault lasts longer. */
const durationMs = (random: SeededRandom): number =>
  random.below(8) === 0 ? 3500 + random.below(1500) : 50 + random.below(900);

const lineFault =
  (stateOf: (random: SeededRandom) => Partial<LineState>): Fault =>
  async ({ lines }, random) => {
    const line = random.pick(lines);
    line.set(stateOf(random));
    await delay(durationMs(random));
    if (random.below(4) === 0) line.cut('reset');
    line.heal();
  };

const cut =
  (how: 'end' | 'reset'): Fault =>
  async ({ lines }, random) =>
    random.pick(lines).cut(how);

const freeze =
  (which: 'viewers' | 'writers'): Fault =>
  async (victims, random) => {
    const child = random.pick(victims[which]);
    child.freeze();
    await delay(durationMs(random));
    child.thaw();
  };

const FAULTS: Readonly<Record<string, { readonly weight: number; readonly strike: Fault }>> = {
  'kill the gateway': { weight: 2, strike: ({ gateway }, random) => gateway.kill(random.below(400)) },
  'stop the gateway': { weight: 2, strike: ({ gateway }, random) => gateway.stop(random.below(400)) },
  'freeze a viewer': { weight: 3, strike: freeze('viewers') },
  'freeze a writer': { weight: 2, strike: freeze('writers') },
  'end connections': { weight: 2, strike: cut('end') },
  'reset connections': { weight: 3, strike: cut('reset') },
  'half-open line': { weight: 3, strike: lineFault(() => ({ isFrozen: true })) },
  'slow line': { weight: 3, strike: lineFault(() => ({ bytesPerSecond: 1024 })) },
  'late line': { weight: 2, strike: lineFault((random) => ({ delayMs: 5 + random.below(200) })) },
  'connects in another order': {
    weight: 2,
    strike: async (victims, random) => {
      const line = random.pick(victims.lines);
      line.set({ holdsConnects: true });
      line.cut('end');
      await delay(durationMs(random));
      line.heal();
    },
  },
};

const NAMES = Object.entries(FAULTS).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name),
);

/** The next fault of a seed; several may be under way at one time, of one name only one. */
export function nextFault(random: SeededRandom): { readonly name: string; readonly strike: Fault } {
  const name = random.pick(NAMES);
  return { name, strike: FAULTS[name]!.strike };
}
