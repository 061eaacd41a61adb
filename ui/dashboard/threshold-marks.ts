import { createThresholdTest, LEVELS, type Threshold } from '../../protocol/condition/threshold.ts';
import type { CellMark, CellMarks } from '../grid/cells/cell-marks.ts';
import type { DashboardTexts } from '../locales/dashboard/en.ts';

/** How a table's cells are marked: of several thresholds that hold the most severe counts. */
export function thresholdMarks(
  thresholds: readonly Threshold[],
  table: string,
  { threshold: texts }: DashboardTexts,
): CellMarks {
  const own = thresholds
    .filter((threshold) => threshold.table === table)
    .toSorted((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level));
  return (fields) => {
    const marks = new Map<number, CellMark[]>();
    for (const threshold of own) {
      const found = createThresholdTest(fields, threshold);
      if (found === null) continue;
      const mark = {
        test: found.test,
        className: `mark mark-${threshold.level}`,
        title: texts.mark(threshold.level, texts.text(threshold)),
      };
      marks.set(found.column, [...(marks.get(found.column) ?? []), mark]);
    }
    return marks;
  };
}
