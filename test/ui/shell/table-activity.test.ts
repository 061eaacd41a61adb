import { describe, expect, it } from 'vitest';
import type { ReplicaCommit } from '../../../ui/replica.ts';
import type { GatewayTable } from '../../../ui/shell/gateway-table.ts';
import { TableActivity } from '../../../ui/shell/table-activity.ts';

function commit(version: number, changed: readonly string[], isAnswer = false, epoch = 'e'): ReplicaCommit {
  const rows = new Map(changed.map((name) => [name, 1]));
  return { epoch, version, isAnswer, changed: rows, droppedFirst: new Map() };
}

type Told = Pick<GatewayTable, 'changed' | 'staged' | 'lastPublicationMs'>;

/** The gateway's list: the version of each table's last change, or more of it. */
function list(changed: Record<string, number | Told>, epoch = 'e') {
  const entries = Object.entries(changed).map(([name, told]) => {
    const { changed, ...rest } =
      typeof told === 'number' ? { changed: told, staged: 0, lastPublicationMs: null } : told;
    return [name, { name, changed, ...rest } as GatewayTable] as const;
  });
  return { epoch, tables: new Map(entries) };
}

/** Answers when it changed last. */
function noteEvery(activity: TableActivity, gapMs: number, times: number): number {
  for (let i = 0; i < times; i++) activity.note(commit(i + 1, ['t']), i * gapMs);
  return (times - 1) * gapMs;
}

describe('table activity', () => {
  it('calls a table stale past three of its usual gaps', () => {
    const activity = new TableActivity();
    const lastMs = noteEvery(activity, 10_000, 5);
    expect(activity.isStale('t', lastMs + 30_000)).toBe(false);
    expect(activity.isStale('t', lastMs + 30_001)).toBe(true);
  });

  it('never calls data younger than five seconds stale', () => {
    const activity = new TableActivity();
    const lastMs = noteEvery(activity, 100, 5);
    expect(activity.isStale('t', lastMs + 5000)).toBe(false);
    expect(activity.isStale('t', lastMs + 5001)).toBe(true);
  });

  it('calls nothing stale whose rhythm it does not know', () => {
    const activity = new TableActivity();
    expect(activity.isStale('t', 1e9)).toBe(false);
    activity.note(commit(1, ['t']), 0);
    expect(activity.isStale('t', 1e9)).toBe(false);
    activity.noteList(list({ u: 1 }), 0);
    activity.noteList(list({ u: 2 }), 1000);
    expect(activity.isStale('u', 1e9)).toBe(false);
  });

  it('keeps the age of what is shown while it is held, and goes on counting', () => {
    const activity = new TableActivity();
    noteEvery(activity, 1000, 3);
    activity.hold();
    activity.note(commit(4, ['t']), 3000);
    expect(activity.changedAtMs('t')).toBe(2000);
    activity.release();
    expect(activity.changedAtMs('t')).toBe(3000);
  });

  it('takes the answer to a subscription for no news', () => {
    const activity = new TableActivity();
    noteEvery(activity, 1000, 3);
    activity.note(commit(4, ['t'], true), 3000);
    expect(activity.changedAtMs('t')).toBeNull();
  });

  it('learns the rhythm of a table that no commit brings from the gateway’s list', () => {
    const activity = new TableActivity();
    activity.noteList(list({ far: 3 }), 0);
    expect(activity.changedAtMs('far')).toBeNull();
    for (let i = 1; i < 5; i++) activity.noteList(list({ far: 3 + i }), i * 2000);
    expect(activity.changedAtMs('far')).toBe(8000);
    activity.noteList(list({ far: 7 }), 12_999);
    expect(activity.changedAtMs('far')).toBe(8000);
    expect([activity.isStale('far', 14_000), activity.isStale('far', 14_001)]).toEqual([false, true]);
  });

  it.each([
    ['when it was published', { staged: 0, lastPublicationMs: 300_000 }, 300_000],
    ['the list before where the gateway’s clock is behind', { staged: 0, lastPublicationMs: -9000 }, 8000],
    ['now where the gateway’s clock is ahead', { staged: 0, lastPublicationMs: 9e6 }, 3_600_000],
    ['nothing while something is staged', { staged: 1, lastPublicationMs: 3_000_000 }, null],
    ['nothing where the gateway tells no time', { staged: 0, lastPublicationMs: null }, null],
  ])('takes a change that no list told for long as of %s', (_, told, changedAtMs) => {
    const activity = new TableActivity();
    for (let i = 0; i < 5; i++) activity.noteList(list({ far: i + 1 }), i * 2000);
    activity.noteList(list({ far: { changed: 90, ...told } }), 3_600_000);
    expect(activity.changedAtMs('far')).toBe(changedAtMs);
    // The pause is not how often it changes.
    for (let i = 1; i < 5; i++) activity.noteList(list({ far: 90 + i }), 3_600_000 + i * 2000);
    expect(activity.isStale('far', 3_614_001)).toBe(true);
  });

  it('takes a change between two lists as of its publication', () => {
    const activity = new TableActivity();
    activity.noteList(list({ far: 1 }), 0);
    activity.noteList(list({ far: { changed: 2, staged: 0, lastPublicationMs: 500 } }), 2000);
    expect(activity.changedAtMs('far')).toBe(500);
    activity.noteList(list({ far: { changed: 3, staged: 1, lastPublicationMs: 3500 } }), 4000);
    expect(activity.changedAtMs('far')).toBe(4000);
  });

  it('counts a change once that both a commit and the list tell', () => {
    const activity = new TableActivity();
    for (let i = 0; i < 5; i++) {
      activity.note(commit(i + 1, ['t']), i * 10_000);
      activity.noteList(list({ t: i + 1 }), i * 10_000 + 50);
    }
    expect(activity.isStale('t', 70_000)).toBe(false);
  });

  it('counts a change once that the list tells before its commit comes', () => {
    const activity = new TableActivity();
    for (let i = 0; i < 5; i++) {
      activity.noteList(list({ t: i + 1 }), i * 4000);
      activity.note(commit(i + 1, ['t']), i * 4000 + 50);
    }
    expect(activity.changedAtMs('t')).toBe(16_000);
    expect([activity.isStale('t', 28_000), activity.isStale('t', 28_001)]).toEqual([false, true]);
  });

  it('begins anew with another log, and forgets what the list lacks', () => {
    const activity = new TableActivity();
    noteEvery(activity, 1000, 3);
    activity.noteList(list({ t: 1 }, 'other'), 5000);
    expect(activity.changedAtMs('t')).toBeNull();
    activity.noteList(list({ t: 2 }, 'other'), 6000);
    expect(activity.changedAtMs('t')).toBe(6000);
    activity.noteList(list({}, 'other'), 7000);
    expect(activity.changedAtMs('t')).toBeNull();
  });
});
