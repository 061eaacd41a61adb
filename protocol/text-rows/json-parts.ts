import { CELL, Cells } from './cells.ts';
import { JsonObjects } from './json-objects.ts';
import { JsonScanner } from './json-scanner.ts';

const OPEN = 0x5b;
const CLOSE = 0x5d;

/**
 * The elements of the lists among the cells: those of cell i are `child[offsets[i] .. offsets[i + 1]]`.
 *
 * @throws TablecastError `bad_body`, `too_large`
 */
export function listParts(cells: Cells): { readonly offsets: Int32Array; readonly child: Cells } {
  const offsets = new Int32Array(cells.length + 1);
  const child = new Cells(cells.source, cells.length);
  const scanner = new JsonScanner(cells.source, 0, 0);
  for (let i = 0; i < cells.length; i++) {
    if (cells.kinds[i] === CELL.list) {
      scanner.at = cells.starts[i]!;
      scanner.end = cells.ends[i]!;
      if (scanner.opens(OPEN, CLOSE)) {
        do {
          const kind = scanner.value();
          child.push(kind, scanner.start, scanner.stop);
        } while (scanner.goesOn(CLOSE));
      }
      scanner.finish();
    }
    offsets[i + 1] = child.length;
  }
  return { offsets, child };
}

/**
 * The members of the objects among the cells, by name: a row for each cell.
 *
 * @throws TablecastError `bad_body`, `too_large`
 */
export function objectParts(cells: Cells): JsonObjects {
  const objects = new JsonObjects(cells.source, cells.length);
  const scanner = new JsonScanner(cells.source, 0, 0);
  for (let i = 0; i < cells.length; i++) {
    if (cells.kinds[i] !== CELL.object) continue;
    scanner.at = cells.starts[i]!;
    scanner.end = cells.ends[i]!;
    objects.take(scanner, i);
    scanner.finish();
  }
  objects.finish(cells.length);
  return objects;
}
