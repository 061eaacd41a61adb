import { describe, expect, it } from 'vitest';
import type { ClientMessage } from '../../protocol/client-message.ts';
import { COMMITS_AHEAD, TakenReports } from '../../ui/taken-reports.ts';

function createReports() {
  const sent: ClientMessage[] = [];
  return { sent, reports: new TakenReports((message) => sent.push(message)) };
}

describe('what a page has taken', () => {
  it('is told before the gateway has to wait', () => {
    const { reports, sent } = createReports();
    for (let version = 1; version <= 2 * COMMITS_AHEAD; version++) {
      reports.took(version);
      const told = sent.at(-1);
      expect(version - (told?.type === 'taken' ? told.version : 0)).toBeLessThan(COMMITS_AHEAD);
    }
  });

  it('is not told where the version on screen was', () => {
    const { reports, sent } = createReports();
    for (let version = 1; version <= 100; version++) {
      reports.took(version);
      reports.rendered(version);
    }
    expect(sent).toEqual([]);
  });

  it('is told of what came after the version on screen', () => {
    const { reports, sent } = createReports();
    reports.took(1);
    reports.rendered(0);
    reports.took(2);
    expect(sent).toEqual([{ type: 'taken', version: 2 }]);
  });

  it('is forgotten with the line that it came on', () => {
    const { reports, sent } = createReports();
    reports.took(1);
    reports.newLine();
    reports.took(2);
    expect(sent).toEqual([]);
  });
});
