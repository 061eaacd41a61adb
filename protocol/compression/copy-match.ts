/** Shorter copies cost less as a loop than as a call. */
export const MIN_CALL_BYTES = 32;

/** Copies bytes from `offset` before `at`; those that it just wrote too, where it is longer than its offset. */
export function copyMatch(into: Uint8Array, at: number, offset: number, byteLength: number): void {
  const from = at - offset;
  if (byteLength < MIN_CALL_BYTES) {
    for (let i = 0; i < byteLength; i++) into[at + i] = into[from + i]!;
    return;
  }
  if (offset === 1) {
    into.fill(into[from]!, at, at + byteLength);
    return;
  }
  // What is there to copy doubles each time.
  for (let done = 0; done < byteLength; ) {
    const count = Math.min(byteLength - done, offset + done);
    into.copyWithin(at + done, from, from + count);
    done += count;
  }
}
