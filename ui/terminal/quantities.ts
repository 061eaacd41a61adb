/** Numbers as people read them in a terminal. */

export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

export function rateText(perSecond: number): string {
  return perSecond >= 100 || perSecond === 0 ? countText(perSecond) : perSecond.toFixed(1);
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytesText(bytes: number): string {
  let power = 0;
  let size = bytes;
  for (; size >= 1024 && power < BYTE_UNITS.length - 1; power++) size /= 1024;
  return `${power === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${BYTE_UNITS[power]}`;
}

export function ageText(ageMs: number): string {
  const seconds = Math.max(0, ageMs) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
