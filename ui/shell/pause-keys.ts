import type { ReadonlySignal } from '@preact/signals-core';

const TEXT_FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';
/** What the space bar works by itself. */
const PRESSED_BY_SPACE =
  'button, a, summary, [role="button"], [role^="menuitem"], [role="option"], [popover]';

/** `p` and the space bar pause and go on while they are on, unless they mean something where the focus is. Returns its end. */
export function bindPauseKeys(
  document: Document,
  isOn: ReadonlySignal<boolean>,
  toggle: () => void,
): () => void {
  const ended = new AbortController();
  document.addEventListener(
    'keydown',
    (event) => {
      if (!isOn.peek() || !isPauseKey(event)) return;
      event.preventDefault();
      toggle();
    },
    { signal: ended.signal },
  );
  return () => ended.abort();
}

function isPauseKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.repeat || event.isComposing) return false;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TEXT_FIELDS)) return false;
  if (event.key === 'p') return true;
  return event.key === ' ' && !target?.closest(PRESSED_BY_SPACE);
}
