/** So long the browser may take to begin reading a file that it was handed. */
const HANDED_OVER_MS = 60_000;

/** Hands a file to the browser, as a download. */
export function saveFile(file: Blob, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), HANDED_OVER_MS);
}
