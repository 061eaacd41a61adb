import { afterEach, describe, expect, test } from 'vitest';
import { Intake } from '../../gateway/intake.ts';
import type { CommitScope, Log, LogEntry } from '../../gateway/log/log.ts';
import { Rejections } from '../../gateway/rejections.ts';
import { SequenceTracker } from '../../gateway/sequence/sequence-tracker.ts';
import type { Commit } from '../../gateway/tables/commit.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import type { TablecastError } from '../../protocol/errors.ts';
import type { Header } from '../../protocol/header.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';

export interface LogOpening {
  readonly store: TableStore;
  readonly fold: (entry: LogEntry) => Commit | null;
}

export type OpenLogOf = (opening: LogOpening) => Promise<Log>;

type Outcome = { readonly commit: Commit | null } | { readonly error: TablecastError };

/** Intake, log and store, whatever the log: each publication and commit resolves with what became of it. */
export class LoggedTables {
  readonly store = new TableStore({
    history: { maxAgeMs: 60_000, maxBytes: 1 << 20 },
    maxTables: 100,
    maxStagedBytes: 1 << 20,
    maxMemoryBytes: 1 << 30,
  });
  readonly rejections = new Rejections({ max: 100 });
  /** Versions in the order in which they were told. */
  readonly told: number[] = [];
  readonly folded: LogEntry[] = [];
  #log: Log | null = null;
  #intake: Intake | null = null;
  nowMs = 1_700_000_000_000;

  async open(open: OpenLogOf): Promise<this> {
    const fold = (entry: LogEntry) => {
      this.folded.push(entry);
      return this.store.apply(entry);
    };
    this.#log = await open({ store: this.store, fold });
    this.#intake = new Intake({
      sequence: new SequenceTracker({ store: this.store, now: () => 0, monotonicMs: () => 0 }),
      store: this.store,
      log: this.#log,
      rejections: this.rejections,
      commitMode: 'auto',
      maxMessageBytes: 1e9,
      now: () => this.nowMs,
      onCommit: (commit) => this.told.push(commit.version),
      onRejected: () => {},
    });
    return this;
  }

  get log(): Log {
    return this.#log!;
  }

  get intake(): Intake {
    return this.#intake!;
  }

  publish(table: string, rows: Record<string, unknown>[], header: Header = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      this.intake.publish(
        table,
        header,
        fromValues(rows),
        (_, commit) => resolve({ commit }),
        (error) => resolve({ error }),
      );
    });
  }

  commit(scope: CommitScope): Promise<Outcome> {
    return new Promise((resolve) => {
      this.log.append(
        { publications: [], commit: { scope, timeMs: this.nowMs } },
        (commit) => resolve({ commit }),
        (error) => resolve({ error }),
      );
    });
  }

  state() {
    const { version } = this.store;
    const tables = [...this.store.tables.values()].map(({ name, live, stage }) => [
      name,
      contentHash(live),
      stage.length,
    ]);
    return { epoch: this.log.epoch, version, tables };
  }
}

/** What every log does. `reopen` opens the same log again, once it is closed; null for logs that keep nothing. */
export function logBehaviour(
  name: string,
  begin: () => { readonly open: OpenLogOf; readonly reopen: OpenLogOf | null },
): void {
  describe(name, () => {
    const opened: LoggedTables[] = [];
    afterEach(async () => {
      for (const { log } of opened.splice(0)) await log.close();
    });
    const tablesOf = async (open: OpenLogOf) => {
      const tables = await new LoggedTables().open(open);
      opened.push(tables);
      return tables;
    };

    test('folds entries in the order of appending, and tells of each once', async () => {
      const tables = await tablesOf(begin().open);
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, i) => tables.publish('t', [{ n: i }], { op: 'append' })),
      );
      expect(outcomes.map((outcome) => 'commit' in outcome && outcome.commit?.version)).toEqual(
        Array.from({ length: 40 }, (_, i) => i + 1),
      );
      expect(tables.told).toEqual(outcomes.map((_, i) => i + 1));
      expect(tables.folded).toHaveLength(40);
      const { live } = tables.store.table('t');
      expect([...live.numbers(0, 0, 40)]).toEqual(Array.from({ length: 40 }, (_, i) => i));
    });

    test('a held publication is answered without a commit', async () => {
      const tables = await tablesOf(begin().open);
      expect(await tables.publish('t', [{ n: 1 }], { commit: 'hold' })).toEqual({ commit: null });
      expect(await tables.commit({ type: 'all' })).toMatchObject({ commit: { version: 1, tables: ['t'] } });
    });

    test('what is published after a drop is checked against nothing, and begins the table anew', async () => {
      const tables = await tablesOf(begin().open);
      await tables.publish('t', [{ k: 'a', n: 1 }], { key: ['k'] });
      const outcomes = await Promise.all([
        tables.commit({ type: 'drop', table: 't' }),
        tables.publish('t', [{ n: 'now a text' }], { op: 'append' }),
        tables.publish('t', [{ n: 'another' }], { op: 'append' }),
      ]);
      expect(outcomes.every((outcome) => 'commit' in outcome)).toBe(true);
      expect(tables.store.table('t').live.rowCount).toBe(2);
      expect(tables.store.head('t')?.key).toBeNull();
      expect(() =>
        tables.intake.publish(
          't',
          {},
          fromValues([{ n: 1 }]),
          () => {},
          () => {},
        ),
      ).not.toThrow();
    });

    test('a table tells what was rejected while its first publication was on its way', async () => {
      const tables = await tablesOf(begin().open);
      tables.intake.takeMessages([
        { source: 'pull', frames: [Buffer.from('t'), fromValues([{ n: 1 }])] },
        { source: 'pull', frames: [Buffer.from('t'), Buffer.from('no Arrow')] },
      ]);
      await tables.publish('other', [{ n: 1 }]);
      expect(tables.store.table('t').lastError).toMatchObject({ code: 'not_arrow' });
    });

    test('what waits to be stored counts as staged', async () => {
      const tables = await tablesOf(begin().open);
      const rows = Array.from({ length: 50_000 }, (_, n) => ({ n }));
      const both = [1, 2, 3].map(() =>
        tables
          .publish('t', rows, { commit: 'hold', op: 'append' })
          .catch((error: TablecastError) => ({ error })),
      );
      const outcomes = await Promise.all(both);
      expect(outcomes.map((outcome) => ('error' in outcome ? outcome.error.code : 'taken'))).toEqual([
        'taken',
        'taken',
        'stage_full',
      ]);
    });

    test('closes once everything is folded, and is never full then', async () => {
      const tables = await tablesOf(begin().open);
      const last = tables.publish('t', [{ n: 1 }]);
      await tables.log.close();
      expect(tables.store.version).toBe(1);
      expect(await last).toMatchObject({ commit: { version: 1 } });
      expect(tables.log.isFull).toBe(false);
      await tables.log.room();
      await tables.log.close();
    });

    test.skipIf(begin().reopen === null)(
      'opened again it holds the same tables, stages, versions and epoch, and goes on',
      async () => {
        const { open, reopen } = begin();
        const first = await tablesOf(open);
        await first.publish(
          'keyed',
          [
            { k: 'x', n: 1 },
            { k: 'y', n: 2 },
          ],
          {
            key: ['k'],
            retention: { max_rows: 2 },
          },
        );
        await first.publish('keyed', [{ k: 'z', m: true }]);
        await first.publish('gone', [{ n: 1 }]);
        await first.commit({ type: 'drop', table: 'gone' });
        await first.publish('plain', [{ n: 1.5, t: 'é' }], { op: 'append' });
        await first.publish('plain', [{ n: 2.5 }], { op: 'append', commit: 'hold' });
        await first.publish('only-held', [{ n: 1 }], { commit: 'hold' });
        const before = first.state();
        await first.log.close();

        const second = await tablesOf(reopen!);
        expect(second.state()).toEqual(before);
        expect(second.told).toEqual([]);
        expect(await second.commit({ type: 'all' })).toMatchObject({
          commit: { version: before.version + 1, tables: ['plain', 'only-held'] },
        });
        expect(second.store.droppedAfter(0)).toEqual(['gone']);
      },
    );
  });
}
