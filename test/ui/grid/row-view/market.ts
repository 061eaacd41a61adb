import { LiveTable } from '../../../../protocol/table/live-table.ts';
import type { ViewSpec } from '../../../../ui/grid/row-view/view-spec.ts';
import { type TestColumn, types, writeOf } from './vectors.ts';
import { ViewHarness } from './view-harness.ts';

export const ALL_AT_ONCE = { smallRows: 1e9 };
export const IN_SLICES = { smallRows: 0 };
export const byPrice: Partial<ViewSpec> = { sort: [{ column: 'price', direction: 'ascending' }] };

interface Prices {
  readonly ids: readonly number[];
  readonly price: (id: number) => number;
}

export function priceColumns({ ids, price }: Prices): TestColumn[] {
  return [
    { name: 'id', type: types.int32, cells: ids },
    { name: 'price', type: types.float64, cells: ids.map(price) },
  ];
}

/** A table of prices by id, and a view of it. */
export class Market extends ViewHarness {
  #version = 0;
  readonly key: readonly string[] | null;

  constructor(options: { readonly smallRows: number; readonly isKeyed?: boolean }) {
    super(options);
    this.key = (options.isKeyed ?? true) ? ['id'] : null;
    this.table = new LiveTable('market');
  }

  write(op: 'append' | 'replace' | 'delete', columns: readonly TestColumn[]): void {
    this.#version++;
    this.table!.write(writeOf(op, this.key, columns), { version: this.#version, timeMs: this.#version });
    this.table!.tidy();
  }

  put(prices: Prices): void {
    this.write('append', priceColumns(prices));
  }

  ids(): unknown[] {
    return this.lines().map((_, index) => this.view.value(index, 0));
  }
}

export const numbers = (count: number, first = 0) => Array.from({ length: count }, (_, i) => first + i);
