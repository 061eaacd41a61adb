import type { RenderScheduler, View } from '../render-scheduler.ts';

/** Adds a view to the scheduler, and tells each time that it has been drawn, until it is removed. Returns its removal. */
export function scheduleView(scheduler: RenderScheduler, view: View, onDrawn: () => void): () => void {
  let isRemoved = false;
  const remove = scheduler.add({
    table: view.table,
    draw: async (cause) => {
      await view.draw(cause);
      if (!isRemoved) onDrawn();
    },
  });
  return () => {
    isRemoved = true;
    remove();
  };
}
