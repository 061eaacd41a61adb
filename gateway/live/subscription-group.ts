/** Which tables a viewer wants. Viewers that want the same share one group, by its id. */
export interface SubscriptionGroup {
  readonly id: string;
  /** All tables, those to come included, except the named ones; otherwise only the named ones. */
  readonly all: boolean;
  readonly names: ReadonlySet<string>;
}

export const NO_TABLES: SubscriptionGroup = { id: '', all: false, names: new Set() };
const ALL_TABLES: SubscriptionGroup = { id: '*', all: true, names: new Set() };

export function withTables(group: SubscriptionGroup, tables: '*' | readonly string[]): SubscriptionGroup {
  if (tables === '*') return ALL_TABLES;
  return group.all ? subtracted(group, tables) : added(group, tables);
}

export function withoutTables(group: SubscriptionGroup, tables: '*' | readonly string[]): SubscriptionGroup {
  if (tables === '*') return NO_TABLES;
  return group.all ? added(group, tables) : subtracted(group, tables);
}

export function wants(group: SubscriptionGroup, table: string): boolean {
  return group.all !== group.names.has(table);
}

function added(group: SubscriptionGroup, names: readonly string[]): SubscriptionGroup {
  return named(group.all, new Set([...group.names, ...names]));
}

function subtracted(group: SubscriptionGroup, names: readonly string[]): SubscriptionGroup {
  const gone = new Set(names);
  return named(group.all, new Set([...group.names].filter((name) => !gone.has(name))));
}

function named(all: boolean, names: ReadonlySet<string>): SubscriptionGroup {
  // A table's name holds no space.
  return { id: [all ? '*' : '', ...[...names].sort()].join(' '), all, names };
}
