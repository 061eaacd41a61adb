import { describe, expect, it } from 'vitest';
import { CellFlashes } from '../../../ui/grid/surface/cell-flashes.ts';

function createFlashes() {
  const clock = { nowMs: 0 };
  const timers: { atMs: number; callback: () => void }[] = [];
  const flashes = new CellFlashes({
    nowMs: () => clock.nowMs,
    after: (delayMs, callback) => timers.push({ atMs: clock.nowMs + delayMs, callback }),
  });
  function goTo(nowMs: number): void {
    clock.nowMs = nowMs;
    for (const timer of timers.splice(0)) {
      if (timer.atMs <= nowMs) timer.callback();
      else timers.push(timer);
    }
  }
  return { flashes, goTo, timers };
}

/** All that flashes touch of a cell. */
function createCell(): HTMLElement {
  return { dataset: {} } as unknown as HTMLElement;
}

describe('flashes of cells', () => {
  it('hold for a moment after the last change, and fade', () => {
    const { flashes, goTo } = createFlashes();
    const [once, often] = [createCell(), createCell()];
    flashes.start(once, 'up');
    for (let ms = 0; ms <= 1000; ms += 100) {
      goTo(ms);
      flashes.start(often, 'down');
    }
    expect([once.dataset.flash, often.dataset.flash]).toEqual(['faded', 'down']);
    goTo(2000);
    expect(often.dataset.flash).toBe('faded');
  });

  it('tell the last change', () => {
    const { flashes } = createFlashes();
    const cell = createCell();
    flashes.start(cell, 'up');
    flashes.start(cell, 'other');
    expect(cell.dataset.flash).toBe('other');
  });

  it('leave no trace on a cell that shows something else', () => {
    const { flashes, goTo } = createFlashes();
    const cell = createCell();
    flashes.start(cell, 'up');
    flashes.end(cell);
    goTo(1000);
    expect(cell.dataset).toEqual({});
    flashes.start(cell, 'up');
    goTo(2000);
    flashes.end(cell);
    expect(cell.dataset).toEqual({});
  });

  it('wait with one timer, and with none where nothing flashes', () => {
    const { flashes, goTo, timers } = createFlashes();
    const cells = Array.from({ length: 100 }, createCell);
    for (const cell of cells) flashes.start(cell, 'up');
    expect(timers.length).toBe(1);
    goTo(1000);
    expect(timers.length).toBe(0);
    flashes.start(cells[0]!, 'up');
    flashes.close();
    goTo(2000);
    expect(timers.length).toBe(0);
  });
});
