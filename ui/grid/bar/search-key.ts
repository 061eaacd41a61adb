import type { ReadonlySignal } from '@preact/signals-core';

/** Calls back where `/` is pressed while it is on, and not typed into something. Returns its end. */
export function bindSearchKey(isOn: ReadonlySignal<boolean>, search: () => void): () => void {
  function onKeyDown(event: KeyboardEvent): void {
    if (!isOn.peek()) return;
    const isTyping =
      event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
    if (
      event.key !== '/' ||
      event.defaultPrevented ||
      isTyping ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    search();
  }
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
