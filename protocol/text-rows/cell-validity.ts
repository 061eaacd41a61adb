import { type Cells, LAST_NULL } from './cells.ts';

/** A bitmap of the cells that have a value, those of kinds above `lastNull`; null where all have. */
export function cellValidity(cells: Cells, lastNull: number = LAST_NULL): Uint8Array | null {
  const { kinds, length } = cells;
  let row = 0;
  while (row < length && kinds[row]! > lastNull) row++;
  if (row === length) return null;
  const bits = new Uint8Array((length + 7) >> 3);
  for (row = 0; row < length; row++) if (kinds[row]! > lastNull) bits[row >> 3]! |= 1 << (row & 7);
  return bits;
}
