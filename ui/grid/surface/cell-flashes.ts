import type { Change } from '../cells/cell-changes.ts';

/** A changed cell keeps its tint for so long after its last change, and then fades. */
const HOLD_MS = 450;

export interface CellFlashesOptions {
  readonly nowMs: () => number;
  readonly after: (delayMs: number, callback: () => void) => void;
}

/**
 * Cells that changed a moment ago: `data-flash` says how, and `data-flash="faded"` that it was. A cell that goes on changing
 * keeps one still tint: an animation that began anew with every change would cost more than all else that a commit draws.
 */
export class CellFlashes {
  readonly #options: CellFlashesOptions;
  /** Until when each cell is tinted, the first to end first. */
  readonly #untilMs = new Map<HTMLElement, number>();
  /** Cells that have the attribute. */
  readonly #marked = new Set<HTMLElement>();
  #isWaiting = false;
  #isClosed = false;

  constructor(options: CellFlashesOptions) {
    this.#options = options;
  }

  start(cell: HTMLElement, change: Change): void {
    if (cell.dataset.flash !== change) cell.dataset.flash = change;
    this.#marked.add(cell);
    this.#untilMs.delete(cell);
    this.#untilMs.set(cell, this.#options.nowMs() + HOLD_MS);
    this.#wait();
  }

  /** At once, without a trace. */
  end(cell: HTMLElement): void {
    if (!this.#marked.delete(cell)) return;
    this.#untilMs.delete(cell);
    delete cell.dataset.flash;
  }

  close(): void {
    this.#isClosed = true;
    this.#untilMs.clear();
    this.#marked.clear();
  }

  #wait(): void {
    const [next] = this.#untilMs.values();
    if (this.#isWaiting || next === undefined) return;
    this.#isWaiting = true;
    this.#options.after(Math.max(0, next - this.#options.nowMs()), () => this.#fade());
  }

  #fade(): void {
    this.#isWaiting = false;
    if (this.#isClosed) return;
    const nowMs = this.#options.nowMs();
    for (const [cell, untilMs] of this.#untilMs) {
      if (untilMs > nowMs) break;
      this.#untilMs.delete(cell);
      cell.dataset.flash = 'faded';
    }
    this.#wait();
  }
}
