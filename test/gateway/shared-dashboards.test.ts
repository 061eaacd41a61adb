import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSharedDashboards } from '../../gateway/dashboards/open-dashboards.ts';
import { type NatsServer, natsServerPath, natsTitle, startNatsServer } from '../support/nats-server.ts';
import { waitFor } from '../support/wait-for.ts';
import type { LoggedTables } from './log-behaviour.ts';
import { SharedGateways } from './shared-gateways.ts';

describe.skipIf(natsServerPath === null)(`dashboards of gateways on one log${natsTitle}`, () => {
  let server: NatsServer;
  const shared = new SharedGateways(() => server.url);
  beforeAll(async () => {
    server = await startNatsServer();
  });
  afterEach(() => shared.closeAll());
  afterAll(() => server.close());

  const dashboardsOf = ({ log }: LoggedTables) => {
    let changes = 0;
    const unreadable: string[] = [];
    const store = openSharedDashboards(log.shared!.texts, {
      now: () => 1,
      onChange: () => changes++,
      onUnreadable: ({ message }) => unreadable.push(message),
    });
    return { store, changes: () => changes, unreadable };
  };
  const titled = (title: string) => JSON.stringify({ title, panels: [] });
  const NAME = 'Börse 東京 #1';

  test('what is saved or removed at one is so at the others, and whoever changes an older state is told', async () => {
    const { name, gateways } = await shared.pair();
    const [a, b] = gateways.map(dashboardsOf) as [
      ReturnType<typeof dashboardsOf>,
      ReturnType<typeof dashboardsOf>,
    ];
    const { saved, isNew } = await a.store.put(NAME, titled('first'), {});
    expect(isNew).toBe(true);
    await waitFor(() => b.store.dashboards.has(NAME), { what: 'the dashboard at the other gateway' });
    expect(b.store.get(NAME)).toEqual(saved);
    expect(b.changes()).toBe(1);

    // Both read the same state, and change it at the same moment.
    const changes = [a, b].map(({ store }, i) => store.put(NAME, titled(`by ${i}`), { ifMatch: saved.etag }));
    const outcomes = await Promise.allSettled(changes);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'dashboard_changed' });
    const same = () => a.store.get(NAME).etag === b.store.get(NAME).etag;
    await waitFor(same, { what: 'the same dashboard at both' });

    await b.store.put('another', titled('another'), {});
    const later = dashboardsOf(await shared.open(name));
    expect([...later.store.dashboards.keys()].toSorted()).toEqual([NAME, 'another']);
    await a.store.delete(NAME, {});
    await waitFor(() => !later.store.dashboards.has(NAME) && !b.store.dashboards.has(NAME), { what: 'none' });
    expect((await later.store.put(NAME, titled('again'), {})).isNew).toBe(true);
    await waitFor(() => a.store.dashboards.has(NAME), { what: 'it again' });
    expect([a, b, later].flatMap(({ unreadable }) => unreadable)).toEqual([]);
    expect(shared.faults).toEqual([]);
  });
});
