/**
 * Calls back after whatever else waits, and sooner than a timer would: browsers make nested timers wait for 4 ms, which work in
 * slices of 8 ms would pay each time.
 */
export class AfterOthers {
  readonly #channel = new MessageChannel();
  #waiting: (() => void)[] = [];

  constructor() {
    this.#channel.port1.onmessage = () => {
      for (const callback of this.#waiting.splice(0)) callback();
    };
  }

  call(callback: () => void): void {
    this.#waiting.push(callback);
    if (this.#waiting.length === 1) this.#channel.port2.postMessage(null);
  }

  close(): void {
    this.#waiting = [];
    this.#channel.port1.close();
  }
}
