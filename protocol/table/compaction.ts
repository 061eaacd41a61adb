import { type RowLog, SEGMENT_ROWS } from './row-log.ts';
import type { Segment } from './segment.ts';

/** Neighbours are gathered together up to so many rows; larger segments stay by themselves. */
const MERGED_ROWS = 8192;

/**
 * Gives back the memory of dead rows: segments that are less than half alive are gathered anew, small ones together with
 * smaller or equal neighbours before them, so that neither dead rows nor the number of segments outgrow the live rows by
 * more than a constant factor. The order of writing stays.
 *
 * @param credit rows that may be copied now
 * @param positions the position of each slot's row; renewed for rows that move
 * @returns the credit that is left
 */
export function compact(log: RowLog, credit: number, positions: Uint32Array): number {
  let left = credit;
  let emptied = false;
  const { segments } = log;
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    if (log.isOpen(segment)) continue;
    if (segment.liveCount === 0) emptied = true;
    else if (segment.liveCount * 2 < segment.rowCount) {
      const group = neighbours(log, segments, i);
      const cost = group.reduce((sum, member) => sum + member.liveCount, 0);
      if (cost > left) continue;
      left -= cost;
      log.merge(group.map((member) => ({ segment: member, rows: liveRows(member, positions) })));
      renewPositions(segment, positions);
      emptied = true;
    }
  }
  if (emptied) log.dropEmptySegments();
  return Math.min(left, 4 * SEGMENT_ROWS);
}

/** The segment and those right before it that it is gathered with; empty ones in between do not matter. */
function neighbours(log: RowLog, segments: readonly Segment[], index: number): Segment[] {
  const group = [segments[index]!];
  let total = segments[index]!.liveCount;
  for (let i = index - 1; i >= 0; i--) {
    const before = segments[i]!;
    if (before.liveCount === 0) continue;
    if (log.isOpen(before) || before.liveCount > 2 * total || total + before.liveCount > MERGED_ROWS) break;
    group.unshift(before);
    total += before.liveCount;
  }
  return group;
}

function liveRows(segment: Segment, positions: Uint32Array): Int32Array {
  const rows = new Int32Array(segment.liveCount);
  const first = segment.id * SEGMENT_ROWS;
  const { slots, rowCount } = segment;
  let count = 0;
  for (let row = segment.firstRow; row < rowCount; row++)
    if (positions[slots[row]!] === first + row) rows[count++] = row;
  return rows;
}

function renewPositions(segment: Segment, positions: Uint32Array): void {
  const first = segment.id * SEGMENT_ROWS;
  for (let row = 0; row < segment.rowCount; row++) positions[segment.slots[row]!] = first + row;
}
