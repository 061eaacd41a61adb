/** So many viewers a second are asked to come back to a gateway that starts anew. */
const VIEWERS_PER_SECOND = 500;
const MAX_SPREAD_MS = 30_000;

/** Which of several processes sends its viewers away, each with about as many. */
export interface ProcessPlace {
  readonly index: number;
  readonly of: number;
}

export const ONLY_PROCESS: ProcessPlace = { index: 0, of: 1 };

/**
 * For each of `count` viewers the milliseconds after which it is to come back, in random order: spread evenly, so that a new
 * gateway meets a stream of them, not all at once. Several processes take turns.
 */
export function restartDelaysMs(
  count: number,
  random: () => number,
  { index, of }: ProcessPlace = ONLY_PROCESS,
): number[] {
  const slotMs = Math.min(1000 / VIEWERS_PER_SECOND, MAX_SPREAD_MS / Math.max(1, count * of));
  const delays = Array.from({ length: count }, (_, i) => Math.floor((i * of + index + random()) * slotMs));
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [delays[i], delays[other]] = [delays[other]!, delays[i]!];
  }
  return delays;
}
