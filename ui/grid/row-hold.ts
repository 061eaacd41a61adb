import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { GridSelection } from './cell-selection.ts';
import type { EndFollower } from './end-follower.ts';
import type { RowView } from './row-view/row-view.ts';
import type { GridSurface } from './surface/grid-surface.ts';

export interface RowHoldOptions {
  readonly rows: RowView;
  readonly surface: GridSurface;
  readonly selection: GridSelection;
  readonly follower: EndFollower;
}

export interface RowHoldUpdate {
  /** New rows come at the end: nothing sorts or groups them. */
  readonly isOrdered: boolean;
  readonly placeCount: number;
}

/** Keeps what the viewer looks at in view while rows come, go and change places. */
export class RowHold {
  readonly #options: RowHoldOptions;
  #goesToStart = false;
  #firstRow = 0;

  constructor(options: RowHoldOptions) {
    this.#options = options;
  }

  /** Other rows will be shown: once they are, from the first one on. */
  startOver(): void {
    this.#goesToStart = true;
  }

  /**
   * Brings the rows to the present, and the view and the selection along with theirs. Answers whether every line is where
   * it was.
   */
  update(table: LiveTable, { isOrdered, placeCount }: RowHoldUpdate): boolean {
    const { rows, surface, selection, follower } = this.#options;
    const top = surface.firstRow;
    const update = rows.update(top);
    const { rowCount } = rows;
    const isAnew = this.#goesToStart && !rows.isBuilding;
    const shift = isAnew ? 0 : update.heldAt - top;
    if (isAnew) {
      this.#goesToStart = false;
      surface.moveToStart();
    } else if (!surface.isAtStart && shift !== 0) surface.moveByRows(shift, rowCount);
    if (follower.isFollowing && isOrdered) surface.moveToEnd(rowCount);
    const dropped = this.#takeDropped(table);
    selection.follow(rows.isPlain ? -dropped : shift, { rows: rowCount, columns: placeCount });
    return !update.isMoved && !update.isAnother && !rows.isBuilding;
  }

  /** Rows that went from the table's front since the last update. */
  #takeDropped(table: LiveTable): number {
    const firstRow = table.queue?.firstRow ?? 0;
    const dropped = Math.max(0, firstRow - this.#firstRow);
    this.#firstRow = firstRow;
    return dropped;
  }
}
