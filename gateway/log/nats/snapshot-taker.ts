import type { LogRecord } from '../log-record.ts';
import type { GroupAssembler } from './group-assembler.ts';
import type { SharedSnapshot, SnapshotStore } from './snapshot-store.ts';

export interface SnapshotTakerOptions {
  readonly snapshots: SnapshotStore;
  readonly assembler: GroupAssembler;
  readonly sender: string;
  /** All tables as they are now, as records that are made one by one. */
  readonly cut: () => Iterator<LogRecord, void>;
  /** Whether it is for this gateway to do. */
  readonly leads: () => boolean;
  readonly onFault: (error: unknown) => void;
  /** The one that this gateway began with. */
  readonly last: SharedSnapshot | null;
  readonly minLoggedBytes?: number;
}

const MIN_LOGGED_BYTES = 256 * 1024 * 1024;

/** Decides when the tables are written down whole, so that what is before can go from the stream. */
export class SnapshotTaker {
  readonly #options: SnapshotTakerOptions;
  #loggedBytes = 0;
  #lastBytes: number;
  #working: Promise<void> | null = null;

  constructor(options: SnapshotTakerOptions) {
    this.#options = options;
    this.#lastBytes = options.last?.bytes ?? 0;
  }

  /** The tables are as the messages up to this one have made them. */
  folded(foldedSequence: number, byteLength: number): void {
    const { minLoggedBytes = MIN_LOGGED_BYTES, leads } = this.#options;
    this.#loggedBytes += byteLength;
    if (this.#working !== null || this.#loggedBytes < Math.max(minLoggedBytes, this.#lastBytes) || !leads())
      return;
    this.#loggedBytes = 0;
    this.#working = this.#save(foldedSequence).finally(() => {
      this.#working = null;
    });
  }

  /** What fails is tried anew when the log has grown as much again. */
  async #save(foldedSequence: number): Promise<void> {
    const { snapshots, assembler, sender, cut, onFault } = this.#options;
    const cursor = {
      foldedSequence,
      readFrom: assembler.readFrom(foldedSequence + 1),
      senders: assembler.senders(),
    };
    try {
      this.#lastBytes = await snapshots.save(cut(), cursor, sender);
    } catch (error) {
      onFault(error);
    }
  }

  /** Resolves once none is being written. */
  async close(): Promise<void> {
    await this.#working;
  }
}
