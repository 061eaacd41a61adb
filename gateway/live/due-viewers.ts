/** So long viewers are served before other work has its turn. */
const SERVE_MS = 8;

/** Viewers that are to be told something, those waiting longest first, each once however often it is asked for. */
export class DueViewers<Viewer> {
  readonly #serve: (viewer: Viewer) => void;
  readonly #due = new Set<Viewer>();
  #turn: NodeJS.Immediate | null = null;
  #isClosed = false;

  /** `serve` tells one viewer all that it can take now; where it throws, the others wait for another turn. */
  constructor(serve: (viewer: Viewer) => void) {
    this.#serve = serve;
  }

  /** Serves at once what comes first in a turn of the event loop, and what else comes in that turn together at its end. */
  add(viewers: Iterable<Viewer>): void {
    for (const viewer of viewers) this.#due.add(viewer);
    this.#schedule();
  }

  remove(viewer: Viewer): void {
    this.#due.delete(viewer);
  }

  /** Serves viewers for a while; the rest have their turn after what else the event loop has to do. */
  serve(): void {
    const endMs = performance.now() + SERVE_MS;
    for (const viewer of this.#due) {
      this.#due.delete(viewer);
      this.#serve(viewer);
      if (performance.now() > endMs) break;
    }
  }

  close(): void {
    this.#isClosed = true;
    if (this.#turn !== null) clearImmediate(this.#turn);
  }

  #schedule(): void {
    if (this.#turn !== null || this.#isClosed) return;
    this.#turn = setImmediate(() => {
      this.#turn = null;
      if (this.#due.size > 0) this.#schedule();
    });
    this.serve();
  }
}
