import { effect } from '@preact/signals-core';
import type { AppModel } from './app-model.ts';

/** A dashboard's element tells it, bubbling, when its panels stand for the first time, or there is nothing to show. */
export const DASHBOARD_SHOWN = 'dashboard-shown';

/**
 * Holds versions back that nothing on screen shows yet, where the address names a dashboard: its code and its layout come
 * later than the first commit. It ends with the dashboard's first showing, or as soon as the viewer is elsewhere. The
 * function that it answers ends it too.
 */
export function awaitFirstDashboard(
  { dashboard, scheduler }: Pick<AppModel, 'dashboard' | 'scheduler'>,
  host: EventTarget,
): () => void {
  if (dashboard.peek() === null) return () => {};
  let show = (): void => {};
  const shown = new Promise<void>((resolve) => {
    show = resolve;
  });
  const removeView = scheduler.add({ table: '', draw: () => shown });
  host.addEventListener(DASHBOARD_SHOWN, show, { once: true });
  const stop = effect(() => {
    if (dashboard.value === null) show();
  });
  void shown.then(() => {
    removeView();
    stop();
    host.removeEventListener(DASHBOARD_SHOWN, show);
  });
  return show;
}
