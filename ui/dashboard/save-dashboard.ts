import type { DashboardTexts } from '../locales/dashboard/en.ts';
import type { AppModel } from '../shell/app-model.ts';
import type { DashboardState } from './dashboard-state.ts';

export interface SaveOptions {
  readonly model: AppModel;
  readonly state: DashboardState;
  readonly texts: DashboardTexts;
  /** Says something to those who listen. */
  readonly say: (text: string) => void;
}

/** Saves the dashboard under a name, and shows the one of that name. `anyState` replaces whatever is there. */
export async function saveDashboard(
  { model, state, texts, say }: SaveOptions,
  name: string,
  anyState = false,
): Promise<void> {
  if (!(await state.save(name, anyState))) return;
  say(texts.saved);
  state.endEditing();
  // The address names what is saved, and no longer holds it.
  if (name !== state.name || location.hash !== '') model.openDashboard(name);
  model.dashboardSaves.value++;
}
