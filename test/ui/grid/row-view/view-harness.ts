import { expect } from 'vitest';
import type { LiveTable } from '../../../../protocol/table/live-table.ts';
import { RowView, type ViewLine, type ViewUpdate } from '../../../../ui/grid/row-view/row-view.ts';
import { PLAIN_SPEC, type ViewSpec } from '../../../../ui/grid/row-view/view-spec.ts';
import { naiveLines } from './naive-view.ts';

/** A view whose slices run when told to, each as short as can be. */
export class ViewHarness {
  table: LiveTable | undefined;
  readonly view: RowView;
  readonly #slices: (() => void)[] = [];
  #nowMs = 0;
  readyCount = 0;

  constructor(options: { readonly smallRows: number }) {
    this.view = new RowView({
      read: () => this.table,
      nowMs: () => (this.#nowMs += 10),
      schedule: (slice) => this.#slices.push(slice),
      onReady: () => {
        this.readyCount++;
      },
      smallRows: options.smallRows,
    });
  }

  get hasSlices(): boolean {
    return this.#slices.length > 0;
  }

  runSlice(): void {
    this.#slices.shift()?.();
  }

  spec(spec: Partial<ViewSpec>): void {
    this.view.setSpec({ ...PLAIN_SPEC, ...spec });
  }

  /** Updates, and lets builds come to their end. */
  settle(): ViewUpdate {
    let update = this.view.update();
    for (let turn = 0; this.view.isBuilding; turn++) {
      expect(turn, 'turns of a build').toBeLessThan(20_000);
      if (this.hasSlices) this.runSlice();
      else update = this.view.update();
      if (this.readyCount > 0) update = this.view.update();
      this.readyCount = 0;
    }
    return update;
  }

  lines(): ViewLine[] {
    return Array.from({ length: this.view.rowCount }, (_, index) => this.view.rowAt(index));
  }

  /** The view is what a fresh look at the table gives. */
  expectRight(): void {
    const { table, view } = this;
    if (table === undefined) {
      expect(view.rowCount).toBe(0);
      return;
    }
    const expected = naiveLines(table, view.spec);
    const lines = this.lines();
    expect(lines.map(comparable)).toEqual(expected.map(comparable));
    lines.forEach((line, index) => {
      if (line.type === 'row') {
        expect(view.indexOf(line.row)).toBe(index);
        const last = table.fields.length - 1;
        if (last >= 0) expect(view.text(index, last)).toBe(table.text(line.row, last));
      } else expect(view.text(index, 0)).toBeNull();
    });
    const { group } = view.spec;
    const opened = { ...view.spec, group: group === null ? null : { ...group, expanded: 'all' as const } };
    const matching = naiveLines(table, opened).flatMap((line) => (line.type === 'row' ? [line.row] : []));
    expect([...view.matchingRows()]).toEqual(matching);
    const shown = new Set(lines.map((line) => (line.type === 'row' ? line.row : -1)));
    for (let row = 0; row < table.rowCount; row++) if (!shown.has(row)) expect(view.indexOf(row)).toBe(-1);
  }

  /** While a build runs: rows of the table, each at most once, all with their present values. */
  expectSane(): void {
    const rows = this.lines().flatMap((line) => (line.type === 'row' ? [line.row] : []));
    expect(new Set(rows).size).toBe(rows.length);
    expect([...this.view.matchingRows()]).toEqual(rows);
    for (const row of rows) expect(row).toBeLessThan(this.table?.rowCount ?? 0);
  }
}

/** Doubles by their first twelve digits, without their text. */
function comparable(line: ViewLine): unknown {
  if (line.type === 'row') return line;
  const aggregates = line.aggregates.map(({ value }) => {
    const number = value === null ? null : Number(value);
    return number === null || !Number.isFinite(number) || number === 0
      ? String(number === 0 ? 0 : number)
      : number.toPrecision(12);
  });
  return { ...line, aggregates };
}
