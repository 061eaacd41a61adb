import { describe, expect, test } from 'vitest';
import type { Dashboard } from '../../../protocol/dashboard/dashboard.ts';
import type { DashboardClient } from '../../../ui/dashboard/dashboard-client.ts';
import { DashboardState } from '../../../ui/dashboard/dashboard-state.ts';

const titled = (title: string): Dashboard => ({ title, panels: [] });

/** A gateway's dashboards. */
function fakeClient(saved: Record<string, Dashboard>) {
  const dashboards = new Map(Object.entries(saved));
  const etagOf = (name: string) => (dashboards.has(name) ? JSON.stringify(dashboards.get(name)) : null);
  const fake: DashboardClient & { dashboards: typeof dashboards } = {
    dashboards,
    async list() {
      return [];
    },
    async read(name) {
      const dashboard = dashboards.get(name);
      return dashboard === undefined ? { type: 'missing' } : { type: 'read', dashboard, etag: etagOf(name) };
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
