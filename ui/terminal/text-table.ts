import { fitted, safeText, textWidth } from './safe-text.ts';

export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Lines of aligned text: the titles, then a line for each row; the last column is cut where `width` ends. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const cells = [columns.map(({ title }) => title), ...rows].map((row) => row.map(safeText));
  const widths = columns.map((_, i) => cells.reduce((most, row) => Math.max(most, textWidth(row[i]!)), 0));
  return cells.map((row) => {
    const line = row
      .map((cell, i) => fitted(cell, widths[i]!, columns[i]!.align))
      .join('  ')
      .trimEnd();
    return textWidth(line) <= width ? line : fitted(line, width, 'left');
  });
}
