import { focusedElement } from './focused-element.ts';

/** What is selected, as text: without or with the columns' headers. Null where nothing is to be copied. */
export type CopySource = (withHeaders: boolean) => string | null;

export interface GridClipboard {
  copy(withHeaders: boolean): void;
  close(): void;
}

/**
 * Copies a grid's selection when its element has the focus and the browser's copy command comes. `copy` gives that command
 * itself, which works wherever a page came from, unlike the clipboard interface.
 */
export function bindGridClipboard(element: HTMLElement, source: CopySource): GridClipboard {
  const abort = new AbortController();
  let asked: { readonly withHeaders: boolean } | null = null;

  function onCopy(event: ClipboardEvent): void {
    if (asked === null && focusedElement(element) !== element) return;
    const text = source(asked?.withHeaders ?? false);
    if (text === null || event.clipboardData === null) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  }

  document.addEventListener('copy', onCopy, { signal: abort.signal });
  return {
    copy(withHeaders) {
      asked = { withHeaders };
      document.execCommand('copy');
      asked = null;
    },
    close: () => abort.abort(),
  };
}
