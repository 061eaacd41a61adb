import { describe, expect, test } from 'vitest';
import type { Dashboard } from '../../../protocol/dashboard/dashboard.ts';
import type { DashboardClient, ReadAnswer } from '../../../ui/dashboard/dashboard-client.ts';
import { DashboardState } from '../../../ui/dashboard/dashboard-state.ts';

const titled = (title: string): Dashboard => ({ title, panels: [] });
const UNANSWERED: ReadAnswer = { type: 'failed', status: 0, detail: '' };
const MISSING: ReadAnswer = { type: 'missing' };

/** A gateway's dashboards, and what reading them answers instead while that is set. */
function fakeClient(saved: Record<string, Dashboard>) {
  const dashboards = new Map(Object.entries(saved));
  const etagOf = (name: string) => (dashboards.has(name) ? JSON.stringify(dashboards.get(name)) : null);
  const fake: DashboardClient & { instead: ReadAnswer | null; dashboards: typeof dashboards } = {
    dashboards,
    instead: null,
    async list() {
      return [];
    },
    async read(name) {
      const dashboard = dashboards.get(name);
      if (fake.instead !== null) return fake.instead;
      return dashboard === undefined ? MISSING : { type: 'read', dashboard, etag: etagOf(name) };
    },
    async save(name, dashboard, etag) {
      if (etag !== '*' && etag !== etagOf(name)) return { type: 'conflict' };
      dashboards.set(name, dashboard);
      return { type: 'saved', etag: etagOf(name) };
    },
    async remove() {
      return { type: 'removed' };
    },
  };
  return fake;
}

describe('a dashboard that is saved', () => {
  test.each([
    ['another', 'a', 'b'],
    ['a new one', '', 'b'],
    ['its own', 'a', 'a'],
  ])('says under which name there is one already: %s', async (_, own, name) => {
    const client = fakeClient({ a: titled('A'), b: titled('B') });
    const state = new DashboardState(own, client);
    await state.load('');
    client.dashboards.set('a', titled('theirs'));
    state.setTitle('mine');
    expect(await state.save(name)).toBe(false);
    expect(state.problem.value).toEqual({ type: 'conflict', name });
    expect(await state.save(name, true)).toBe(true);
    expect(state.problem.value).toBeNull();
    expect(Object.fromEntries(client.dashboards)).toEqual({
      a: titled('theirs'),
      b: titled('B'),
      [name]: titled('mine'),
    });
  });
});

describe('a dashboard that could not be read', () => {
  test.each([
    ['was not answered', UNANSWERED],
    ['was not there', MISSING],
  ])('is read again where it %s', async (_, instead) => {
    const client = fakeClient({ a: titled('A') });
    client.instead = instead;
    const state = new DashboardState('a', client);
    await state.load('');
    await state.refresh();
    expect([state.phase.value, state.problem.value?.type]).toEqual([
      'missing',
      instead === UNANSWERED ? 'failed' : undefined,
    ]);
    client.instead = null;
    await state.refresh();
    expect([state.phase.value, state.dashboard.value, state.problem.value, state.isChanged.value]).toEqual([
      'ready',
      titled('A'),
      null,
      false,
    ]);
  });

  test('may turn out not to be there', async () => {
    const client = fakeClient({});
    client.instead = UNANSWERED;
    const state = new DashboardState('a', client);
    await state.load('');
    client.instead = null;
    await state.refresh();
    expect([state.phase.value, state.problem.value]).toEqual(['missing', null]);
  });

  test('stays what the viewer begins while it is read again', async () => {
    const client = fakeClient({});
    const state = new DashboardState('a', client);
    await state.load('');
    client.dashboards.set('a', titled('theirs'));
    const refreshed = state.refresh();
    state.begin();
    await refreshed;
    expect([state.phase.value, state.dashboard.value.title, state.isEditing.value]).toEqual([
      'ready',
      undefined,
      true,
    ]);
  });
});
