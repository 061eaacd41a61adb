/** Calls back where `/` is pressed and not typed into something. Returns its end. */
export function bindSearchKey(search: () => void): () => void {
  function onKeyDown(event: KeyboardEvent): void {
    const isTyping =
      event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search();
  }
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}
