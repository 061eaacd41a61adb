import type { ClientMessage } from '../protocol/client-message.ts';

/** So many commits may be under way to the page, or wait in it to be applied. */
export const COMMITS_AHEAD = 4;

/**
 * Tells the gateway which commits the page has taken, so that those that come faster than it applies them are merged there and
 * do not queue here. What was said to be on screen is not said again.
 */
export class TakenReports {
  readonly #send: (message: ClientMessage) => void;
  #version = 0;
  #untold = 0;

  constructor(send: (message: ClientMessage) => void) {
    this.#send = send;
  }

  /** A commit was applied, or is kept. */
  took(version: number): void {
    this.#version = version;
    this.#untold++;
    if (this.#untold < COMMITS_AHEAD / 2) return;
    this.#untold = 0;
    this.#send({ type: 'taken', version });
  }

  /** The gateway knows that this version is on screen. */
  rendered(version: number): void {
    if (version >= this.#version) this.#untold = 0;
  }

  /** A new line begins, on which nothing was sent yet. */
  newLine(): void {
    this.#untold = 0;
  }
}
