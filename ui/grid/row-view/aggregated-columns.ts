import type { DataType } from '../../../protocol/arrow/data-type.ts';
import { numberLayout } from '../../../protocol/arrow/number-layout.ts';
import type { AggregatedColumn } from './aggregated-column.ts';
import { BigColumn } from './big-column.ts';
import { CountedColumn } from './counted-column.ts';
import type { IdIndex } from './id-index.ts';
import { NumberCells } from './number-cells.ts';
import { NumberColumn } from './number-column.ts';
import type { ViewPlan } from './view-plan.ts';

interface Wanted {
  readonly column: number;
  readonly type: DataType;
  /** Nothing but the number of values is asked for. */
  isCounted: boolean;
}

/** The columns that a plan aggregates, each once. */
export class AggregatedColumns {
  readonly all: readonly AggregatedColumn[];
  /** By aggregate of the plan, where its column stands among all; -1 for one that is left out. */
  readonly places: readonly number[];
  readonly #parts: readonly { readonly bytes: number }[];

  constructor({ aggregates }: Pick<ViewPlan, 'aggregates'>, index: IdIndex) {
    const wanted = new Map<number, Wanted>();
    for (const aggregate of aggregates) {
      if (aggregate === null) continue;
      const { column, type, fn } = aggregate;
      const before = wanted.get(column)?.isCounted ?? true;
      wanted.set(column, { column, type, isCounted: before && fn === 'count' });
    }
    const columns = [...wanted.keys()];
    this.places = aggregates.map((aggregate) =>
      aggregate === null ? -1 : columns.indexOf(aggregate.column),
    );
    const isNumber = ({ type, isCounted }: Wanted) => !isCounted && numberLayout(type) !== null;
    const cells = new NumberCells([...wanted.values()].filter(isNumber).length);
    index.attach(cells);
    const own: (BigColumn | CountedColumn)[] = [];
    let offset = 0;
    this.all = [...wanted.values()].map(({ column, type, isCounted }, place) => {
      const layout = isCounted ? null : numberLayout(type);
      if (layout !== null) return new NumberColumn(column, place, layout, { cells, offset: offset++ });
      const created = isCounted ? new CountedColumn(column, place) : new BigColumn(column, place, type);
      index.attach(created);
      own.push(created);
      return created;
    });
    this.#parts = [cells, ...own];
  }

  get bytes(): number {
    return this.#parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
