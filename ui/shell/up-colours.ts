import { computed, effect, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Locale } from '../locales/locale.ts';

const STORAGE_KEY = 'tablecast.up';

/** Which colour tells that a value rose; the other one tells that it fell. */
export type UpColour = 'cool' | 'warm';

export interface UpColourControl {
  readonly up: ReadonlySignal<UpColour>;
  /** Remembered. */
  choose(up: UpColour): void;
  close(): void;
}

export interface UpColourOptions {
  readonly root: HTMLElement;
  readonly storage: Storage | null;
  readonly locale: ReadonlySignal<Locale>;
}

/** Keeps `<html data-up>` to the viewer's choice, else to the habit of the language: Chinese and Japanese markets rise warm. */
export function createUpColourControl(options: UpColourOptions): UpColourControl {
  const stored = options.storage?.getItem(STORAGE_KEY);
  const choice = signal<UpColour | null>(stored === 'cool' || stored === 'warm' ? stored : null);
  const up = computed(() => choice.value ?? (options.locale.value === 'en' ? 'cool' : 'warm'));
  const stop = effect(() => {
    options.root.dataset.up = up.value;
  });
  return {
    up,
    choose(next) {
      choice.value = next;
      options.storage?.setItem(STORAGE_KEY, next);
    },
    close: stop,
  };
}
