// Time that processes of one machine share: the system's monotonic clock, so that a moment taken in one process can be
// compared with one taken in another, to the microsecond and whatever is done to the time of day.

/** @returns {number} milliseconds since an arbitrary moment that is the same for all processes */
export function sharedNowMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}
