// How programs give memory back to the system. Left to itself glibc raises its own thresholds with the first large buffer
// that is freed, and from then on keeps what buffers of that size leave behind: mallopt(3), M_MMAP_THRESHOLD.

/** Of glibc, which reads them when a program starts; other systems do not know them. */
const memorySettings = {
  MALLOC_MMAP_THRESHOLD_: '262144',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

/** @param {NodeJS.ProcessEnv} env whose own settings win @returns {NodeJS.ProcessEnv} */
export function withMemorySettings(env) {
  return { ...memorySettings, ...env };
}
