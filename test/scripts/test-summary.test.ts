import { describe, expect, it } from 'vitest';
import { countTests, summaryLine } from '../../scripts/test-summary.mjs';

function file(status: string, ...statuses: string[]) {
  return { status, assertionResults: statuses.map((each) => ({ status: each })) };
}

describe('the summary of the tests', () => {
  const cases: readonly [string, ReturnType<typeof file>[] | null, number, string][] = [
    [
      'counts what passed',
      [file('passed', 'passed', 'passed'), file('passed', 'passed')],
      0,
      '3 passed, 0 failed',
    ],
    ['counts what failed', [file('failed', 'passed', 'failed')], 1, '1 passed, 1 failed'],
    [
      'tells what was skipped',
      [file('passed', 'passed', 'skipped', 'todo')],
      0,
      '1 passed, 0 failed, 2 skipped',
    ],
    [
      'counts a file that did not load as a failure',
      [file('passed', 'passed'), file('failed')],
      1,
      '1 passed, 1 failed',
    ],
    [
      'counts an error outside of the tests as a failure',
      [file('passed', 'passed')],
      1,
      '1 passed, 1 failed',
    ],
    ['counts a check before the tests as a failure', null, 1, '0 passed, 1 failed'],
  ];

  it.each(cases)('%s', (_title, testResults, exitCode, expected) => {
    const report = testResults === null ? null : { testResults };
    expect(summaryLine(countTests(report, exitCode))).toBe(expected);
  });
});
