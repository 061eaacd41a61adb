import { describe, expect, it } from 'vitest';
import { createScheduler, createView, NONE } from './still-scheduler.ts';

describe('the render scheduler', () => {
  it('draws several commits in one frame, once, and reports the newest version', async () => {
    const { scheduler, frame, rendered } = createScheduler();
    const { view, causes } = createView('a');
    scheduler.add(view);
    await frame();
    scheduler.commit(1, ['a'], NONE);
    scheduler.commit(2, ['a'], NONE);
    expect(await frame()).toBe(1);
    expect(causes.map((cause) => cause.isData)).toEqual([false, true]);
    expect(rendered).toEqual([2]);
  });

  it('draws only views whose table changed', async () => {
    const { scheduler, frame } = createScheduler();
    const a = createView('a');
    const b = createView('b');
    scheduler.add(a.view);
    scheduler.add(b.view);
    await frame();
    scheduler.commit(1, ['b'], NONE);
    await frame();
    expect(a.causes.length).toBe(1);
    expect(b.causes.length).toBe(2);
  });

  it('reports a version that changes nothing on screen too, soon, without a draw or a frame', async () => {
    const { scheduler, frame, rendered, clock } = createScheduler();
    const { view, causes } = createView('a');
    scheduler.add(view);
    await frame();
    scheduler.commit(5, [], NONE);
    expect(rendered).toEqual([]);
    clock.advance(0);
    expect(rendered).toEqual([5]);
    for (let version = 6; version <= 20; version++) {
      clock.advance(10);
      scheduler.commit(version, ['elsewhere'], NONE);
    }
    clock.advance(100);
    expect(rendered.length).toBeLessThanOrEqual(4);
    expect(rendered.at(-1)).toBe(20);
    expect([await frame(), causes.length]).toEqual([0, 1]);
  });

  it('reports a version that changes nothing only once what is on its way is drawn', async () => {
    const { scheduler, frame, rendered, clock } = createScheduler();
    scheduler.add(createView('a').view);
    await frame();
    scheduler.commit(1, ['elsewhere'], NONE);
    scheduler.commit(2, ['a'], NONE);
    clock.advance(1000);
    expect(rendered).toEqual([]);
    await frame();
    expect(rendered).toEqual([2]);
  });

  it('reports no version that changes nothing while the page is hidden', async () => {
    const { scheduler, frame, rendered, page, clock } = createScheduler();
    scheduler.commit(1, ['elsewhere'], NONE);
    page.isVisible = false;
    clock.advance(1000);
    expect(rendered).toEqual([]);
    page.isVisible = true;
    scheduler.visibilityChanged();
    await frame();
    expect(rendered).toEqual([1]);
  });

  it('asks for no frame where nothing happened', async () => {
    const { scheduler, frame } = createScheduler();
    scheduler.add(createView('a').view);
    await frame();
    expect(await frame()).toBe(0);
  });

  it('draws nothing while hidden, and once on return, with all that came', async () => {
    const { scheduler, frame, rendered, page } = createScheduler();
    const { view, causes } = createView('a');
    scheduler.add(view);
    await frame();
    page.isVisible = false;
    scheduler.commit(1, ['a'], new Map([['a', 2]]));
    scheduler.commit(2, ['a'], new Map([['a', 3]]));
    expect(await frame()).toBe(0);
    page.isVisible = true;
    scheduler.visibilityChanged();
    await frame();
    expect(causes.slice(1)).toEqual([{ isData: true, droppedFirst: 5 }]);
    expect(rendered).toEqual([2]);
  });

  it('keeps what a frame would have drawn that comes after the page was hidden', async () => {
    const { scheduler, frame, page } = createScheduler();
    const { view, causes } = createView('a');
    scheduler.add(view);
    page.isVisible = false;
    await frame();
    expect(causes).toEqual([]);
    page.isVisible = true;
    scheduler.visibilityChanged();
    await frame();
    expect(causes.length).toBe(1);
  });

  it('reports a version only when all its draws are done, and goes on drawing meanwhile', async () => {
    const { scheduler, frame, rendered } = createScheduler();
    let finish = (): void => {};
    const slow = createView('a', () => new Promise<void>((resolve) => (finish = resolve)));
    const quick = createView('b');
    scheduler.add(slow.view);
    scheduler.add(quick.view);
    scheduler.commit(1, ['a', 'b'], NONE);
    await frame();
    expect(rendered).toEqual([]);
    scheduler.commit(2, ['b'], NONE);
    await frame();
    expect(rendered).toEqual([]);
    finish();
    await frame();
    expect(rendered.at(-1)).toBe(2);
    expect(quick.causes.length).toBe(2);
  });

  it('does not wait for a view that was removed while it draws', async () => {
    const { scheduler, frame, rendered } = createScheduler();
    const remove = scheduler.add(createView('a', () => new Promise<void>(() => {})).view);
    scheduler.add(createView('a').view);
    scheduler.commit(1, ['a'], NONE);
    await frame();
    expect(rendered).toEqual([]);
    remove();
    await frame();
    expect(rendered).toEqual([1]);
    scheduler.commit(2, ['a'], NONE);
    await frame();
    expect(rendered).toEqual([1, 2]);
  });

  it('reports a version only when the views that its draws added are drawn too', async () => {
    const { scheduler, frame, rendered } = createScheduler();
    const inner = createView('a');
    let load = (): void => {};
    const outer = createView('a', async () => {
      if (outer.causes.length > 1) return;
      await new Promise<void>((resolve) => (load = resolve));
      scheduler.add(inner.view);
    });
    scheduler.add(outer.view);
    scheduler.commit(1, ['a'], NONE);
    await frame();
    load();
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect([inner.causes.length, rendered]).toEqual([0, []]);
    await frame();
    expect([inner.causes.length, rendered]).toEqual([1, [1]]);
  });

  it('waits for no first draw of a view that throws or is removed', async () => {
    const { scheduler, frame, rendered } = createScheduler();
    scheduler.add(
      createView('a', () => {
        throw new Error('mine');
      }).view,
    );
    scheduler.commit(1, ['a'], NONE);
    await frame();
    scheduler.add(createView('a').view)();
    scheduler.commit(2, ['a'], NONE);
    await frame();
    expect(rendered).toEqual([1, 2]);
  });

  it('draws the other views though one throws', async () => {
    const { scheduler, frame, rendered, errors } = createScheduler();
    const bad = createView('a', () => {
      throw new Error('mine');
    });
    const good = createView('a');
    scheduler.add(bad.view);
    scheduler.add(good.view);
    scheduler.commit(1, ['a'], NONE);
    await frame();
    expect(good.causes.length).toBe(1);
    expect(errors.length).toBe(1);
    expect(rendered).toEqual([1]);
  });

  it('reports on a new line what the last line was told already', () => {
    const { scheduler, rendered, clock } = createScheduler();
    scheduler.commit(7, [], NONE);
    clock.advance(100);
    scheduler.newLine();
    scheduler.commit(7, [], NONE);
    clock.advance(100);
    scheduler.newLine();
    scheduler.commit(1, [], NONE);
    clock.advance(100);
    expect(rendered).toEqual([7, 7, 1]);
  });

  it('draws a removed view no more, and nothing once closed', async () => {
    const { scheduler, frame } = createScheduler();
    const { view, causes } = createView('a');
    const remove = scheduler.add(view);
    remove();
    scheduler.commit(1, ['a'], NONE);
    scheduler.close();
    scheduler.close();
    expect(await frame()).toBe(0);
    expect(causes).toEqual([]);
  });

  it('reports no version while something is to come, and then the newest, with or without a commit', async () => {
    const { scheduler, frame, rendered, page, clock } = createScheduler();
    const { view, causes } = createView('a');
    scheduler.add(view);
    page.isComplete = false;
    scheduler.commit(1, ['a'], NONE);
    scheduler.commit(2, [], NONE);
    await frame();
    expect([causes.length, rendered]).toEqual([1, []]);
    page.isComplete = true;
    scheduler.completed();
    clock.advance(100);
    expect([causes.length, rendered]).toEqual([1, [2]]);
    scheduler.completed();
    expect(await frame()).toBe(0);
    expect(rendered.length).toBe(1);
  });
});
