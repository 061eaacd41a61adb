import { byteWidth, type DataType } from '../arrow/data-type.ts';
import { byteLengthOf } from '../arrow/vector.ts';
import type { Segment } from './segment.ts';

/**
 * What rows `from .. to` of a segment weigh for `max_bytes`: the width of fixed values, 4 bytes and the text for others,
 * no bitmaps. The same rows weigh the same however they are cut into segments, so replaying a log trims the same rows.
 */
export function rowBytes(types: readonly DataType[], segment: Segment, from: number, to: number): number {
  const count = to - from;
  return types.reduce((sum, type, i) => {
    const width = byteWidth(type);
    if (width !== null) return sum + width * count;
    const vector = segment.columns[i];
    if (type.kind === 'utf8' || type.kind === 'binary') {
      const text = vector?.layout === 'bytes' ? vector.offsets[to]! - vector.offsets[from]! : 0;
      return sum + 4 * count + text;
    }
    if (type.kind === 'bool') return sum + count;
    return sum + 4 * count + nestedBytes(vector, from, to);
  }, 0);
}

/** Row by row, for a bitmap's rounding depends on where the rows begin. */
function nestedBytes(vector: Segment['columns'][number], from: number, to: number): number {
  let bytes = 0;
  for (let row = from; row < to; row++) bytes += byteLengthOf(vector, row, row + 1);
  return bytes;
}
