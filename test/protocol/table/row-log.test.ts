import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellValue } from '../../../protocol/arrow/cell-value.ts';
import { createColumnBuilder } from '../../../protocol/arrow/create-column-builder.ts';
import type { DataType } from '../../../protocol/arrow/data-type.ts';
import type { Batch, Vector } from '../../../protocol/arrow/vector.ts';
import { RowLog, SEGMENT_ROWS } from '../../../protocol/table/row-log.ts';
import type { Segment } from '../../../protocol/table/segment.ts';

const INT32: DataType = { kind: 'int', bits: 32, signed: true };
const UTF8: DataType = { kind: 'utf8' };

/** A row as the test remembers it. */
interface WrittenRow {
  readonly value: number;
  readonly version: number;
}

/** Rows of a number and its text; every seventh text is missing. */
function batchOf(first: number, count: number): Batch {
  const bytes = Int32Array.from({ length: count }, (_, i) => first + i);
  const numbers: Vector = {
    layout: 'fixed',
    length: count,
    validity: null,
    width: 4,
    bytes: new Uint8Array(bytes.buffer),
  };
  const encoded = Array.from({ length: count }, (_, i) => Buffer.from(textOf(first + i) ?? ''));
  const offsets = new Int32Array(count + 1);
  const validity = new Uint8Array((count + 7) >> 3);
  encoded.forEach((text, i) => {
    offsets[i + 1] = offsets[i]! + text.length;
    if (textOf(first + i) !== null) validity[i >> 3]! |= 1 << (i & 7);
  });
  const texts: Vector = { layout: 'bytes', length: count, validity, offsets, data: Buffer.concat(encoded) };
  return { rowCount: count, columns: [numbers, texts] };
}

function textOf(value: number): string | null {
  return value % 7 === 0 ? null : `t${value}`;
}

function rowsOf(segment: Segment): WrittenRow[] {
  return Array.from({ length: segment.rowCount }, (_, row) => {
    const value = cellValue(INT32, segment.columns[0], row);
    if (cellValue(UTF8, segment.columns[1], row) !== textOf(Number(value)))
      throw new Error(`The text of row ${row} is not that of its number ${value}.`);
    return { value: Number(value), version: segment.versionOf(row) };
  });
}

function allRows(log: RowLog): WrittenRow[] {
  return log.segments.flatMap(rowsOf);
}

const sizes = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 30 }) },
  { weight: 3, arbitrary: fc.constantFrom(2047, 2048, 2049, 3000) },
);

describe('a row log', () => {
  test('keeps what was appended, in order, with the version that wrote it', () => {
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 12 }), (counts) => {
        const log = new RowLog([INT32, UTF8]);
        const written: WrittenRow[] = [];
        counts.forEach((count, i) => {
          const version = 1 + (i >> 1);
          const placed = log.append(batchOf(written.length, count), version, version * 10);
          expect(placed.reduce((sum, each) => sum + each.count, 0)).toBe(count);
          for (const { segment, from } of placed) {
            expect(log.segmentAt(segment.id * SEGMENT_ROWS + from)).toBe(segment);
            expect(segment.timeMsOf(from)).toBe(version * 10);
          }
          for (let row = 0; row < count; row++) written.push({ value: written.length, version });
        });
        expect(allRows(log)).toEqual(written);
      }),
      { numRuns: 200 },
    );
  });

  test('finds the rows written after any version at the end of each segment', () => {
    fc.assert(
      fc.property(fc.array(sizes, { minLength: 1, maxLength: 12 }), (counts) => {
        const log = new RowLog([INT32, UTF8]);
        let total = 0;
        counts.forEach((count, i) => {
          log.append(batchOf(total, count), i + 1, 0);
          total += count;
        });
        const bySegment = log.segments.map((segment) => ({ segment, rows: rowsOf(segment) }));
        const all = bySegment.flatMap(({ rows }) => rows);
        for (let since = 0; since <= counts.length; since++) {
          const after = bySegment.flatMap(({ segment, rows }) => rows.slice(segment.firstRowAfter(since)));
          const expected = all.filter(({ version }) => version > since);
          expect(after.map(({ value }) => value).join()).toBe(expected.map(({ value }) => value).join());
        }
      }),
      { numRuns: 100 },
    );
  });

  test('fills the open segment to its last row and then begins another', () => {
    const log = new RowLog([INT32, UTF8]);
    const pieces = Math.ceil((SEGMENT_ROWS + 100) / 2000);
    for (let i = 0; i < pieces; i++) log.append(batchOf(i * 2000, 2000), i + 1, 0);
    expect(log.segments.map((segment) => segment.rowCount)).toEqual([
      SEGMENT_ROWS,
      pieces * 2000 - SEGMENT_ROWS,
    ]);
    expect(allRows(log).map(({ value }) => value)).toEqual(
      Array.from({ length: pieces * 2000 }, (_, value) => value),
    );
  });

  test('takes a batch of more rows than a segment holds as several segments', () => {
    const log = new RowLog([INT32, UTF8]);
    const count = SEGMENT_ROWS * 2 + 5;
    const placed = log.append(batchOf(0, count), 1, 0);
    expect(placed.map((each) => each.count)).toEqual([SEGMENT_ROWS, SEGMENT_ROWS, 5]);
    const rows = allRows(log);
    expect([rows.length, rows[SEGMENT_ROWS]?.value, rows.at(-1)?.value]).toEqual([
      count,
      SEGMENT_ROWS,
      count - 1,
    ]);
  });

  test('gives rows no value in a column that came after them', () => {
    const log = new RowLog([INT32]);
    log.append({ rowCount: 2, columns: batchOf(0, 2).columns.slice(0, 1) }, 1, 0);
    log.addColumn(UTF8);
    log.append(batchOf(2, 2), 2, 0);
    const texts = log.segments.flatMap((segment) =>
      Array.from({ length: segment.rowCount }, (_, row) => cellValue(UTF8, segment.columns[1], row)),
    );
    expect(texts).toEqual([null, null, 't2', 't3']);
  });

  test('forgets empty segments wherever they stand and uses their ids again', () => {
    const log = new RowLog([INT32, UTF8]);
    for (let i = 0; i < 4; i++) log.append(batchOf(i * 3000, 3000), i + 1, 0);
    const ids = log.segments.map((segment) => segment.id);
    log.segments[1]!.liveCount = 0;
    log.segments[3]!.liveCount = 0;
    log.dropEmptySegments();
    expect(log.segments.map((segment) => segment.id)).toEqual([ids[0], ids[2]]);
    log.append(batchOf(0, 3000), 5, 0);
    log.append(batchOf(0, 3000), 6, 0);
    expect(log.idLimit).toBe(4);
    expect(new Set(log.segments.map((segment) => segment.id)).size).toBe(4);
    expect(log.segments.map((segment) => segment.lastVersion)).toEqual([1, 3, 5, 6]);
  });

  test('does not add to a segment that was forgotten while it was open', () => {
    const log = new RowLog([INT32, UTF8]);
    log.append(batchOf(0, 5), 1, 0);
    log.segments[0]!.liveCount = 0;
    log.dropEmptySegments();
    log.append(batchOf(5, 2), 2, 0);
    expect(allRows(log)).toEqual([
      { value: 5, version: 2 },
      { value: 6, version: 2 },
    ]);
  });

  test('gathers live rows of neighbours with their versions and slots', () => {
    const picks = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(picks, { minLength: 1, maxLength: 3 }), (picked) => {
        const log = new RowLog([INT32, UTF8]);
        picked.forEach((_, i) => {
          const [placed] = log.append(batchOf(i * 2048, 2048), 2 * i + 1, 0);
          const slots = placed!.segment.reserveSlots();
          for (let row = 0; row < 2048; row++) slots[row] = i * 2048 + row;
        });
        const sources = log.segments.map((segment, i) => ({
          segment,
          rows: Int32Array.from({ length: 2048 }, (_, row) => row).filter(
            (row) => picked[i]![row % picked[i]!.length],
          ),
        }));
        const expected = sources.flatMap(({ segment, rows }) => {
          const all = rowsOf(segment);
          return [...rows].map((row) => all[row]!);
        });
        log.merge(sources);
        log.dropEmptySegments();
        expect(allRows(log)).toEqual(expected);
        expect(log.segments.flatMap((segment) => [...segment.slots.subarray(0, segment.rowCount)])).toEqual(
          expected.map(({ value }) => value),
        );
      }),
      { numRuns: 30 },
    );
  });
});

test('a builder shares its rows with whoever holds its vector, and earlier rows never change', () => {
  const builder = createColumnBuilder(UTF8);
  const source = batchOf(1, 6).columns[1];
  builder.appendRange(source, 0, 2);
  const held = builder.vector;
  builder.appendNulls(1);
  builder.appendRows(source, Int32Array.of(4, -1, 0), 0, 3);
  const read = Array.from({ length: held.length }, (_, row) => cellValue(UTF8, held, row));
  expect(read).toEqual(['t1', 't2', null, 't5', null, 't1']);
});
