import { afterEach, expect, test } from 'vitest';
import { openDashboards } from '../../gateway/dashboards/open-dashboards.ts';
import { type ThresholdEvent, ThresholdMonitor } from '../../gateway/thresholds/threshold-monitor.ts';
import { arrowOf } from '../support/arrow-messages.ts';
import { waitFor } from '../support/wait-for.ts';
import { ModelGateway } from './model-gateway.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const over = (value: string) => ({ table: 't', column: 'v', is: '>', value, level: 'notice' });

async function start() {
  const gateway = new ModelGateway({
    history: { maxAgeMs: 0, maxBytes: 1 },
    onCommit: (commit) => monitor.commit(commit),
  });
  const { store } = gateway;
  const events: ThresholdEvent[] = [];
  const now = () => gateway.nowMs;
  const dashboards = openDashboards(null, { now, onChange: () => monitor.dashboardsChanged() });
  const monitor: ThresholdMonitor = new ThresholdMonitor({
    store,
    dashboards: () => dashboards.dashboards,
    now,
    onEvent: (event) => events.push(event),
  });
  closers.push(() => monitor.close());
  const save = (name: string, ...thresholds: object[]) =>
    dashboards.put(name, JSON.stringify({ panels: [], thresholds }), {
      ifMatch: dashboards.dashboards.has(name) ? '*' : undefined,
    });
  const publish = (values: readonly number[], header: object) =>
    gateway.intake.takeMessages([
      {
        source: 'sub',
        frames: [
          Buffer.from('t'),
          Buffer.from(JSON.stringify(header)),
          arrowOf(values.map((v, k) => ({ k, v }))),
        ],
      },
    ]);
  return { gateway, events, save, publish, dashboards, store };
}

const wait = (events: readonly unknown[], count: number) =>
  waitFor(() => events.length >= count, { what: `${count} events` });

test('a commit is not held up: its rows are looked at afterwards, and told with the version they were found at', async () => {
  const { events, save, publish, store } = await start();
  await save('a', over('199990'));
  publish(
    Array.from({ length: 200_000 }, (_, i) => i),
    { key: ['k'] },
  );
  expect([store.version, events.length]).toEqual([1, 0]);
  await wait(events, 9);
  expect(events.map(({ owner, state, version }) => [owner, state, version])).toEqual(
    new Array(9).fill(['a', 'started', 1]),
  );
});

test('each dashboard is told of its own, and what it says anew goes on where it was the same', async () => {
  const { events, save, publish, dashboards } = await start();
  await save('a', over('5'));
  await save('b', over('5'), over('7'));
  publish([9], { key: ['k'] });
  await wait(events, 3);
  expect(events.map(({ owner }) => owner).toSorted()).toEqual(['a', 'b', 'b']);
  await save('a', over('5'), over('8'));
  await dashboards.delete('b', {});
  await wait(events, 4);
  expect(events[3]).toMatchObject({ owner: 'a', state: 'started', threshold: { value: '8' } });
  publish([6], {});
  await wait(events, 5);
  expect(events.slice(4)).toMatchObject([{ owner: 'a', state: 'stopped', threshold: { value: '8' } }]);
});

test('rows that retention or a drop takes end what held for them', async () => {
  const { events, save, publish, gateway } = await start();
  await save('a', over('5'));
  publish([9, 8], { key: ['k'], retention: { max_rows: 2 } });
  await wait(events, 2);
  publish([7], { op: 'upsert', key: ['k'], retention: { max_rows: 1 } });
  await wait(events, 3);
  expect(events[2]).toMatchObject({ state: 'stopped', key: [{ text: '1.0' }], value: null });
  gateway.commit({ type: 'drop', table: 't' });
  await wait(events, 4);
  expect(events[3]).toMatchObject({ state: 'stopped', key: [{ text: '0.0' }], value: null });
});

test('in a table without a key rows of the last commit count, also those that a start finds', async () => {
  const { events, save, publish } = await start();
  publish([9, 9], { op: 'append' });
  publish([1, 8, 9], { op: 'append' });
  await save('a', over('5'));
  await wait(events, 1);
  expect(events[0]).toMatchObject({ state: 'started', row: 4, value: { text: '8.0' } });
  publish([1, 2], { op: 'append' });
  await wait(events, 2);
  expect(events[1]).toMatchObject({ state: 'stopped', row: 4 });
  expect(events).toHaveLength(2);
});
