import { Intake } from '../../gateway/intake.ts';
import type { CommitScope, Log, LogEntry } from '../../gateway/log/log.ts';
import { createMemoryLog } from '../../gateway/log/memory-log.ts';
import { Rejections } from '../../gateway/rejections.ts';
import { SequenceTracker } from '../../gateway/sequence/sequence-tracker.ts';
import type { Commit } from '../../gateway/tables/commit.ts';
import type { HistoryLimits } from '../../gateway/tables/table-history.ts';
import { TableStore } from '../../gateway/tables/table-store.ts';
import { arrowOfPublication, headerOfPublication } from './arrow-of-publication.ts';
import { type Action, publicationOf, type Step } from './random-actions.ts';
import { ModelStore } from './table-model.ts';

const UNBOUNDED = { maxTables: 100, maxStagedBytes: 1e12, maxMemoryBytes: 1e12 };

/** The real intake, log and store beside the model: both take the same steps at the same times. */
export class ModelGateway {
  readonly store: TableStore;
  readonly log: Log;
  readonly intake: Intake;
  readonly sequence: SequenceTracker;
  readonly rejections = new Rejections({ max: 1000 });
  readonly model = new ModelStore();
  readonly #onCommit: (commit: Commit) => void;
  #nowMs = 1_700_000_000_000;

  constructor(options: {
    readonly history: HistoryLimits;
    readonly onCommit: (commit: Commit) => void;
    /** An entry is about to be applied. */
    readonly onEntry?: (entry: LogEntry) => void;
  }) {
    this.#onCommit = options.onCommit;
    this.store = new TableStore({ history: options.history, ...UNBOUNDED });
    const fold = (entry: LogEntry) => {
      options.onEntry?.(entry);
      return this.store.apply(entry);
    };
    this.log = createMemoryLog({ epoch: 'epoch', fold });
    this.sequence = new SequenceTracker({ store: this.store, now: () => 0, monotonicMs: () => 0 });
    this.intake = new Intake({
      sequence: this.sequence,
      store: this.store,
      log: this.log,
      rejections: this.rejections,
      commitMode: 'auto',
      maxMessageBytes: 1e12,
      now: () => this.#nowMs,
      onCommit: options.onCommit,
      onRejected: () => {},
    });
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  take({ action, luck }: Step): void {
    this.#nowMs += luck % 3;
    this.#act(action);
    if (this.store.version !== this.model.version)
      throw new Error(`Version ${this.store.version}, the model has ${this.model.version}`);
  }

  #act(action: Action): void {
    switch (action.type) {
      case 'publish':
        return this.#publish(action);
      case 'commit': {
        const all = action.tables === 'all';
        this.commit(all ? { type: 'all' } : { type: 'stage', tables: [...action.tables] });
        return this.model.commit(all ? [...this.model.tables.keys()] : [...action.tables], this.#nowMs);
      }
      case 'drop':
        if (!this.model.tables.has(action.table)) return;
        this.commit({ type: 'drop', table: action.table });
        return this.model.drop(action.table);
      case 'pass': {
        this.#nowMs += action.ms;
        const expired = this.store.expired(this.#nowMs);
        if (expired.length > 0) this.commit({ type: 'retention', tables: expired });
        if (this.model.expire(this.#nowMs) !== expired.length > 0)
          throw new Error('Age is told differently.');
      }
    }
  }

  commit(scope: CommitScope): Commit | null {
    let made: Commit | null = null;
    this.log.append({ publications: [], commit: { scope, timeMs: this.#nowMs } }, (commit) => {
      made = commit;
      if (commit !== null) this.#onCommit(commit);
    });
    return made;
  }

  #publish({ drafts }: Extract<Action, { type: 'publish' }>): void {
    const publications = drafts.map(publicationOf);
    const before = this.rejections.count;
    this.intake.takeMessages(
      publications.map((publication) => ({
        source: 'sub',
        frames: [
          Buffer.from(publication.table),
          headerOfPublication(publication),
          arrowOfPublication(publication),
        ],
      })),
    );
    const refused = this.model.take(publications, this.#nowMs).filter((taken) => !taken).length;
    const rejected = this.rejections.count - before;
    if (rejected !== refused) throw new Error(`${rejected} rejected, the model refuses ${refused}`);
  }
}
