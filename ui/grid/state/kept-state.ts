import type { GridState } from './grid-state.ts';
import type { StoredStates } from './stored-states.ts';

const SAVE_DELAY_MS = 300;

/** One table's choices, which are stored a moment after they changed, where storing costs. */
export class KeptState {
  readonly #table: string;
  readonly #stored: StoredStates;
  #value: GridState;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(table: string, stored: StoredStates) {
    this.#table = table;
    this.#stored = stored;
    this.#value = stored.load(table);
  }

  get value(): GridState {
    return this.#value;
  }

  set(state: GridState): void {
    this.#value = state;
    if (this.#stored.isInstant) return this.#stored.save(this.#table, state);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  /** Stores now what is not stored yet. */
  save(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#stored.save(this.#table, this.#value);
  }
}
