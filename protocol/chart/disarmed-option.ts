/** Every name that a plain object has before anything is put into it: `__proto__`, `constructor`, `hasOwnProperty` … */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));
/** Takes no place on screen. */
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * An option whose texts and keys ECharts can keep as names in plain objects, as it does: those that such objects inherit
 * are followed by a character that nobody sees. What needs no change stays the object that it is.
 */
export function disarmedOption<T>(value: T): T {
  return disarmed(value) as T;
}

function disarmed(value: unknown): unknown {
  if (typeof value === 'string') return nameOf(value);
  if (Array.isArray(value)) return disarmedList(value);
  if (!isPlain(value)) return value;
  const entries = Object.entries(value);
  const changed = entries.map(([key, part]): [string, unknown] => [nameOf(key), disarmed(part)]);
  const isSame = changed.every(([key, part], i) => key === entries[i]![0] && part === entries[i]![1]);
  return isSame ? value : Object.fromEntries(changed);
}

function disarmedList(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const part = list[i];
    if (typeof part === 'number') continue;
    const safe = disarmed(part);
    if (safe === part) continue;
    copy ??= [...list];
    copy[i] = safe;
  }
  return copy ?? list;
}

function nameOf(text: string): string {
  return INHERITED.has(text) ? text + ZERO_WIDTH_SPACE : text;
}

/** Typed arrays, functions and what classes make are no part of an option's text. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
