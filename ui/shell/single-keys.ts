import { type ReadonlySignal, signal } from '@preact/signals-core';

const STORAGE_KEY = 'tablecast.singleKeys';

/** Whether keys without a modifier do something wherever the focus is (WCAG 2.1.4): some voices and hands press them by accident. */
export interface SingleKeyControl {
  readonly isOn: ReadonlySignal<boolean>;
  /** Remembered. */
  choose(isOn: boolean): void;
}

/** On, unless the viewer switched them off. */
export function createSingleKeyControl(storage: Storage | null): SingleKeyControl {
  const isOn = signal(storage?.getItem(STORAGE_KEY) !== 'off');
  return {
    isOn,
    choose(next) {
      isOn.value = next;
      storage?.setItem(STORAGE_KEY, next ? 'on' : 'off');
    },
  };
}
