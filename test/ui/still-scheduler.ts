import { type DrawCause, RenderScheduler, type View } from '../../ui/render-scheduler.ts';
import { createFakeClock } from './fake-clock.ts';

export const NONE = new Map<string, number>();

/** A scheduler whose frames and clock stand still until they are moved. */
export function createScheduler() {
  const frames: (() => void)[] = [];
  const rendered: number[] = [];
  const errors: unknown[] = [];
  const clock = createFakeClock();
  const page = { isVisible: true, isComplete: true };
  const scheduler = new RenderScheduler({
    requestFrame: (callback) => frames.push(callback),
    cancelFrame: () => frames.splice(0),
    isVisible: () => page.isVisible,
    clock,
    isComplete: () => page.isComplete,
    onRendered: (version) => rendered.push(version),
    onViewError: (error) => errors.push(error),
  });
  /** Runs the waiting frame and what it leads to; answers how many there were. */
  async function frame(): Promise<number> {
    const due = frames.splice(0);
    for (const callback of due) callback();
    await new Promise<void>((resolve) => setImmediate(resolve));
    return due.length;
  }
  return { scheduler, frame, rendered, errors, page, clock };
}

/** A view that keeps the causes of its draws. */
export function createView(table: string, draw: (cause: DrawCause) => void | Promise<void> = () => {}) {
  const causes: DrawCause[] = [];
  const view: View = {
    table,
    draw(cause) {
      causes.push(cause);
      return draw(cause);
    },
  };
  return { view, causes };
}
