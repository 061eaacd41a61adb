import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describePlan } from '../../../bench/capacity/describe-plan.mjs';
import { planCapacity } from '../../../bench/capacity/plan.mjs';
import { parseCapacityOptions, scenarioOf, usage } from '../../../bench/capacity/scenario.mjs';
import { keptCostsPath, parseUnitCosts, readUnitCosts } from '../../../bench/capacity/unit-costs.mjs';
import { ROUND_COSTS } from './round-costs.ts';

describe('the plan', () => {
  test('for few viewers is two gateways, so that one may die', () => {
    const plan = planCapacity(scenarioOf(), ROUND_COSTS);
    expect(plan).toMatchObject({ isEnough: true, logs: 1, gateways: 2, natsServers: 3, limits: ['death'] });
  });

  test('has as many gateways as their cores take, and says that those limit it', () => {
    // Each viewer is told something 10 times a second: 10 × 20 µs and the heartbeat, of 60 % of a core.
    const scenario = scenarioOf({
      viewers: 20_000,
      commitsPerSecond: 10,
      rowsPerSecond: 1000,
      maxViewers: 50_000,
    });
    const plan = planCapacity(scenario, ROUND_COSTS);
    expect(plan.isEnough).toBe(true);
    expect(plan.limits).toContain('processor');
    expect(plan.gateways).toBeGreaterThanOrEqual(7);
    expect(plan.gateways).toBeLessThanOrEqual(9);
    expect(plan.utilization).toBeLessThanOrEqual(0.6);
  });

  test('spreads tables over several logs where one server cannot send all rows to all gateways', () => {
    const plan = planCapacity(
      scenarioOf({ viewers: 1_000_000, rowsPerSecond: 1_000_000, tables: 1000 }),
      ROUND_COSTS,
    );
    expect(plan.isEnough).toBe(true);
    expect(plan.logs).toBeGreaterThan(1);
    expect(plan.logUtilization).toBeLessThanOrEqual(0.6);
    expect(plan.viewersPerGateway * plan.gateways).toBeGreaterThanOrEqual(1_000_000);
  });

  test('counts the work of NATS servers that only keep a copy', () => {
    // 2000 publications a second that take 10 µs each: the leader takes one in and sends it to 2 gateways and 2 servers.
    const costs = { ...ROUND_COSTS, natsMessageUs: 10, natsUsPerMb: 0 };
    const rows = { rowsPerSecond: 2000, rowsPerPublication: 1 };
    const given = { ...rows, gateways: 2, natsCores: 0.125, maxUtilization: 0.9 };
    const [three, one] = [3, 1].map((replicas) => planCapacity(scenarioOf({ ...given, replicas }), costs));
    expect(three!.natsCores).toBeCloseTo(2000 * (1 + 2 + 2 + 2) * 10e-6);
    expect(three!.natsServers).toBe(3);
    expect(one!.natsCores).toBeCloseTo(2000 * (1 + 2) * 10e-6);
    expect(one!.natsServers).toBe(1);
    const five = planCapacity(scenarioOf({ ...given, replicas: 3, natsCores: 0.035 }), costs);
    expect(five.natsServers).toBe(5);
  });

  test.each([
    ['a gateway alone', { gateways: 1 }, ['death']],
    ['too many viewers for those there are', { gateways: 2, viewers: 100_000 }, ['viewers']],
    ['a table that no log takes', { tables: 1, rowsPerSecond: 50_000_000 }, ['log']],
  ])('says that it is not enough for %s', (_, given, limits) => {
    const scenario = scenarioOf(given);
    const plan = planCapacity(scenario, ROUND_COSTS);
    expect(plan.isEnough).toBe(false);
    expect(plan.limits).toEqual(expect.arrayContaining(limits));
    expect(describePlan(scenario, plan, 'a test')).toMatch(/^NOT ENOUGH .*\n[\s\S]*it fails for: \w/);
  });
});

describe('unit costs', () => {
  test('that are kept are whole, and say where and when they were measured', () => {
    const { costs, measuredAt } = readUnitCosts(keptCostsPath);
    expect(costs.deliveryUs).toBeGreaterThan(0);
    expect(measuredAt).toMatch(/\d cores.*v\d+\..*20\d\d-\d\d-\d\d/);
  });

  test.each([
    ['lack one', { ...ROUND_COSTS, joinUs: undefined }],
    ['hold what is no number', { ...ROUND_COSTS, joinUs: null }],
    ['hold what is negative', { ...ROUND_COSTS, joinUs: -1 }],
  ])('that %s are refused with its name', (_, detail) => {
    expect(() => parseUnitCosts(JSON.stringify({ detail }))).toThrow(/joinUs/);
  });
});

describe('the command line', () => {
  test('takes each setting that its help names', () => {
    const flags = [...usage().matchAll(/^ {2}(--[a-z0-9-]+) /gm)].map(([, flag]) => flag!);
    expect(flags).toContain('--max-p99-ms');
    for (const flag of flags.filter((name) => !['--json', '--costs'].includes(name)))
      expect(() => parseCapacityOptions([flag, '1'])).not.toThrow(/Unknown/);
    expect(parseCapacityOptions(['--viewers', '7', '--max-p99-ms', '9'])).toMatchObject({
      viewers: 7,
      maxP99Ms: 9,
    });
  });

  test.each([
    ['--viewers', '0'],
    ['--viewers', '1.5'],
    ['--viewers', ''],
    ['--viewers', 'many'],
    ['--rows-per-second', '-1'],
    ['--slow-share', '2'],
    ['--seconds', '1'],
    ['--gateway-gbit', '0'],
    ['--tables-per-viewer', '101'],
    ['--viewer', '1'],
  ])('refuses %s "%s"', (flag, value) => {
    expect(() => parseCapacityOptions([`${flag}=${value}`])).toThrow();
  });

  const main = fileURLToPath(new URL('../../../bench/capacity/main.mjs', import.meta.url));
  test.each([
    ['a plan and 0', [], 0, /^Enough for 1,000 viewers/],
    ['a plan of JSON', ['--json'], 0, /^\{"scenario":.*"isEnough":true.*\}\n$/],
    ['1 where it is not enough', ['--gateways', '1'], 1, /^NOT ENOUGH/],
    ['2 and one line where a flag is wrong', ['--viewers', 'x'], 2, /^capacity: --viewers .*\n$/],
    [
      '1 and one line where there are no such costs',
      ['--costs', '/no/such'],
      1,
      /^capacity: .*no\/such.*\n$/,
    ],
  ])('ends with %s', (_, args, exitCode, text) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
    expect(stdout + stderr).toMatch(text);
    expect(status).toBe(exitCode);
  });
});
