import { type AppModel, ageMs } from './app-model.ts';

export interface PageStatus {
  readonly kind: 'connecting' | 'live' | 'behind' | 'paused' | 'stale' | 'reconnecting';
  readonly text: string;
}

/** Whether what is on screen is the present, and if not, why; the worst reason goes first. */
export function pageStatus(model: AppModel): PageStatus {
  const { texts } = model;
  const table = model.selected.value;
  const age = table === null ? null : ageMs(model, table);
  const connection = model.connection.value;
  if (model.isLoginNeeded.value) return { kind: 'reconnecting', text: texts.loginNeeded };
  if (connection === 'reconnecting') return { kind: 'reconnecting', text: texts.reconnecting };
  if (connection === 'connecting') return { kind: 'connecting', text: texts.connecting };
  if (model.version.value === null) return { kind: 'connecting', text: texts.loading };
  if (model.pausing.waiting.value !== null) return { kind: 'paused', text: texts.paused };
  if (model.isBehind.value) return { kind: 'behind', text: texts.catchingUp };
  const silentSinceMs = table === null ? null : silentSince(model, table);
  if (silentSinceMs !== null) {
    const silentMs = Math.max(0, model.nowMs.value - silentSinceMs);
    return { kind: 'stale', text: texts.producerSilent(texts.age(silentMs)) };
  }
  if (table !== null && age !== null && model.activity.isStale(table, model.nowMs.value)) {
    return { kind: 'stale', text: texts.stale(texts.age(age)) };
  }
  return { kind: 'live', text: texts.live };
}

/** When the table's producer was heard last, where it has fallen silent; null where it has not. */
function silentSince(model: AppModel, table: string): number | null {
  return model.gatewayTables.value.get(table)?.sequence?.silentSinceMs ?? null;
}
