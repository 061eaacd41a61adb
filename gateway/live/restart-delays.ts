/** So many viewers a second are asked to come back to a gateway that starts anew. */
const VIEWERS_PER_SECOND = 500;
const MAX_SPREAD_MS = 30_000;

/**
 * For each of `count` viewers the milliseconds after which it is to come back, in random order: spread evenly, so that a new
 * gateway meets a stream of them, not all at once.
 */
export function restartDelaysMs(count: number, random: () => number): number[] {
  const slotMs = Math.min(1000 / VIEWERS_PER_SECOND, MAX_SPREAD_MS / Math.max(1, count));
  const delays = Array.from({ length: count }, (_, i) => Math.floor((i + random()) * slotMs));
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [delays[i], delays[other]] = [delays[other]!, delays[i]!];
  }
  return delays;
}
