import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { AppModel } from './app-model.ts';
import type { Preferences } from './preferences.ts';

/** What a page has; the rest of its model follows from it. */
export type AppModelParts = Omit<
  AppModel,
  | 'texts'
  | 'language'
  | 'upColours'
  | 'singleKeys'
  | 'theme'
  | 'tableNames'
  | 'size'
  | 'isEmpty'
  | 'isListOpen'
  | 'shownView'
  | 'dashboardSaves'
  | 'shownChart'
> & {
  readonly preferences: Preferences;
  /** Names of the tables that the replica has, sorted. */
  readonly replicaNames: ReadonlySignal<readonly string[]>;
};

export function createAppModel({ preferences, replicaNames, ...parts }: AppModelParts): AppModel {
  const { theme, language, upColours, singleKeys } = preferences;
  const tableNames = computed(() =>
    [...new Set([...replicaNames.value, ...parts.gatewayTables.value.keys()])].sort(),
  );
  return {
    ...parts,
    theme,
    language,
    upColours,
    singleKeys,
    get texts() {
      return language.texts.value;
    },
    tableNames,
    size: shownSize(parts, replicaNames),
    isEmpty: computed(
      () => parts.hasVersion.value && tableNames.value.length === 0 && parts.selected.value === null,
    ),
    isListOpen: signal(false),
    shownView: signal(null),
    dashboardSaves: signal(0),
    shownChart: signal(null),
  };
}

/** A replica's tables are no signals: a version drawn, or other names, is when to look again. */
function shownSize(
  { version, selected, tables, firstRows }: Pick<AppModel, 'version' | 'selected' | 'tables' | 'firstRows'>,
  replicaNames: ReadonlySignal<readonly string[]>,
): AppModel['size'] {
  let last: AppModel['size']['value'] = null;
  return computed(() => {
    void version.value;
    void replicaNames.value;
    const first = firstRows.value;
    const replica = selected.value === null ? undefined : tables.get(selected.value);
    const table = replica ?? first?.table;
    const rows = replica?.rowCount ?? first?.rowCount ?? null;
    const columns = table?.fields.length ?? 0;
    if (rows === null) last = null;
    else if (last?.rows !== rows || last.columns !== columns) last = { rows, columns };
    return last;
  });
}
