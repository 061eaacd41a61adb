import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { toTablecastError } from '../../protocol/errors.ts';
import { type FileStamp, isSameStamp, stampOf } from './file-stamp.ts';
import { GatewayUnreachable } from './gateway-client.ts';
import { type PublishInputOptions, publishInput, type ReadTo } from './publish-input.ts';

/** How long a file that was rewritten has to stand still before it is read. */
const STILL_MS = 200;
/** How long the last line may lack its end before it counts as a line. */
const OPEN_LINE_MS = 2000;
const RETRY_MS = 1000;

export interface FollowFileOptions
  extends Omit<PublishInputOptions, 'file' | 'resume' | 'leavesOpenLine' | 'pace'> {
  readonly pollMs: number;
  readonly nowMs: () => number;
  /** A failure after which it goes on. */
  readonly onFailure: (message: string) => void;
  /** After each publication. */
  readonly onPublished: (version: number) => void;
}

/**
 * Publishes a file, and again what changes: lines that are added to it are added to the table; a file that is rewritten, cut short or
 * put in another's place is published anew, once it stands still. Ends with the signal, by throwing its reason.
 *
 * @throws what the first publication throws
 */
export async function followFile(options: FollowFileOptions): Promise<void> {
  const follower = new FileFollower(options);
  try {
    await follower.begin();
    for (;;) await follower.step();
  } finally {
    await follower.close();
  }
}

/** The file as it was opened, and how far it was read. */
interface Opened {
  readonly file: FileHandle;
  stamp: FileStamp;
  readTo: ReadTo | null;
  /** Since when the last line lacks its end; null where it does not. */
  openSinceMs: number | null;
  tookOpenLine: boolean;
}

class FileFollower {
  readonly #options: FollowFileOptions;
  #opened: Opened | null = null;
  /** Of the gateway that has the rows. */
  #epoch: string | null = null;
  /** Of the file that was tried last, as it was before it was read. */
  #tried: FileStamp | null = null;
  /** The stamp of a file that could not be published: it is tried again when it changes. */
  #refused: FileStamp | null = null;

  constructor(options: FollowFileOptions) {
    this.#options = options;
  }

  begin(): Promise<void> {
    return this.#publishAll();
  }

  async close(): Promise<void> {
    await this.#opened?.file.close();
    this.#opened = null;
  }

  /** Looks once, and publishes what has changed. */
  async step(): Promise<void> {
    const { pollMs, signal, onFailure } = this.#options;
    await delay(pollMs, undefined, { signal });
    try {
      await this.#look();
    } catch (error) {
      signal.throwIfAborted();
      const isUnreachable = error instanceof GatewayUnreachable;
      onFailure(isUnreachable ? error.message : toTablecastError(error).message);
      await delay(isUnreachable ? RETRY_MS : 0, undefined, { signal });
      this.#refused = isUnreachable ? null : this.#tried;
    }
  }

  async #look(): Promise<void> {
    const stamp = await this.#stampNow();
    if (stamp === null || isSameStamp(stamp, this.#refused)) return;
    this.#tried = stamp;
    const opened = this.#opened;
    if (opened !== null) {
      if (isSameStamp(stamp, opened.stamp)) return this.#takeOpenLine(opened);
      if (await isLonger(opened, stamp)) return this.#publishMore(opened, stamp, true);
      if (stamp.inode !== opened.stamp.inode) await this.#publishRest(opened);
    }
    await this.close();
    if (await this.#standsStill(stamp)) await this.#publishAll();
  }

  async #publishAll(): Promise<void> {
    const { name, nowMs } = this.#options;
    const file = await open(name).catch(() => null);
    // Without a file the options' own path says what is wrong.
    const source = file === null ? {} : { file };
    try {
      const stamp = file === null ? null : stampOf(await file.stat());
      this.#tried = stamp;
      const { acknowledgement, readTo } = await publishInput({
        ...this.#options,
        ...source,
        pace: null,
        leavesOpenLine: true,
      });
      this.#opened = {
        file: file!,
        stamp: stamp!,
        readTo,
        openSinceMs: nowMs(),
        tookOpenLine: false,
      };
      this.#took(this.#opened, readTo);
      this.#refused = null;
      this.#epoch = acknowledgement?.epoch ?? null;
      if (acknowledgement !== null) this.#options.onPublished(acknowledgement.version);
    } catch (error) {
      await file?.close();
      this.#opened = null;
      throw error;
    }
  }

  /** What the file has got since it was read. */
  async #publishMore(opened: Opened, stamp: FileStamp, leavesOpenLine: boolean): Promise<void> {
    const { file, readTo: resume } = opened;
    const more = await publishInput({ ...this.#options, file, pace: null, resume: resume!, leavesOpenLine });
    opened.stamp = stamp;
    this.#took(opened, more.readTo);
    if (more.acknowledgement === null) return;
    const { epoch, version } = more.acknowledgement;
    if (this.#options.op === 'replace' && this.#epoch !== null && epoch !== this.#epoch) {
      // The gateway began anew, and has these rows alone.
      await this.close();
      return this.#publishAll();
    }
    this.#epoch = epoch;
    this.#options.onPublished(version);
  }

  /** What a file got before another one came in its place; a table that is replaced does not need it. */
  async #publishRest(opened: Opened): Promise<void> {
    if (this.#options.op === 'replace' || opened.readTo === null) return;
    const stamp = stampOf(await opened.file.stat());
    if (stamp.sizeBytes > opened.readTo.position.bytes) await this.#publishMore(opened, stamp, false);
  }

  #took(opened: Opened, readTo: ReadTo | null): void {
    opened.readTo = readTo;
    const isOpen = readTo !== null && readTo.position.bytes < opened.stamp.sizeBytes;
    opened.openSinceMs = isOpen ? this.#options.nowMs() : null;
  }

  /** A file that is done may lack its last line's end: then it stands still. Rows that were added cannot be taken back. */
  async #takeOpenLine(opened: Opened): Promise<void> {
    const { op, nowMs } = this.#options;
    if (op !== 'replace' || opened.openSinceMs === null) return;
    if (nowMs() - opened.openSinceMs < OPEN_LINE_MS) return;
    opened.openSinceMs = null;
    opened.tookOpenLine = true;
    await this.#publishMore(opened, opened.stamp, false);
  }

  async #standsStill(stamp: FileStamp): Promise<boolean> {
    for (let before = stamp; ; ) {
      await delay(STILL_MS, undefined, { signal: this.#options.signal });
      const now = await this.#stampNow();
      if (now === null || isSameStamp(now, before)) return now !== null;
      before = now;
    }
  }

  async #stampNow(): Promise<FileStamp | null> {
    try {
      return stampOf(await stat(this.#options.name));
    } catch {
      return null;
    }
  }
}

/** Whether the file at the path is the one that was read, with more at its end. */
async function isLonger({ file, stamp, readTo, tookOpenLine }: Opened, now: FileStamp): Promise<boolean> {
  if (readTo === null || tookOpenLine) return false;
  if (now.inode !== stamp.inode || now.sizeBytes <= stamp.sizeBytes) return false;
  return readTo.position.trace.isIn(file, readTo.position.bytes);
}
