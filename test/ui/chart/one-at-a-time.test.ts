import { describe, expect, it } from 'vitest';
import { OneAtATime } from '../../../ui/chart/one-at-a-time.ts';

function deferred() {
  let resolve = () => {};
  let reject = (_: unknown) => {};
  const promise = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}

describe('one task at a time', () => {
  it('runs at once what takes no time', () => {
    const ran: number[] = [];
    const tasks = new OneAtATime();
    expect(tasks.run(() => void ran.push(1))).toBeUndefined();
    tasks.run(() => void tasks.run(() => void ran.push(2)));
    expect(ran).toEqual([1, 2]);
  });

  it('runs the last of those that were asked for meanwhile, and tells all of them', async () => {
    const ran: string[] = [];
    const tasks = new OneAtATime();
    const first = deferred();
    const one = tasks.run(() => {
      ran.push('first');
      return first.promise;
    });
    const second = tasks.run(() => void ran.push('second'));
    const third = tasks.run(() => void ran.push('third'));
    expect(ran).toEqual(['first']);
    first.resolve();
    await Promise.all([one, second, third]);
    expect(ran).toEqual(['first', 'third']);
    tasks.run(() => void ran.push('later'));
    expect(ran).toEqual(['first', 'third', 'later']);
  });

  it('goes on after one that failed, which is told to its own caller alone', async () => {
    const tasks = new OneAtATime();
    const first = deferred();
    const failing = tasks.run(() => first.promise);
    const next = tasks.run(() => {});
    first.reject(new Error('no'));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBeUndefined();
  });
});
