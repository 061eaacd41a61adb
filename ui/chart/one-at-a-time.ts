/**
 * Runs one task at a time: however often one is asked for meanwhile, the last one runs afterwards, once. What does not
 * take time runs at once.
 */
export class OneAtATime {
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #task: (() => void | Promise<void>) | null = null;

  /** Settles when a task that began now or later is done; rejects with its error. */
  run(task: () => void | Promise<void>): void | Promise<void> {
    if (this.#running !== null) {
      this.#task = task;
      this.#next ??= this.#running.then(() => this.#runNext());
      return this.#next;
    }
    const result = task();
    if (result === undefined) return;
    const settled = () => {
      this.#running = null;
    };
    this.#running = result.then(settled, settled);
    return result;
  }

  #runNext(): void | Promise<void> {
    const task = this.#task;
    this.#next = null;
    this.#task = null;
    if (task !== null) return this.run(task);
  }
}
