// A writer's way to the gateway over HTTP: it asks again until it is answered, and knows when the gateway forgot.
import { setTimeout as delay } from 'node:timers/promises';

const ANSWER_TIMEOUT_MS = 10_000;
const RETRY_MS = 30;

export class GatewayLine {
  #url;
  /** @type {string | null} */
  epoch = null;
  /** @type {string[]} */
  faults = [];
  retries = 0;
  epochs = 0;

  /** @param {string} url */
  constructor(url) {
    this.#url = url;
  }

  /**
   * Asks until there is an answer that is not of a gateway that stops; answers `null` where it comes from another epoch
   * than the last one: all that was there is gone.
   * @param {string} path @param {RequestInit & { mayBe?: readonly number[] }} [init] `mayBe`: statuses that are no fault
   */
  async ask(path, { mayBe = [], ...init } = {}) {
    for (;;) {
      const answer = await this.#once(path, init);
      if (answer === null || answer.status >= 500) {
        this.retries += 1;
        await delay(RETRY_MS);
        continue;
      }
      const epoch = answer.body.epoch ?? (await this.currentEpoch());
      const forgot = this.epoch !== null && this.epoch !== epoch;
      if (forgot) this.epochs += 1;
      this.epoch = epoch;
      if (forgot) return null;
      if (answer.status >= 400 && !mayBe.includes(answer.status))
        this.faults.push(`${init.method ?? 'GET'} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body;
    }
  }

  /** @returns {Promise<string>} */
  async currentEpoch() {
    for (;;) {
      const answer = await this.#once('tables', {});
      if (answer?.status === 200) return answer.body.epoch;
      await delay(RETRY_MS);
    }
  }

  /** @param {string} path @param {RequestInit} init @returns {Promise<{ status: number, body: any } | null>} */
  async #once(path, init) {
    try {
      const response = await fetch(new URL(path, this.#url), {
        ...init,
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      return null;
    }
  }
}
