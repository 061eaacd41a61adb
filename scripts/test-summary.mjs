// Vitest's JSON report → the one line that says how many tests passed.

/**
 * @typedef {{ status: string, assertionResults: readonly { status: string }[] }} TestFileReport
 * @typedef {{ testResults: readonly TestFileReport[] }} TestReport
 * @typedef {{ passed: number, failed: number, skipped: number }} TestCounts
 */

/**
 * @param {TestReport | null} report null where Vitest wrote none
 * @param {number} exitCode Vitest's
 * @returns {TestCounts}
 */
export function countTests(report, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const failedBefore = counts.failed;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') counts.failed += 1;
      else counts.skipped += 1;
    }
    // A file that could not be loaded has no tests to count.
    if (file.status === 'failed' && counts.failed === failedBefore) counts.failed += 1;
  }
  // An error outside of any test.
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** @param {TestCounts} counts */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
