import { describe, expect, it } from 'vitest';
import type { ReplicaCommit } from '../../../ui/replica.ts';
import { TableActivity } from '../../../ui/shell/table-activity.ts';

function commit(changed: Record<string, number>, isAnswer = false): ReplicaCommit {
  return {
    epoch: 'e',
    version: 1,
    isAnswer,
    changed: new Map(Object.entries(changed)),
    droppedFirst: new Map(),
  };
}

function noteEvery(activity: TableActivity, gapMs: number, times: number): number {
  for (let i = 0; i < times; i++) activity.note(commit({ t: 4 }), i * gapMs);
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
    activity.note(commit({ t: 1 }), 0);
    expect(activity.isStale('t', 1e9)).toBe(false);
  });

  it('counts rows per second over the last five', () => {
    const activity = new TableActivity();
    const lastMs = noteEvery(activity, 1000, 10);
    expect(activity.rowsPerSecond(lastMs)).toBe(4);
    expect(activity.rowsPerSecond(lastMs + 60_000)).toBe(0);
  });

  it('keeps the age of what is shown while it is held, and goes on counting', () => {
    const activity = new TableActivity();
    noteEvery(activity, 1000, 3);
    activity.hold();
    activity.note(commit({ t: 5 }), 3000);
    expect(activity.changedAtMs('t')).toBe(2000);
    expect(activity.rowsPerSecond(3000)).toBeCloseTo(17 / 5);
    activity.release();
    expect(activity.changedAtMs('t')).toBe(3000);
  });

  it('takes the answer to a subscription for no news', () => {
    const activity = new TableActivity();
    noteEvery(activity, 1000, 3);
    activity.note(commit({ t: 100_000 }, true), 3000);
    expect(activity.changedAtMs('t')).toBeNull();
    expect(activity.rowsPerSecond(3000)).toBeCloseTo(12 / 5);
  });
});
