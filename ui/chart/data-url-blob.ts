/** The bytes of a base64 `data:` address, which the page's policy lets nobody fetch. */
export function dataUrlBlob(url: string): Blob {
  const [head = '', body = ''] = url.split(',', 2);
  const type = /^data:([^;]+);base64$/.exec(head)?.[1] ?? '';
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type });
}
