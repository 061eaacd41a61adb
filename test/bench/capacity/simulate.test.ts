import { describe, expect, test } from 'vitest';
import { isDeathAbsorbed } from '../../../bench/capacity/limits.mjs';
import { scenarioOf } from '../../../bench/capacity/scenario.mjs';
import { simulate } from '../../../bench/capacity/simulate.mjs';
import { ROUND_COSTS } from './round-costs.ts';

const seeds = [1, 2, 3];

describe.each(seeds)('with seed %i', (seed) => {
  test('the same seed gives the same figures', () => {
    const scenario = scenarioOf({ seed });
    const spread = { logs: 1, gateways: 3 };
    expect(simulate(scenario, ROUND_COSTS, spread)).toEqual(simulate(scenario, ROUND_COSTS, spread));
  });

  test.each([
    ['by /update_data', 1],
    ['by themselves', 0],
  ])('more gateways never make delay worse, publications shown %s', (_, commitsPerSecond) => {
    const scenario = scenarioOf({
      seed,
      viewers: 8000,
      rowsPerSecond: 10_000,
      commitsPerSecond,
      slowShare: 0,
    });
    const delays = [2, 4, 8, 16].map(
      (gateways) => simulate(scenario, ROUND_COSTS, { logs: 1, gateways }).gateway.steady,
    );
    // Half of a bin of the histogram is no difference.
    for (const [i, { p50Ms, p99Ms }] of delays.slice(1).entries()) {
      expect(p50Ms).toBeLessThanOrEqual(delays[i]!.p50Ms * 1.03);
      expect(p99Ms).toBeLessThanOrEqual(delays[i]!.p99Ms * 1.03);
    }
  });

  test('ten times the publications leave half of the deliveries as fast where there is next to nothing to do', () => {
    const [few, many] = [50, 500].map((rowsPerSecond) => {
      const rows = { rowsPerSecond, rowsPerPublication: 1 };
      const scenario = scenarioOf({ seed, ...rows, viewers: 1, commitsPerSecond: 0, slowShare: 0 });
      return simulate(scenario, ROUND_COSTS, { logs: 1, gateways: 1 });
    });
    expect(many!.logServer.utilization).toBeLessThan(0.1);
    expect(many!.gateway.steady.utilization).toBeLessThan(0.1);
    expect(many!.gateway.steady.p50Ms).toBeLessThan(1.1 * few!.gateway.steady.p50Ms);
  });

  test('a gateway that has more to do than its core can is saturated, and what it tells viewers is conflated', () => {
    // 20 µs each: a core makes 50,000 deliveries a second.
    const scenario = scenarioOf({ seed, viewers: 10_000, commitsPerSecond: 10, slowShare: 0 });
    const { steady } = simulate(scenario, ROUND_COSTS, { logs: 1, gateways: 1 }).gateway;
    expect(steady.utilization).toBeGreaterThan(0.98);
    expect(steady.conflated).toBeGreaterThan(0.4);
    expect(steady.deliveriesPerSecond).toBeLessThan(50_000);
  });

  test('a load of half the core takes half the core', () => {
    const rows = { rowsPerSecond: 0, rowsPerPublication: 1 };
    const scenario = scenarioOf({ seed, ...rows, viewers: 5000, commitsPerSecond: 10, slowShare: 0 });
    const costs = {
      ...ROUND_COSTS,
      gatewayIdleMsPerS: 0,
      viewerIdleUsPerS: 0,
      foldMessageUs: 0,
      notificationUs: 10,
    };
    const { steady } = simulate(scenario, costs, { logs: 1, gateways: 1 }).gateway;
    expect(steady.utilization).toBeCloseTo(0.5, 2);
    expect(steady.deliveriesPerSecond).toBeCloseTo(50_000, -3);
  });

  test('the viewers of a gateway that died are taken by the others where those have room', () => {
    const scenario = scenarioOf({ seed, viewers: 4000 });
    const simulation = simulate(scenario, ROUND_COSTS, { logs: 1, gateways: 4 });
    expect(isDeathAbsorbed(scenario, simulation)).toBe(true);
    expect(simulation.gateway.recoveredMs).toBeLessThan(2000);
  });

  test.each([
    ['nobody is left', { viewers: 100 }, 1],
    ['the one that is left has no room', { viewers: 50_000, commitsPerSecond: 1.5, seconds: 20 }, 2],
    [
      'snapshots take the network longer than is allowed',
      { viewers: 2000, rowsPerTable: 2_000_000, recoveryS: 5 },
      2,
    ],
  ])('a death is said not to be absorbed where %s', (_, given, gateways) => {
    const scenario = scenarioOf({ seed, ...given });
    expect(isDeathAbsorbed(scenario, simulate(scenario, ROUND_COSTS, { logs: 1, gateways }))).toBe(false);
  });
});

test('a viewer on a slow line gets fewer and larger commits, and the others hardly notice', () => {
  const base = {
    viewers: 1000,
    rowsPerSecond: 10_000,
    tables: 1,
    commitsPerSecond: 10,
    rowsPerTable: 100_000,
  };
  const run = (slowShare: number) =>
    simulate(scenarioOf({ ...base, slowShare }), ROUND_COSTS, { logs: 1, gateways: 1 }).gateway.steady;
  const [without, some] = [run(0), run(0.1)];
  expect(without.conflated).toBeLessThan(0.01);
  expect(some.conflated).toBeGreaterThan(0.04);
  expect(some.p99Ms).toBeLessThan(without.p99Ms * 1.5);
});

test("a stream's server that cannot send to so many gateways makes all of them late", () => {
  const scenario = scenarioOf({ viewers: 100, rowsPerSecond: 1_000_000, natsGbit: 10 });
  const [few, many] = [2, 200].map((gateways) => simulate(scenario, ROUND_COSTS, { logs: 1, gateways }));
  expect(few!.logServer.utilization).toBeLessThan(1);
  expect(many!.logServer.utilization).toBeGreaterThan(1);
  expect(many!.gateway.steady.p99Ms).toBeGreaterThan(10 * few!.gateway.steady.p99Ms);
});
