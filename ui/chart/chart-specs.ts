import { effect, type ReadonlySignal, signal } from '@preact/signals-core';

const STORAGE_KEY = 'tablecast.charts';
const PARAMETER = 'chart';
/** Tables remembered, those used last. */
const MAX_TABLES = 50;
/** A longer spec is none. */
const MAX_CHARACTERS = 20_000;

/** The charts that the viewer shaped, per table, as the JSON text of a chart spec; whoever draws them checks them. */
export interface ChartSpecs {
  /** Null for the table's own chart. Reading is reading a signal. */
  get(table: string): string | null;
  /** Remembered; null goes back to the table's own chart. */
  set(table: string, text: string | null): void;
  close(): void;
}

export interface ChartSpecsOptions {
  readonly location: Location;
  readonly history: History;
  /** Null where the browser forbids storage. */
  readonly storage: Storage | null;
  readonly selected: ReadonlySignal<string | null>;
}

/**
 * The chosen table's spec stands in the address as `?chart=`, so that the address shows the same to others; one that comes
 * with the address wins over what is remembered.
 */
export function createChartSpecs({ location, history, storage, selected }: ChartSpecsOptions): ChartSpecs {
  const texts = signal<ReadonlyMap<string, string>>(new Map(remembered(storage)));
  let given = usable(new URL(location.href).searchParams.get(PARAMETER));

  function set(table: string, text: string | null): void {
    const others = [...texts.peek()].filter(([name]) => name !== table);
    const all = usable(text) === null ? others : [[table, text] as [string, string], ...others];
    texts.value = new Map(all.slice(0, MAX_TABLES));
    try {
      storage?.setItem(STORAGE_KEY, JSON.stringify([...texts.peek()]));
    } catch {
      // Without room for it a spec lasts as long as the page.
    }
  }

  function showInAddress(table: string, text: string | null): void {
    const url = new URL(location.href);
    if (url.searchParams.get(PARAMETER) === text) return;
    if (text === null) url.searchParams.delete(PARAMETER);
    else {
      url.searchParams.set('table', table);
      url.searchParams.set(PARAMETER, text);
    }
    history.replaceState(null, '', url);
  }

  const close = effect(() => {
    const table = selected.value;
    if (table === null) return;
    if (given !== null) set(table, given);
    given = null;
    showInAddress(table, texts.value.get(table) ?? null);
  });
  return { get: (table) => texts.value.get(table) ?? null, set, close };
}

function usable(text: string | null): string | null {
  return text !== null && text !== '' && text.length <= MAX_CHARACTERS ? text : null;
}

function remembered(storage: Storage | null): [string, string][] {
  try {
    const parsed: unknown = JSON.parse(storage?.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter(isEntry).slice(0, MAX_TABLES) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is [string, string] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'string' &&
    usable(value[1]) !== null
  );
}
