import { setTimeout as delay } from 'node:timers/promises';

export interface WaitForOptions {
  /** Completes the sentence "Waited in vain for …". */
  what: string;
  timeoutMs?: number;
  intervalMs?: number;
}

/**
 * For what sends no event: asks again until the condition gives something truthy, and resolves with that. A condition
 * that throws has not been met; its last error is the cause of the failure.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 45_000, intervalMs = 20 }: WaitForOptions,
): Promise<Exclude<Awaited<T>, false | null | undefined | 0 | ''>> {
  const deadlineMs = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const result = await condition();
      if (result) return result as Exclude<Awaited<T>, false | null | undefined | 0 | ''>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadlineMs) break;
    await delay(intervalMs);
  }
  throw new Error(`Waited in vain for ${what} (${timeoutMs} ms)`, { cause: lastError });
}
