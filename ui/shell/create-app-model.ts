import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { AppModel } from './app-model.ts';
import type { Preferences } from './preferences.ts';

/** What a page has; the rest of its model follows from it. */
export type AppModelParts = Omit<
  AppModel,
  | 'texts'
  | 'language'
  | 'upColours'
  | 'theme'
  | 'hasVersion'
  | 'tableNames'
  | 'size'
  | 'isEmpty'
  | 'isListOpen'
  | 'shownView'
> & {
  readonly preferences: Preferences;
  /** Names of the tables that the replica has, sorted. */
  readonly replicaNames: ReadonlySignal<readonly string[]>;
};

export function createAppModel({ preferences, replicaNames, ...parts }: AppModelParts): AppModel {
  const { theme, language, upColours } = preferences;
  const hasVersion = computed(() => parts.version.value !== null);
  const tableNames = computed(() =>
    [...new Set([...replicaNames.value, ...parts.gatewayTables.value.keys()])].sort(),
  );
  return {
    ...parts,
    theme,
    language,
    upColours,
    get texts() {
      return language.texts.value;
    },
    hasVersion,
    tableNames,
    size: shownSize(parts, replicaNames),
    isEmpty: computed(
      () => hasVersion.value && tableNames.value.length === 0 && parts.selected.value === null,
    ),
    isListOpen: signal(false),
    shownView: signal(null),
  };
}

/** A replica's tables are no signals: a version drawn, or other names, is when to look again. */
function shownSize(
  { version, selected, tables }: Pick<AppModel, 'version' | 'selected' | 'tables'>,
  replicaNames: ReadonlySignal<readonly string[]>,
): AppModel['size'] {
  let last: AppModel['size']['value'] = null;
  return computed(() => {
    void version.value;
    void replicaNames.value;
    const table = selected.value === null ? undefined : tables.get(selected.value);
    const rows = table?.rowCount ?? null;
    const columns = table?.fields.length ?? 0;
    if (rows === null) last = null;
    else if (last?.rows !== rows || last.columns !== columns) last = { rows, columns };
    return last;
  });
}
