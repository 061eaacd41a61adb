import type { Clock } from './connection.ts';
import { SpacedWork } from './spaced-work.ts';

/** A view whose last draw took longer is slow. */
const QUICK_MS = 3;
/**
 * Commits make slow views draw for this share of the time, about: when they took 8 ms together, they rest for 16 ms, and the
 * page stays quick. They rest and draw together, so that a version that they all show comes with each of their draws.
 */
const SLOW_SHARE = 1 / 3;
const LONGEST_REST_MS = 250;
/** Versions that change nothing on screen are reported no more often. */
const UNSEEN_GAP_MS = 100;

/** Something on screen that shows one table. */
export interface View {
  readonly table: string;
  /**
   * Draws the table as it is now. `isData` tells a draw that a commit asked for from one that the viewer did.
   * A promise that has not settled holds back the reports of versions, not the next draws.
   */
  draw(cause: DrawCause): void | Promise<void>;
}

export interface DrawCause {
  readonly isData: boolean;
  /** Rows that retention took from the front since the last draw. */
  readonly droppedFirst: number;
}

export interface RenderSchedulerOptions {
  readonly requestFrame: (callback: () => void) => number;
  readonly cancelFrame: (handle: number) => void;
  readonly isVisible: () => boolean;
  readonly clock: Clock;
  /** Everything of this version that is on screen is drawn. Called with growing versions only, on one line. */
  readonly onRendered: (version: number) => void;
  readonly onViewError: (error: unknown) => void;
  /** Whether all is there that is to be on screen; no version is reported until then. It is where absent. */
  readonly isComplete?: () => boolean;
}

interface Drawing {
  readonly view: View;
  /** Settles when the draw does, or its view is removed. */
  readonly ended: Promise<void>;
  end(): void;
}

interface Pending {
  isData: boolean;
  droppedFirst: number;
}

/**
 * Draws at most once a frame, always the newest version, only views whose table changed, and slow ones less often. While the page is hidden it
 * draws nothing and remembers what to draw. Versions that touch nothing on screen are reported too, without a frame: browsers
 * do much for one even where nothing is drawn in it.
 */
export class RenderScheduler {
  readonly #options: RenderSchedulerOptions;
  readonly #views = new Map<View, Pending | null>();
  readonly #slow = new Set<View>();
  #restUntilMs = 0;
  readonly #drawing = new Set<Drawing>();
  /** Added, and never drawn to the end: what they show is on screen at no version yet. */
  readonly #undrawn = new Set<View>();
  #version: number | null = null;
  #renderedVersion: number | null = null;
  #frame: number | null = null;
  readonly #unseen: SpacedWork;
  /** Counts lines: a report that began on an old one is void. */
  #line = 0;

  constructor(options: RenderSchedulerOptions) {
    this.#options = options;
    const { clock } = options;
    this.#unseen = new SpacedWork({ clock, gapMs: UNSEEN_GAP_MS, work: () => this.#reportUnseen() });
  }

  /**
   * Adds a view and draws it in the next frame, as the viewer's own action; no version is reported before that is done.
   * Returns its removal, which waits for no draw.
   */
  add(view: View): () => void {
    this.#views.set(view, { isData: false, droppedFirst: 0 });
    this.#undrawn.add(view);
    this.#schedule();
    return () => {
      this.#views.delete(view);
      this.#slow.delete(view);
      this.#undrawn.delete(view);
      for (const drawing of this.#drawing) if (drawing.view === view) drawing.end();
    };
  }

  /** A commit was applied. */
  commit(version: number, changed: Iterable<string>, droppedFirst: ReadonlyMap<string, number>): void {
    const tables = new Set(changed);
    this.#version = version;
    for (const [view, pending] of this.#views) {
      if (!tables.has(view.table)) continue;
      const dropped = (pending?.droppedFirst ?? 0) + (droppedFirst.get(view.table) ?? 0);
      this.#views.set(view, { isData: true, droppedFirst: dropped });
    }
    this.#toReport();
  }

  /** The gateway knows nothing of this viewer yet: what was reported counts no more, and versions may start anew. */
  newLine(): void {
    this.#line++;
    this.#version = null;
    this.#renderedVersion = null;
  }

  /** To be called when `isComplete` may have become true without a commit. */
  completed(): void {
    if (this.#version !== this.#renderedVersion) this.#toReport();
  }

  /** To be called when `isVisible` changed. */
  visibilityChanged(): void {
    if (this.#options.isVisible()) this.#schedule();
  }

  close(): void {
    if (this.#frame !== null) this.#options.cancelFrame(this.#frame);
    this.#frame = null;
    this.#unseen.close();
    this.#views.clear();
    this.#undrawn.clear();
  }

  /** Whether all on screen is as it is to be. */
  #isStill(): boolean {
    if (this.#drawing.size > 0 || this.#undrawn.size > 0) return false;
    for (const pending of this.#views.values()) if (pending !== null) return false;
    return true;
  }

  /** A version came, or is complete by now: it is to be reported, once all is drawn that it changes. */
  #toReport(): void {
    if (this.#isStill()) this.#unseen.ask();
    else this.#schedule();
  }

  #reportUnseen(): void {
    if (!this.#isStill()) this.#schedule();
    else if (this.#options.isVisible()) this.#report(this.#version, this.#line);
  }

  #schedule(): void {
    if (this.#frame !== null || !this.#options.isVisible()) return;
    this.#frame = this.#options.requestFrame(() => this.#drawFrame());
  }

  #drawFrame(): void {
    this.#frame = null;
    if (!this.#options.isVisible()) return;
    const version = this.#version;
    const line = this.#line;
    if (!this.#drawPending()) {
      this.#schedule();
      return;
    }
    const draws = Array.from(this.#drawing, ({ ended }) => ended);
    void Promise.all(draws).then(() => this.#report(version, line));
  }

  /** Draws what is to be drawn now; whether that was all. What the viewer does is drawn at once. */
  #drawPending(): boolean {
    const { clock } = this.#options;
    const isResting = clock.nowMs() < this.#restUntilMs;
    let isAll = true;
    let slowMs = 0;
    for (const [view, pending] of this.#views) {
      if (pending === null) continue;
      if (isResting && pending.isData && this.#slow.has(view)) {
        isAll = false;
        continue;
      }
      const startedAtMs = clock.nowMs();
      this.#views.set(view, null);
      this.#startDraw(view, pending);
      const tookMs = clock.nowMs() - startedAtMs;
      if (tookMs <= QUICK_MS) {
        this.#slow.delete(view);
        continue;
      }
      this.#slow.add(view);
      slowMs += tookMs;
    }
    if (slowMs > 0)
      this.#restUntilMs = clock.nowMs() + Math.min(LONGEST_REST_MS, slowMs * (1 / SLOW_SHARE - 1));
    return isAll;
  }

  #startDraw(view: View, cause: DrawCause): void {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const drawing = { view, ended, end };
    this.#drawing.add(drawing);
    void ended.then(() => this.#drawing.delete(drawing));
    void this.#drawView(view, cause).finally(end);
  }

  async #drawView(view: View, cause: DrawCause): Promise<void> {
    try {
      await view.draw(cause);
    } catch (error) {
      this.#options.onViewError(error);
    } finally {
      this.#undrawn.delete(view);
    }
  }

  /** Where a view waits for its first frame, that frame reports instead. */
  #report(version: number | null, line: number): void {
    if (this.#undrawn.size > 0 || this.#options.isComplete?.() === false) return;
    if (version === null || line !== this.#line) return;
    if (this.#renderedVersion !== null && version <= this.#renderedVersion) return;
    this.#renderedVersion = version;
    this.#options.onRendered(version);
  }
}
