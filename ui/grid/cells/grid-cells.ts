import type { DataType } from '../../../protocol/arrow/data-type.ts';
import type { LiveTable } from '../../../protocol/table/live-table.ts';
import type { Texts } from '../../locales/en.ts';
import type { GridSelection } from '../cell-selection.ts';
import type { ColumnWidths } from '../column-widths.ts';
import type { GroupLine, RowView, ViewLine } from '../row-view/row-view.ts';
import type { Aggregate } from '../row-view/view-spec.ts';
import type { GridColumn } from '../state/grid-columns.ts';
import type { TimeZoneChoice } from '../state/grid-state.ts';
import type { CellLook } from '../surface/drawn-cell.ts';
import type { RowLook } from '../surface/drawn-row.ts';
import type { SurfaceContent } from '../surface/grid-surface.ts';
import type { CellChanges, Change } from './cell-changes.ts';
import type { CellMark } from './cell-marks.ts';
import { shownText } from './cell-text.ts';
import { shownZone, timeText } from './time-text.ts';

/** What the cells of one draw are made of. */
export interface GridCellsOptions {
  readonly table: LiveTable;
  readonly rows: RowView;
  readonly columns: readonly GridColumn[];
  readonly hasRowNumbers: boolean;
  readonly aggregates: readonly Aggregate[];
  readonly timeZone: TimeZoneChoice;
  readonly texts: Texts;
  readonly widths: ColumnWidths;
  readonly changes: CellChanges;
  readonly marks: ReadonlyMap<number, readonly CellMark[]>;
  readonly selection: Pick<GridSelection, 'active' | 'area'>;
  /** A commit is drawn: cells that it changed flash. */
  readonly isByCommit: boolean;
  /** Since the last draw nothing but commits came, and they moved no line: rows that they did not write are the same. */
  readonly isStill: boolean;
}

type CellContent = Pick<CellLook, 'text' | 'className' | 'whole' | 'change'>;

const FLOAT: DataType = { kind: 'float', bits: 64 };
const LONGEST_TITLE = 2000;

/** The looks of a table's rows and cells, as the viewer chose to see them. */
export class GridCells implements SurfaceContent {
  readonly rowCount: number;
  readonly goneRows: number;
  readonly active: SurfaceContent['active'];
  readonly #options: GridCellsOptions;
  readonly #firstColumn: number;
  readonly #zones: readonly (string | null)[];
  readonly #keyColumns: readonly number[] | null;
  readonly #firstRow: number;
  #line: ViewLine = { type: 'row', row: 0, depth: 0 };
  #rowId: string | null = null;

  constructor(options: GridCellsOptions) {
    const { table, rows, columns, timeZone } = options;
    this.#options = options;
    this.rowCount = rows.rowCount;
    this.active = options.selection.active;
    this.#firstColumn = options.hasRowNumbers ? 1 : 0;
    this.#zones = columns.map((column) => shownZone(column.field.type, timeZone));
    this.#keyColumns = table.key === null ? null : table.keyColumns();
    this.#firstRow = table.queue?.firstRow ?? 0;
    this.goneRows = rows.isPlain ? this.#firstRow : 0;
  }

  isSame(row: number): boolean {
    const { isStill, rows } = this.#options;
    return isStill && rows.rowAt(row).type === 'row' && !rows.isWritten(row);
  }

  row(row: number): RowLook {
    this.#line = this.#options.rows.rowAt(row);
    this.#rowId = null;
    return { id: this.#identify(), className: this.#line.type === 'group' ? 'is-group' : '' };
  }

  /** The row must be the one that {@link row} was asked for last. */
  cell(row: number, column: number): CellLook {
    const { active, area } = this.#options.selection;
    const isSelected =
      area !== null && row >= area.top && row <= area.bottom && column >= area.left && column <= area.right;
    const isActive = active !== null && active.row === row && active.column === column;
    const marks = `${isSelected ? ' is-selected' : ''}${isActive ? ' is-active' : ''}`;
    const { text, className, whole, change } = this.#content(row, column);
    const mark = this.#markOf(row, column);
    return {
      text,
      className: className + marks + (mark === undefined ? '' : ` ${mark.className}`),
      whole,
      title: mark?.title ?? null,
      isExpanded: this.#expansion(column),
      isSelected,
      isActive,
      change,
    };
  }

  #markOf(row: number, column: number): CellMark | undefined {
    const { marks, columns, rows } = this.#options;
    if (marks.size === 0) return undefined;
    const at = columns[column - this.#firstColumn]?.index ?? -1;
    return marks.get(at)?.find(({ test }) => rows.holds(row, test));
  }

  #content(row: number, column: number): CellContent {
    const at = column - this.#firstColumn;
    if (at < 0) return { text: this.#rowNumber(), className: 'is-row-number', whole: null, change: null };
    return this.#line.type === 'group' ? this.#groupCell(this.#line, at) : this.#rowCell(row, at);
  }

  #expansion(column: number): boolean | null {
    if (this.#line.type !== 'group') return null;
    const name = this.#options.columns[column - this.#firstColumn]?.field.name;
    return name === this.#line.column ? this.#line.isExpanded : null;
  }

  #rowNumber(): string {
    return this.#line.type === 'row' ? String(this.#firstRow + this.#line.row + 1) : '';
  }

  #rowCell(row: number, at: number): CellContent {
    const { rows, columns, texts } = this.#options;
    const { index, field, isNumber } = columns[at]!;
    const exact = rows.text(row, index);
    let className = isNumber ? 'is-number' : '';
    // The columns that rows are grouped by come first; the group's line tells their value.
    if (at < this.#line.depth) className += ' is-repeated';
    const change = this.#changeOf(columns[at]!, exact);
    if (exact === null)
      return { text: texts.nullCell, className: `${className} is-null`, whole: null, change };
    if (exact === '') return { text: '', className: `${className} is-empty`, whole: null, change };
    if (exact === 'NaN' && isNumber) className += ' is-nan';
    const zone = this.#zones[at]!;
    const inZone = this.#options.timeZone === 'table' || zone === null;
    const text = inZone
      ? shownText(exact, field.type, field.metadata.get('format'))
      : (timeText(rows.value(row, index), field.type, zone) ?? exact);
    return { ...this.#fitted(at, text, exact, className), change };
  }

  #groupCell(line: GroupLine, at: number): CellContent {
    const { columns, aggregates, texts } = this.#options;
    const { field } = columns[at]!;
    if (field.name === line.column) {
      const value =
        line.text === null ? texts.grid.noGroupValue : shownText(line.text, field.type, undefined);
      const text = `${value === '' ? texts.grid.emptyText : value} (${texts.count(line.rowCount)})`;
      const className = line.isExpanded ? 'is-group-cell is-open' : 'is-group-cell';
      return { ...this.#fitted(at, text, text, className), change: null };
    }
    const aggregate = aggregates.findIndex(({ column }) => column === field.name);
    const exact = line.aggregates[aggregate]?.text ?? null;
    if (exact === null) return { text: '', className: '', whole: null, change: null };
    const fn = aggregates[aggregate]!.fn;
    const type = fn === 'mean' ? FLOAT : field.type;
    const text = fn === 'count' ? exact : shownText(exact, type, field.metadata.get('format'));
    const change = this.#changeOf(columns[at]!, exact);
    return { ...this.#fitted(at, text, exact, 'is-number'), change };
  }

  /** How the commit that is drawn changed a cell of the line. */
  #changeOf({ index, isNumber }: GridColumn, exact: string | null): Change | null {
    const { changes, isByCommit } = this.#options;
    const change = changes.see(this.#identify(), index, exact, isNumber);
    return isByCommit ? change : null;
  }

  /** Widens the column for the text where it may; the whole text where the cell shows less. */
  #fitted(at: number, text: string, exact: string, className: string): Omit<CellContent, 'change'> {
    const { widths, columns } = this.#options;
    const hasRoom = widths.fit(columns[at]!.index, text.length);
    const whole = hasRoom && text === exact ? null : exact.slice(0, LONGEST_TITLE);
    return { text, className: hasRoom ? className : `${className} is-cut`, whole };
  }

  /** A row by its key where the table has one, else by its number since the table began; a group by its path. */
  #identify(): string {
    if (this.#rowId !== null) return this.#rowId;
    if (this.#line.type === 'group') return this.#line.path;
    const { row } = this.#line;
    const { table } = this.#options;
    this.#rowId =
      this.#keyColumns === null
        ? String(this.#firstRow + row)
        : JSON.stringify(this.#keyColumns.map((column) => table.text(row, column)));
    return this.#rowId;
  }
}
