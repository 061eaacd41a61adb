import type { CommitMessage, ServerMessage } from '../../protocol/server-message.ts';

/** What a commit that is held back would change. */
export interface HeldCommit {
  readonly epoch: string;
  readonly version: number;
  /** The answer to a subscription. */
  readonly isAnswer: boolean;
  /** Rows that came, per changed table. */
  readonly changed: ReadonlyMap<string, number>;
}

export interface CommitGateOptions {
  /** Where everything goes on to: commits whole, in order. */
  readonly onMessage: (message: ServerMessage) => void;
  readonly onBinary: (bytes: Uint8Array) => void;
  readonly onHeld: (commit: HeldCommit) => void;
  /** Beyond it nothing is kept any more, and {@link CommitGate.release} answers `lost`. */
  readonly maxHeldBytes: number;
}

interface WholeCommit {
  readonly commit: CommitMessage;
  readonly payloads: Uint8Array[];
}

/** Of commits that come while the viewer pauses; beyond, they are asked for anew afterwards. */
export const MAX_HELD_BYTES = 32 * 1024 * 1024;
/** What a held commit weighs beside its payloads, about. */
const COMMIT_BYTES = 256;

/**
 * Stands between the line and the replica, and holds commits back while the viewer pauses: the replica stays at the
 * version on screen, so that scrolling, sorting and zooming show that version too, and data comes all the same. Commits with
 * snapshots, which the replica builds as they come, go on in parts; one that has begun to is not held back.
 */
export class CommitGate {
  readonly #options: CommitGateOptions;
  #arriving: (WholeCommit & { readonly expected: number }) | null = null;
  /** Messages that are still to come of a commit that goes on as it comes. */
  #passing = 0;
  #held: WholeCommit[] = [];
  #heldBytes = 0;
  #isHolding = false;
  #isReleasing = false;
  #isLost = false;
  #awaitsAnswer = true;

  constructor(options: CommitGateOptions) {
    this.#options = options;
  }

  /** What goes on now was told by `onHeld` when it came. */
  get isReleasing(): boolean {
    return this.#isReleasing;
  }

  /** A new line begins, and resumes where the replica is: what was held will be told again. */
  newLine(): void {
    this.#arriving = null;
    this.#passing = 0;
    this.#forget();
    this.#isLost = false;
    this.#awaitsAnswer = true;
  }

  message(message: ServerMessage): void {
    if (message.type !== 'commit') {
      this.#options.onMessage(message);
      return;
    }
    // A commit within a commit: the replica says what is wrong with it.
    if (this.#arriving !== null) this.#pass(this.#arriving);
    this.#passing = 0;
    const expected = message.changes.filter((change) => change.op !== 'drop').length;
    if (!this.#isHolding && !this.#isLost && message.changes.some(({ snapshot }) => snapshot)) {
      this.#awaitsAnswer = false;
      this.#passing = expected;
      this.#options.onMessage(message);
      return;
    }
    this.#arriving = { commit: message, payloads: [], expected };
    this.#takeIfWhole();
  }

  binary(bytes: Uint8Array): void {
    if (this.#passing > 0 || this.#arriving === null) {
      this.#passing = Math.max(0, this.#passing - 1);
      if (!this.#isLost) this.#options.onBinary(bytes);
      return;
    }
    this.#arriving.payloads.push(bytes);
    this.#takeIfWhole();
  }

  /** From here on commits stay here. */
  hold(): void {
    this.#isHolding = true;
  }

  /** Passes on what was held. `lost`: it was too much, and the replica must resume from where it is. */
  release(): 'passed' | 'lost' {
    this.#isHolding = false;
    if (this.#isLost) return 'lost';
    const held = this.#held;
    this.#forget();
    this.#isReleasing = true;
    for (const commit of held) {
      if (this.#isLost) break;
      this.#pass(commit);
    }
    this.#isReleasing = false;
    return 'passed';
  }

  /** The replica could not follow: nothing more goes to it until a new line begins. */
  abandon(): void {
    this.#forget();
    this.#isLost = true;
  }

  #takeIfWhole(): void {
    const whole = this.#arriving;
    if (whole === null || whole.payloads.length < whole.expected) return;
    this.#arriving = null;
    const isAnswer = this.#awaitsAnswer;
    this.#awaitsAnswer = false;
    if (this.#isHolding) this.#hold(whole, isAnswer);
    else if (!this.#isLost) this.#pass(whole);
  }

  #hold(whole: WholeCommit, isAnswer: boolean): void {
    if (!this.#isLost) {
      this.#held.push(whole);
      this.#heldBytes += whole.payloads.reduce((bytes, payload) => bytes + payload.length, COMMIT_BYTES);
      this.#isLost = this.#heldBytes > this.#options.maxHeldBytes;
      if (this.#isLost) this.#forget();
    }
    const { epoch, version, changes } = whole.commit;
    const changed = new Map<string, number>();
    for (const { table, rows } of changes) changed.set(table, (changed.get(table) ?? 0) + rows);
    this.#options.onHeld({ epoch, version, isAnswer, changed });
  }

  #forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #pass({ commit, payloads }: WholeCommit): void {
    this.#options.onMessage(commit);
    for (const payload of payloads) this.#options.onBinary(payload);
  }
}
