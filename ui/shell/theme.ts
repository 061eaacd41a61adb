import { type ReadonlySignal, signal } from '@preact/signals-core';

export type ThemeChoice = 'auto' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

const STORAGE_KEY = 'tablecast.theme';
const ORDER: readonly ThemeChoice[] = ['auto', 'light', 'dark'];

export interface ThemeControl {
  readonly choice: ReadonlySignal<ThemeChoice>;
  /** What is shown now, the system's where the viewer chose none. */
  readonly theme: ReadonlySignal<Theme>;
  /** auto → light → dark → auto, remembered. */
  next(): void;
  close(): void;
}

export interface ThemeOptions {
  readonly root: HTMLElement;
  /** Null where the browser forbids storage. */
  readonly storage: Storage | null;
  readonly systemIsDark: MediaQueryList;
}

/** Keeps `<html data-theme>` to the viewer's choice and follows the system where there is none. */
export function createThemeControl(options: ThemeOptions): ThemeControl {
  const stored = ORDER.find((choice) => choice === options.storage?.getItem(STORAGE_KEY));
  const choice = signal<ThemeChoice>(stored ?? 'auto');
  const theme = signal<Theme>('light');

  function apply(): void {
    options.root.dataset.theme = choice.value;
    const system: Theme = options.systemIsDark.matches ? 'dark' : 'light';
    theme.value = choice.value === 'auto' ? system : choice.value;
  }

  options.systemIsDark.addEventListener('change', apply);
  apply();
  return {
    choice,
    theme,
    next() {
      choice.value = ORDER[(ORDER.indexOf(choice.value) + 1) % ORDER.length] ?? 'auto';
      options.storage?.setItem(STORAGE_KEY, choice.value);
      apply();
    },
    close() {
      options.systemIsDark.removeEventListener('change', apply);
    },
  };
}
