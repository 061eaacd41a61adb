import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { SharedLogPlace } from './shared-log-place.ts';

/** Strikes, and resolves once it is over and mended. */
type Fault = (place: SharedLogPlace, random: SeededRandom) => Promise<void>;

const pause = (random: SeededRandom): Promise<void> => delay(300 + random.below(1500));

/** A cluster bears the end of one server at a time. */
const onServer =
  (strike: (place: SharedLogPlace, server: number, random: SeededRandom) => Promise<void>): Fault =>
  async (place, random) => {
    await place.cluster.whole();
    await strike(place, random.below(place.cluster.servers.length), random);
  };

/** Each has a weight of one. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'kill a server': onServer(async ({ cluster }, server, random) => {
    await cluster.servers[server]!.stop('SIGKILL');
    await pause(random);
    await cluster.servers[server]!.start();
  }),
  'freeze a server': onServer(async ({ cluster }, server, random) => {
    cluster.servers[server]!.pause();
    await pause(random);
    cluster.servers[server]!.resume();
  }),
  'kill a gateway': async (place, random) => {
    await place.killGateway(random.pick(place.gateways));
    await pause(random);
    await place.startGateways();
  },
  'freeze a gateway': async ({ gateways }, random) => {
    const { running } = random.pick(gateways);
    running?.kill('SIGSTOP');
    await pause(random);
    running?.kill('SIGCONT');
  },
  "cut a server's lines": async ({ serverLines }, random) => {
    random.pick(serverLines).cut(random.below(2) === 0 ? 'end' : 'reset');
    await pause(random);
  },
  "half-open a server's lines": async ({ serverLines }, random) => {
    const line = random.pick(serverLines);
    line.set({ isFrozen: true });
    await pause(random);
    if (random.below(2) === 0) line.cut('reset');
    line.heal();
  },
  "cut a gateway's viewers": async ({ gateways }, random) => {
    random.pick(gateways).line.cut(random.below(2) === 0 ? 'end' : 'reset');
    await pause(random);
  },
};

/** The next fault of a seed. */
export function nextSharedFault(random: SeededRandom): { readonly name: string; readonly strike: Fault } {
  const name = random.pick(Object.keys(FAULTS));
  return { name, strike: FAULTS[name]! };
}
