import { describe, expect, it } from 'vitest';
import { createScheduler, createView, NONE } from './still-scheduler.ts';

describe('slow views', () => {
  it('rest, and a version is reported once they have drawn it too', async () => {
    const { scheduler, frame, rendered, clock } = createScheduler();
    const quick = createView('a');
    const slow = createView('a', () => {
      clock.advance(10);
    });
    scheduler.add(quick.view);
    scheduler.add(slow.view);
    await frame();
    clock.advance(1000);
    for (let version = 1; version <= 6; version++) {
      scheduler.commit(version, ['a'], NONE);
      await frame();
      clock.advance(10);
    }
    expect([quick.causes.length, slow.causes.length]).toEqual([7, 4]);
    expect(rendered).toEqual([1, 3, 5]);
  });

  it.each([[[11.3, 6.7, 14.5]], [[8.3, 9.5, 9.6, 11.4]], [[15.4, 15.9]], [[3.3, 11.1, 10.9]]])(
    'reports a version again and again while views that take %j ms are fed in each frame',
    async (drawMs) => {
      const { scheduler, frame, rendered, clock } = createScheduler();
      for (const ms of drawMs)
        scheduler.add(
          createView('a', () => {
            clock.advance(ms);
          }).view,
        );
      await frame();
      let reportedAtMs = clock.nowMs();
      let longestMs = 0;
      for (let version = 1; version <= 300; version++) {
        scheduler.commit(version, ['a'], NONE);
        const reports = rendered.length;
        await frame();
        clock.advance(16);
        longestMs = Math.max(longestMs, clock.nowMs() - reportedAtMs);
        if (rendered.length > reports) reportedAtMs = clock.nowMs();
      }
      expect(longestMs).toBeLessThan(400);
    },
  );

  it('draw the last commit when their rest is over, and at once what the viewer does', async () => {
    const { scheduler, frame, rendered, clock } = createScheduler();
    const slow = createView('a', () => {
      clock.advance(500);
    });
    const remove = scheduler.add(slow.view);
    await frame();
    scheduler.commit(1, ['a'], NONE);
    expect(await frame()).toBe(1);
    expect(rendered).toEqual([]);
    remove();
    scheduler.add(slow.view);
    expect(await frame()).toBe(1);
    expect([slow.causes.length, rendered]).toEqual([2, [1]]);
    scheduler.commit(2, ['a'], NONE);
    for (let frames = 0; rendered.length < 2 && frames < 50; frames++) {
      clock.advance(16);
      expect(await frame()).toBe(1);
    }
    expect(rendered).toEqual([1, 2]);
  });
});
