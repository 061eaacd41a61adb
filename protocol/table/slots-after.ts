import type { RowLog } from './row-log.ts';
import { SEGMENT_ROWS } from './row-log.ts';

/** The slots of live rows written after the version, in their order; `positions` by slot. */
export function slotsAfter(log: RowLog, positions: Uint32Array, version: number): Uint32Array {
  const { segments } = log;
  let first = segments.length;
  let most = 0;
  while (first > 0 && segments[first - 1]!.lastVersion > version) {
    const segment = segments[--first]!;
    most += segment.rowCount - segment.firstRowAfter(version);
  }
  const slots = new Uint32Array(most);
  let count = 0;
  let inOrder = true;
  for (let i = first; i < segments.length; i++) {
    const segment = segments[i]!;
    for (let row = segment.firstRowAfter(version); row < segment.rowCount; row++) {
      const slot = segment.slots[row]!;
      if (positions[slot] !== segment.id * SEGMENT_ROWS + row) continue;
      if (count > 0 && slot < slots[count - 1]!) inOrder = false;
      slots[count++] = slot;
    }
  }
  const found = slots.subarray(0, count);
  return inOrder ? found : found.sort();
}
