import { ChangeEncoder } from '../../gateway/live/change-encoder.ts';
import type { Commit } from '../../gateway/tables/commit.ts';
import type { HistoryLimits } from '../../gateway/tables/table-history.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { ModelGateway } from './model-gateway.ts';
import { type Step, TABLES } from './random-actions.ts';
import { ReplicaViewer } from './replica-viewer.ts';
import type { ModelTable } from './table-model.ts';

const MAX_STALE_VIEWERS = 5;

/** What one run came to. */
export interface RunCounts {
  /** Joins at which a snapshot came in several pieces. */
  pieces: number;
  /** Viewers that came back to a later version than they had left at. */
  resumed: number;
  rejected: number;
}

/** One random history with viewers of every kind, each compared with the model as often as it stands at its version. */
export class ModelRun {
  readonly counts: RunCounts = { pieces: 0, resumed: 0, rejected: 0 };
  readonly #gateway: ModelGateway;
  readonly #encoder = new ChangeEncoder();
  /** Sees every commit; sees those of two tables; comes now and then; were left behind, to resume later. */
  readonly #steady: ReplicaViewer;
  readonly #partial: ReplicaViewer;
  readonly #lazy: ReplicaViewer;
  readonly #stale: ReplicaViewer[] = [];

  constructor(history: HistoryLimits) {
    this.#gateway = new ModelGateway({ history, onCommit: (commit) => this.#onCommit(commit) });
    this.#steady = this.#viewer('*');
    this.#partial = this.#viewer(TABLES.slice(0, 2));
    this.#lazy = this.#viewer('*');
  }

  #viewer(names: '*' | readonly string[]): ReplicaViewer {
    const viewer = new ReplicaViewer(this.#gateway.store, this.#encoder, names);
    viewer.catchUp();
    return viewer;
  }

  #onCommit(commit: Commit): void {
    this.#steady.catchUp(commit.tables);
    this.#partial.catchUp(commit.version % 2 === 0 ? commit.tables : undefined);
  }

  step(step: Step): void {
    this.#gateway.take(step);
    const { luck } = step;
    const stored = new Map([...this.#gateway.store.tables].map(([name, table]) => [name, table.live]));
    this.#compare('store', stored, () => true);
    this.#compareViewer('steady viewer', this.#steady);
    this.#compareViewer('viewer of two tables', this.#partial);
    if (luck % 3 === 0) {
      this.#lazy.catchUp();
      this.#compareViewer('lazy viewer', this.#lazy);
    }
    if (luck % 4 === 1) this.#join();
    if (luck % 5 === 2 && this.#stale.length > 0) this.#resume(luck % this.#stale.length);
    if (luck % 7 === 3) this.#compareHashes();
  }

  /** A viewer that joins now, by snapshots, and stays behind from here on. */
  #join(): void {
    const viewer = this.#viewer('*');
    this.#compareViewer('late viewer', viewer);
    if (viewer.changes > viewer.tables.size) this.counts.pieces++;
    if (this.#stale.length === MAX_STALE_VIEWERS) this.#stale.shift();
    this.#stale.push(viewer);
  }

  #resume(index: number): void {
    const [viewer] = this.#stale.splice(index, 1);
    if (viewer === undefined) return;
    const since = viewer.version;
    viewer.catchUp();
    if (since !== this.#gateway.store.version) this.counts.resumed++;
    this.#compareViewer(`viewer that resumes from ${since}`, viewer);
  }

  #compareHashes(): void {
    for (const [name, replica] of this.#steady.tables) {
      const { live } = this.#gateway.store.table(name);
      if (contentHash(live) !== contentHash(replica)) throw new Error(`The hashes of ${name} differ.`);
    }
  }

  /** Everyone who was left behind comes to the last version. */
  end(): void {
    while (this.#stale.length > 0) this.#resume(0);
    this.#lazy.catchUp();
    this.#compareViewer('lazy viewer', this.#lazy);
    this.counts.rejected = this.#gateway.rejections.count;
  }

  #compareViewer(who: string, viewer: ReplicaViewer): void {
    this.#compare(who, viewer.tables, (name) => viewer.wants(name));
  }

  #compare(who: string, tables: ReadonlyMap<string, LiveTable>, wanted: (name: string) => boolean): void {
    const { model } = this.#gateway;
    for (const [name, table] of model.tables) {
      const live = tables.get(name);
      if (!wanted(name)) {
        if (live !== undefined) throw new Error(`${who}: ${name} was not asked for`);
      } else if (live !== undefined) compareTable(`${who}: ${name}`, live, table);
      else if (table.begun) throw new Error(`${who}: ${name} is missing`);
    }
    for (const name of tables.keys())
      if (!model.tables.has(name)) throw new Error(`${who}: ${name} was dropped`);
  }
}

function compareTable(who: string, live: LiveTable, model: ModelTable): void {
  const names = live.fields.map((field) => field.name);
  const expected = [...model.columns.keys()];
  if (names.join() !== expected.join()) throw new Error(`${who}: columns ${names}, expected ${expected}`);
  if (String(live.key) !== String(model.key))
    throw new Error(`${who}: key ${live.key}, expected ${model.key}`);
  const rows = model.cells;
  if (live.rowCount !== rows.length)
    throw new Error(`${who}: ${live.rowCount} rows, expected ${rows.length}`);
  rows.forEach((cells, row) => {
    cells.forEach((cell, column) => {
      const value = live.value(row, column);
      if (!Object.is(value, cell))
        throw new Error(`${who}: row ${row} ${names[column]} is ${String(value)}, expected ${String(cell)}`);
    });
  });
}
