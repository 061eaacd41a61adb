import { setImmediate as turn } from 'node:timers/promises';
import { vi } from 'vitest';
import type { Commit } from '../../gateway/tables/commit.ts';
import type { HistoryLimits } from '../../gateway/tables/table-history.ts';
import type { Since } from '../../protocol/client-message.ts';
import { contentHash } from '../../protocol/table/content-hash.ts';
import type { LiveTable } from '../../protocol/table/live-table.ts';
import { EPOCH, type Frames, LiveEngine } from './live-engine.ts';
import type { Move, Since as Said } from './resume-moves.ts';
import { TABLES } from './resume-moves.ts';
import { type Memory, ResumeViewer, type ViewerCounts } from './resume-viewer.ts';

const HEARTBEAT_MS = 1000;
const MAX_TURNS = 10_000;
const MAX_VIEWERS = 6;

/** One random history, with viewers that come, go, and come back; a heartbeat comes only as a move. */
export class ResumeRun {
  readonly #engine: LiveEngine;
  readonly #messages: readonly Frames[];
  readonly #counts: ViewerCounts;
  readonly #viewers: ResumeViewer[] = [];
  readonly #memories: Memory[] = [];
  /** By version: the hash of each table that showed then. */
  readonly #hashes: ReadonlyMap<string, string>[] = [new Map()];

  constructor(options: {
    readonly history: HistoryLimits;
    readonly messages: readonly Frames[];
    readonly counts: ViewerCounts;
  }) {
    const { history, messages, counts } = options;
    this.#messages = messages;
    this.#counts = counts;
    this.#engine = new LiveEngine({ history, onCommit: (commit) => this.#remember(commit) });
    this.#connect().subscribe('*', null);
  }

  async run(moves: readonly Move[]): Promise<void> {
    try {
      for (const move of moves) {
        if (move.type === 'settle') await this.#settle();
        else this.#make(move);
        this.#engine.check();
      }
      for (const viewer of this.#viewers) viewer.flow();
      await this.#settle();
      this.#compareValues();
    } finally {
      this.#engine.close();
    }
  }

  #remember({ version, tables }: Commit): void {
    const hashes = new Map(this.#hashes.at(-1));
    for (const name of tables) {
      const stored = this.#engine.store.tables.get(name);
      if (stored === undefined) hashes.delete(name);
      else hashes.set(name, contentHash(stored.live));
    }
    if (version !== this.#hashes.push(hashes) - 1) throw new Error(`Version ${version} was skipped to.`);
  }

  #connect(): ResumeViewer {
    const { broadcaster } = this.#engine;
    const hashesAt = (version: number) => this.#hashes[version]!;
    const viewer = new ResumeViewer({
      broadcaster,
      hashesAt,
      counts: this.#counts,
      saysTaken: this.#viewers.length % 2 === 1,
    });
    this.#viewers.push(viewer);
    return viewer;
  }

  #make(move: Exclude<Move, { type: 'settle' }>): void {
    const engine = this.#engine;
    switch (move.type) {
      case 'publish':
        return engine.publish(...move.messages.map((number) => this.#messages[number]!));
      case 'commit':
        return engine.commit(
          move.tables === 'all' ? { type: 'all' } : { type: 'stage', tables: move.tables },
        );
      case 'drop':
        return engine.commit({ type: 'drop', table: move.table });
      case 'pass':
        return engine.pass(move.ms);
      case 'beat':
        return void vi.advanceTimersByTime(HEARTBEAT_MS);
      default:
        return this.#makeViewers(move);
    }
  }

  #makeViewers(move: Extract<Move, { viewer: number } | { type: 'join' | 'resume' }>): void {
    if (move.type === 'join') {
      if (this.#viewers.length === MAX_VIEWERS) return;
      const joined = this.#connect();
      if (move.tables !== null) joined.subscribe(move.tables, this.#position(move.since));
      return;
    }
    if (move.type === 'resume') return this.#resume(move);
    const viewer = this.#viewers[move.viewer % this.#viewers.length];
    if (viewer === undefined) return;
    switch (move.type) {
      case 'subscribe':
        return this.#subscribe(viewer, move);
      case 'unsubscribe':
        return this.#keep(viewer.unsubscribe(move.tables));
      case 'leave':
        this.#viewers.splice(this.#viewers.indexOf(viewer), 1);
        return this.#keep(viewer.leave());
      case 'stall':
        return viewer.stall();
      case 'flow':
        return viewer.flow();
      default:
        move satisfies never;
    }
  }

  #keep(memory: Memory | null): void {
    if (memory !== null) this.#memories.push(memory);
  }

  /** A position for who has nothing, whatever it says. */
  #position(said: Said): Since | null {
    const { version } = this.#engine.store;
    switch (said) {
      case 'unsaid':
      case 'remembered':
        return null;
      case 'beginning':
        return { epoch: EPOCH, version: 0 };
      case 'other epoch':
        return { epoch: 'other-epoch', version };
      case 'future':
        return { epoch: EPOCH, version: version + 1 };
    }
  }

  #resume({ memory: number, fewer, since }: Extract<Move, { type: 'resume' }>): void {
    if (this.#memories.length === 0 || this.#viewers.length === MAX_VIEWERS) return;
    const [memory] = this.#memories.splice(number % this.#memories.length, 1);
    const { names, version } = memory!;
    const asked = fewer ? names.slice(1) : names.length === TABLES.length ? '*' : names;
    const viewer = this.#connect();
    if (since === 'remembered') viewer.subscribe(asked, { epoch: EPOCH, version }, memory);
    else viewer.subscribe(asked, this.#position(since));
  }

  /** One that says it remembers takes up a memory of tables that it does not follow, if there is one. */
  #subscribe(viewer: ResumeViewer, { tables, since }: Extract<Move, { type: 'subscribe' }>): void {
    const { wanted } = viewer;
    const fits = ({ names }: Memory) => viewer.canRemember && !names.some((name) => wanted.has(name));
    const at = since === 'remembered' ? this.#memories.findIndex(fits) : -1;
    if (at < 0) return viewer.subscribe(tables, this.#position(since));
    const [memory] = this.#memories.splice(at, 1);
    const { names, version } = memory!;
    viewer.subscribe(names.length === TABLES.length ? '*' : names, { epoch: EPOCH, version }, memory);
  }

  /** The event loop turns until everyone who takes anything has everything. */
  async #settle(): Promise<void> {
    const { store } = this.#engine;
    // Who has not subscribed is told nothing.
    const flowing = this.#viewers.filter(({ stalls, subscribes }) => !stalls && subscribes > 0);
    const isBehind = ({ session, version }: ResumeViewer) =>
      session.answersDue > 0 || version !== store.version;
    await turn();
    for (let turns = 0; flowing.some(isBehind); turns++) {
      this.#engine.check();
      if (turns === MAX_TURNS) throw new Error(`A viewer stays behind version ${store.version}.`);
      await turn();
    }
    for (const viewer of flowing) this.#checkCommits(viewer);
  }

  /** Each `subscribe` has one answer, and versions that were made meanwhile are told at least once and at most each. */
  #checkCommits(viewer: ResumeViewer): void {
    const { version, commits, subscribes, settled } = viewer;
    viewer.settled = { version, commits, subscribes };
    if (settled === null) return;
    const versions = version - settled.version;
    const answers = subscribes - settled.subscribes;
    const came = commits - settled.commits;
    if (came < Math.max(answers, Math.min(versions, 1)) || came > answers + versions)
      throw new Error(`${came} commits came for ${versions} versions and ${answers} answers.`);
  }

  /** Hashes may be alike by a fault of theirs; values are not. */
  #compareValues(): void {
    const { tables } = this.#engine.store;
    for (const { wanted, copies } of this.#viewers) {
      for (const name of wanted) {
        const stored = tables.get(name);
        const copy = copies.get(name);
        if (stored === undefined || stored.history.changed === 0) {
          if (copy !== undefined) throw new Error(`${name} is not there.`);
        } else if (copy === undefined) throw new Error(`${name} is missing.`);
        else compareTables(name, copy, stored.live);
      }
    }
  }
}

function compareTables(name: string, copy: LiveTable, stored: LiveTable): void {
  const shape = ({ fields, key, rowCount }: LiveTable) =>
    JSON.stringify([fields.map((field) => field.name), key, rowCount]);
  if (shape(copy) !== shape(stored)) throw new Error(`${name} is ${shape(copy)}, expected ${shape(stored)}.`);
  for (let row = 0; row < stored.rowCount; row++) {
    stored.fields.forEach((field, column) => {
      const [value, expected] = [copy.value(row, column), stored.value(row, column)];
      if (!Object.is(value, expected))
        throw new Error(
          `${name} row ${row} ${field.name} is ${String(value)}, expected ${String(expected)}.`,
        );
    });
  }
}
