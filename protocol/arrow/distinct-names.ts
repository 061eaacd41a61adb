/**
 * Names of columns (or of a struct's fields) that no two share: what is left of a name that comes again is `a_2`, `a_3` and so on, the
 * first that no other one has. The same names give the same result.
 */
export function distinctNames(names: readonly string[]): readonly string[] {
  const given = new Set(names);
  if (given.size === names.length) return names;
  const taken = new Set(given);
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  return names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let count = counts.get(name) ?? 2;
    while (taken.has(`${name}_${count}`)) count++;
    counts.set(name, count + 1);
    const free = `${name}_${count}`;
    taken.add(free);
    return free;
  });
}
