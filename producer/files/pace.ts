import { setTimeout as delay } from 'node:timers/promises';
import { columnNumbers } from '../../protocol/arrow/column-numbers.ts';
import type { DataType } from '../../protocol/arrow/data-type.ts';
import { isNull, type Vector } from '../../protocol/arrow/vector.ts';
import { TablecastError } from '../../protocol/errors.ts';
import { parseTimestamp } from '../../protocol/text-rows/parse-times.ts';
import { type RowGroup, sliceGroup } from './row-group.ts';

/** What is due within this time goes together. */
const STEP_MS = 50;

export type Pace =
  | { readonly type: 'rate'; readonly rowsPerSecond: number }
  /** The time column, and how many times faster than it was. */
  | { readonly type: 'replay'; readonly column: string; readonly speed: number };

export interface PaceOptions {
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
}

/**
 * Gives rows when their time has come, counted from the first row. What is late is given at once, so that the pace is kept on average.
 *
 * @throws TablecastError `missing_key_column` where there is no such time column, `bad_value` where it holds no times
 */
export async function* paced(
  groups: AsyncIterable<RowGroup>,
  { pace, signal, nowMs }: PaceOptions,
): AsyncGenerator<RowGroup> {
  const dueOf = pace.type === 'rate' ? rateClock(pace.rowsPerSecond) : replayClock(pace.column, pace.speed);
  let startMs: number | null = null;
  for await (const group of groups) {
    if (group.rowCount === 0) yield group;
    const dueMs = dueOf(group);
    for (let from = 0; from < group.rowCount; ) {
      startMs ??= nowMs();
      let to = from + 1;
      while (to < group.rowCount && dueMs(to) < dueMs(from) + STEP_MS) to++;
      // Of what goes together the last one is not early.
      const waitMs = startMs + dueMs(to - 1) - nowMs();
      if (waitMs > 1) await delay(waitMs, undefined, { signal });
      yield sliceGroup(group, from, to);
      from = to;
    }
  }
}

/** When a row of the group is due, in milliseconds after the first row of all. */
type DueOf = (group: RowGroup) => (row: number) => number;

function rateClock(rowsPerSecond: number): DueOf {
  let rowsBefore = 0;
  return (group) => {
    const first = rowsBefore;
    rowsBefore += group.rowCount;
    return (row) => ((first + row) * 1000) / rowsPerSecond;
  };
}

/** A row without a time, or with an earlier one than the row before it, is due with that row. */
function replayClock(column: string, speed: number): DueOf {
  let firstMs = Number.NaN;
  let latestMs = 0;
  return (group) => {
    const times = timesOf(group, column);
    for (const [row, timeMs] of times.entries()) {
      if (Number.isNaN(firstMs)) firstMs = timeMs;
      const sinceMs = (timeMs - firstMs) / speed;
      if (sinceMs > latestMs) latestMs = sinceMs;
      times[row] = latestMs;
    }
    return (row) => times[row]!;
  };
}

function timesOf(group: RowGroup, column: string): Float64Array {
  const place = group.fields.findIndex(({ name }) => name === column);
  if (place < 0) {
    const names = group.fields.map(({ name }) => name).join(', ');
    throw new TablecastError(
      'bad_parameter',
      `--replay ${column}: there is no such column; there are ${names}.`,
    );
  }
  const { type } = group.fields[place]!;
  const times = new Float64Array(group.rowCount);
  let before = 0;
  for (const { rowCount, columns } of group.batches) {
    fillTimes(column, type, columns[place], times.subarray(before, before + rowCount));
    before += rowCount;
  }
  return times;
}

function fillTimes(column: string, type: DataType, vector: Vector | undefined, into: Float64Array): void {
  switch (type.kind) {
    case 'timestamp':
    case 'date':
    case 'time':
    case 'duration':
      return columnNumbers(type, vector, into.length, into);
    case 'int':
    case 'float':
      columnNumbers(type, vector, into.length, into);
      into.forEach((value, row) => {
        into[row] = value * msPerUnit(value);
      });
      return;
    case 'utf8':
      return fillTextTimes(column, vector, into);
    case 'null':
      into.fill(Number.NaN);
      return;
    default:
      throw new TablecastError(
        'bad_value',
        `--replay ${column}: a column of type ${type.kind} holds no times; name one of timestamps, numbers or ISO 8601 texts.`,
      );
  }
}

/** Unix times tell their unit by their size: seconds, milliseconds, microseconds, nanoseconds. */
function msPerUnit(value: number): number {
  const size = Math.abs(value);
  if (!(size >= 1e11)) return 1000;
  if (size < 1e14) return 1;
  return size < 1e17 ? 1e-3 : 1e-6;
}

const decoder = new TextDecoder();

function fillTextTimes(column: string, vector: Vector | undefined, into: Float64Array): void {
  into.forEach((_, row) => {
    if (isNull(vector, row) || vector?.layout !== 'bytes') {
      into[row] = Number.NaN;
      return;
    }
    const text = decoder.decode(vector.data.subarray(vector.offsets[row]!, vector.offsets[row + 1]!));
    const ticks = parseTimestamp(text, 'ns', true) ?? parseTimestamp(text, 'ns', false);
    if (ticks === null) {
      throw new TablecastError(
        'bad_value',
        `--replay ${column}: ${JSON.stringify(text.slice(0, 64))} is no time; write it as 2026-11-21T09:30:00Z.`,
      );
    }
    into[row] = Number(ticks) / 1e6;
  });
}
