import { computed, signal } from '@preact/signals-core';
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
};

export function createAppModel({ preferences, ...parts }: AppModelParts): AppModel {
  const { replicaNames } = parts;
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
    size: shownSize(parts),
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
function shownSize({
  version,
  selected,
  tables,
  replicaNames,
  firstRows,
}: Pick<AppModel, 'version' | 'selected' | 'tables' | 'replicaNames' | 'firstRows'>): AppModel['size'] {
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
