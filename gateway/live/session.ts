import type { Socket } from 'node:net';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { CommitFrames } from './commit-frames.ts';
import { textFrame } from './frame.ts';
import { NO_TABLES, type SubscriptionGroup } from './subscription-group.ts';

/** Of commits that a viewer has not taken yet; beyond, half as many of them as it named are under way. */
const MANY_UNTAKEN_BYTES = 1024 * 1024;

export interface SessionOptions {
  /** The connection's TCP (or TLS) socket: finished frames are written to it directly. */
  readonly socket: Socket;
  /** Closes the WebSocket in good order, or at once where the peer takes nothing any more. */
  readonly end: (code: number, reason: string) => void;
  readonly maxQueuedBytes: number;
  /** The queue is empty enough again for what the session has missed. */
  readonly onDrained: (session: Session) => void;
}

export interface StallCheck {
  readonly nowMs: number;
  readonly limitMs: number;
  readonly isBehind: boolean;
}

/**
 * One viewer: what it wants, how far it is, and the bytes under way to it.
 *
 * Its queue is the socket's own write buffer, bounded by `maxQueuedBytes`: while it is fuller than that nothing more is
 * put in, and what happens meanwhile reaches the viewer as one merged commit once it has drained (conflation). A commit
 * that has begun is always finished before the next. A viewer that says what it has taken bounds its own queue too, which
 * the socket does not see: `ahead` commits, or half of them where those are large, so that what it shows is not old.
 */
export class Session {
  group: SubscriptionGroup = NO_TABLES;
  /** The version that the viewer's tables are at, once everything written has arrived. */
  version = 0;
  /** Tables that joined since and are not at `version` yet: where each of them stands, null for nowhere. */
  readonly joining = new Map<string, number | null>();
  /**
   * For so many heartbeats it is told nothing unless it subscribes, so that the first commit on a line is the answer to its
   * first `subscribe`; one that does not subscribe wants notifications alone.
   */
  silentBeats = 2;
  /** How many `subscribe` messages wait for their answer, which comes even where nothing changed. */
  answersDue = 0;
  renders = false;
  /** Whether commits say when a table last came or went. */
  lists = false;
  /** Whether commits that change none of its tables may wait for the next heartbeat. */
  rests = false;
  /** How many commits wait so. */
  restingCommits = 0;
  /** Commits that it wants at most beyond the last one that it said to have taken; null where it says nothing of that. */
  ahead: number | null = null;
  visible = true;
  renderedVersion = 0;
  /** The gateway's version when it connected. */
  joinedVersion = 0;
  readonly #options: SessionOptions;
  #unsent: Buffer[] = [];
  /** Commits that it has not taken yet, where it says so. */
  #untaken: Pick<CommitFrames, 'version' | 'byteLength'>[] = [];
  /** One error at most waits behind a commit; more of them say no more. */
  #errorWaits = false;
  #taken = 0;
  #oldestUntaken = 0;
  #lastTakenMs: number;
  #lastProgressMs: number;
  #closed = false;

  constructor(options: SessionOptions, nowMs: number) {
    this.#options = options;
    this.#lastProgressMs = nowMs;
    this.#lastTakenMs = nowMs;
    options.socket.on('drain', this.#onDrain);
  }

  /** Whether a commit may be written now. */
  get isReady(): boolean {
    return (
      this.#unsent.length === 0 &&
      !this.#isFarAhead &&
      this.#options.socket.writableLength < this.#options.maxQueuedBytes &&
      !this.#closed
    );
  }

  get #isFarAhead(): boolean {
    if (this.ahead === null) return false;
    const count = this.#untaken.length;
    return count >= this.ahead || (count * 2 >= this.ahead && this.#untakenBytes >= MANY_UNTAKEN_BYTES);
  }

  get #untakenBytes(): number {
    return this.#untaken.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** The viewer's replica is at that version. */
  took(version: number): void {
    const wasFarAhead = this.#isFarAhead;
    this.#untaken = this.#untaken.filter((sent) => sent.version > version);
    if (wasFarAhead && this.isReady) this.#options.onDrained(this);
  }

  get queuedBytes(): number {
    return this.#options.socket.writableLength;
  }

  /** Small control messages; a viewer so far behind that they do not fit is caught by {@link isStuck}. */
  sendText(frame: Buffer): void {
    if (!this.#closed && this.queuedBytes < 2 * this.#options.maxQueuedBytes)
      this.#options.socket.write(frame);
  }

  /** Between a commit's messages only heartbeats may come, so an error waits until the commit is through. */
  sendError(code: ErrorCode, detail: string): void {
    const frame = textFrame(JSON.stringify({ type: 'error', code, detail }));
    if (this.#unsent.length === 0) this.sendText(frame);
    else if (!this.#errorWaits) {
      this.#unsent.push(frame);
      this.#errorWaits = true;
    }
  }

  sendCommit(frames: CommitFrames): void {
    this.version = frames.version;
    const { version, byteLength } = frames;
    if (this.ahead !== null) this.#untaken.push({ version, byteLength });
    const { socket } = this.#options;
    if (frames.chunks.length === 1 && this.#unsent.length === 0) {
      socket.write(frames.chunks[0]!);
      return;
    }
    this.#unsent.push(...frames.chunks);
    this.#writeOn();
  }

  /** Writes chunks while the queue has room; the rest follows as it drains. */
  #writeOn(): void {
    const { socket, maxQueuedBytes } = this.#options;
    let next = 0;
    socket.cork();
    while (next < this.#unsent.length && socket.writableLength < maxQueuedBytes)
      socket.write(this.#unsent[next++]!);
    socket.uncork();
    this.#unsent = this.#unsent.slice(next);
    if (this.#unsent.length === 0) this.#errorWaits = false;
  }

  readonly #onDrain = (): void => {
    if (this.#closed) return;
    if (this.#unsent.length > 0) this.#writeOn();
    if (this.isReady) this.#options.onDrained(this);
  };

  /** Whether data has waited for `limitMs` without the viewer taking any; `isBehind`: there are commits that were not sent to it. */
  isStuck({ nowMs, limitMs, isBehind }: StallCheck): boolean {
    const { socket } = this.#options;
    const isIdle = socket.writableLength === 0 && this.#unsent.length === 0;
    // Bytes handed to the kernel: of finished writes, and of the one that is under way.
    const taken = socket.bytesWritten - socket.writableLength - unwrittenBytes(socket);
    if (isIdle || taken !== this.#taken) {
      this.#taken = taken;
      this.#lastProgressMs = nowMs;
    }
    // Heartbeats are taken by one that takes no commit, too.
    const oldest = this.#untaken[0]?.version ?? 0;
    if (!(this.#isFarAhead && isBehind) || oldest !== this.#oldestUntaken) {
      this.#oldestUntaken = oldest;
      this.#lastTakenMs = nowMs;
    }
    return nowMs - Math.min(this.#lastProgressMs, this.#lastTakenMs) > limitMs;
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsent = [];
    this.#options.socket.off('drain', this.#onDrain);
    this.#options.end(code, reason);
  }
}

/** What libuv still holds of the write under way; Node counts that write only once it is complete. */
export function unwrittenBytes(
  socket: Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null },
): number {
  return socket._handle?.writeQueueSize ?? 0;
}
