import type { ChartSource } from './chart-source.ts';
import type { ChartWindow } from './chart-spec.ts';

/**
 * The rows of a table that a window shows: the newest, or those whose time is not longer ago than so many seconds before
 * the newest time there is. The clock on the wall has no part in it, so a table that rests is drawn the same.
 *
 * @param time The column of times that seconds are counted in.
 */
export function windowed(table: ChartSource, window: ChartWindow, time: number | null): ChartSource {
  const { rows, seconds } = window;
  if (rows !== undefined) return rowsFrom(table, Math.max(0, table.rowCount - rows));
  if (seconds === undefined || time === null) return table;
  const times = table.numbers(time, 0, table.rowCount);
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const timeMs of times) if (timeMs > newestMs) newestMs = timeMs;
  const oldestMs = newestMs - seconds * 1000;
  const first = times.findIndex((timeMs) => timeMs >= oldestMs);
  if (first < 0) return rowsFrom(table, table.rowCount);
  const isTail = times.subarray(first).every((timeMs) => timeMs >= oldestMs);
  if (isTail) return rowsFrom(table, first);
  return rowsAt(
    table,
    Uint32Array.from(times.keys()).filter((row) => times[row]! >= oldestMs),
  );
}

/** The rows from `start` on. */
export function rowsFrom(table: ChartSource, start: number): ChartSource {
  if (start === 0) return table;
  return {
    fields: table.fields,
    key: table.key,
    rowCount: table.rowCount - start,
    firstRow: (table.firstRow ?? 0) + start,
    text: (row, column) => table.text(start + row, column),
    numbers: (column, from, to) => table.numbers(column, start + from, start + to),
  };
}

/** Some rows, in this order. */
export function rowsAt(table: ChartSource, rows: Uint32Array): ChartSource {
  return {
    fields: table.fields,
    key: table.key,
    rowCount: rows.length,
    text: (row, column) => table.text(rows[row]!, column),
    numbers(column, from, to) {
      const all = table.numbers(column, 0, table.rowCount);
      const picked = new Float64Array(to - from);
      for (let i = from; i < to; i++) picked[i - from] = all[rows[i]!]!;
      return picked;
    },
  };
}
