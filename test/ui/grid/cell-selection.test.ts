import { describe, expect, it } from 'vitest';
import { copyText, GridSelection, moveCell, rectangle } from '../../../ui/grid/cell-selection.ts';

const size = { rows: 100, columns: 5, pageRows: 10 };
const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false, altKey: false });

describe('keys in a grid', () => {
  it.each([
    ['ArrowDown', false, [51, 2]],
    ['ArrowUp', false, [49, 2]],
    ['ArrowLeft', false, [50, 1]],
    ['ArrowRight', false, [50, 3]],
    ['PageDown', false, [60, 2]],
    ['PageUp', false, [40, 2]],
    ['Home', false, [50, 0]],
    ['End', false, [50, 4]],
    ['Home', true, [0, 0]],
    ['End', true, [99, 4]],
    ['ArrowDown', true, [99, 2]],
  ] as const)('%s (control: %s) moves as the ARIA grid pattern says', (name, control, [row, column]) => {
    expect(moveCell({ row: 50, column: 2 }, key(name, control), size)).toEqual({ row, column });
  });

  it('stop at the edges, the header above the first row', () => {
    expect(moveCell({ row: 0, column: 0 }, key('ArrowUp'), size)).toEqual({ row: -1, column: 0 });
    expect(moveCell({ row: -1, column: 0 }, key('ArrowUp'), size)).toEqual({ row: -1, column: 0 });
    expect(moveCell({ row: 99, column: 4 }, key('ArrowDown'), size)).toEqual({ row: 99, column: 4 });
    expect(moveCell({ row: 3, column: 4 }, key('ArrowRight'), size)).toEqual({ row: 3, column: 4 });
  });

  it('leave other keys alone', () => {
    expect(moveCell({ row: 0, column: 0 }, key('a'), size)).toBeNull();
    expect(moveCell({ row: 0, column: 0 }, { ...key('ArrowDown'), altKey: true }, size)).toBeNull();
  });
});

describe('a selection', () => {
  it('spans its corners in either order, never the header', () => {
    const area = rectangle({ row: 3, column: 2 }, { row: -1, column: 1 });
    expect(area).toEqual({ top: 0, bottom: 3, left: 1, right: 2 });
  });

  it('is copied with tabs and lines, nulls empty, quoted where it must be', () => {
    const cells = [
      ['a', null],
      ['two\nlines', 'say "x"'],
    ];
    const area = { top: 0, bottom: 1, left: 0, right: 1 };
    expect(copyText(area, (row, column) => cells[row]![column]!)).toBe('a\t\n"two\nlines"\t"say ""x"""');
  });

  it('of one cell is copied as it is', () => {
    expect(copyText({ top: 0, bottom: 0, left: 0, right: 0 }, () => 'two\nlines')).toBe('two\nlines');
  });

  it('too large for a clipboard is not copied', () => {
    expect(copyText({ top: 0, bottom: 1_000_000, left: 0, right: 0 }, () => '')).toBeNull();
  });

  it('is copied below its headers where they are asked for', () => {
    const area = { top: 4, bottom: 4, left: 1, right: 2 };
    expect(
      copyText(
        area,
        (row, column) => `${row}${column}`,
        (column) => `h "${column}"`,
      ),
    ).toBe('"h ""1"""\t"h ""2"""\n41\t42');
  });
});

describe('where the keyboard is', () => {
  it('extends the selection from where it began, and collapses to one cell', () => {
    const selection = new GridSelection();
    selection.moveTo({ row: 3, column: 1 }, false);
    selection.moveTo({ row: 1, column: 2 }, true);
    expect(selection.area).toEqual({ top: 1, bottom: 3, left: 1, right: 2 });
    selection.collapse();
    expect(selection.area).toEqual({ top: 1, bottom: 1, left: 2, right: 2 });
  });

  it('on a header selects no rows', () => {
    const selection = new GridSelection();
    selection.moveTo({ row: -1, column: 1 }, false);
    expect(selection.area).toBeNull();
    selection.moveTo({ row: 0, column: 1 }, true);
    expect(selection.area).toEqual({ top: 0, bottom: 0, left: 1, right: 1 });
  });

  it.each([
    [-2, 10, { top: 1, bottom: 3 }],
    [-4, 10, { top: 0, bottom: 1 }],
    [0, 4, { top: 3, bottom: 3 }],
  ])('goes with its rows by %i, of %i that are there', (shift, rows, expected) => {
    const selection = new GridSelection();
    selection.moveTo({ row: 3, column: 0 }, false);
    selection.moveTo({ row: 5, column: 0 }, true);
    selection.follow(shift, { rows, columns: 1 });
    expect(selection.area).toMatchObject(expected);
  });
});
