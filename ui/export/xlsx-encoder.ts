import type { ExportSource, RowEncoder } from './row-encoder.ts';
import { STYLE, type XlsxCell, xlsxCell } from './xlsx-cell.ts';
import { SHEET_BEGIN, SHEET_END, SHEET_PATH, workbookParts, XLSX_TYPE, xmlText } from './xlsx-parts.ts';
import { ZipFile } from './zip-file.ts';

/** What a sheet holds (Excel specifications and limits), the line of names included. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;
const MAX_CHARACTERS = 32_767;
const MAX_NAME = 31;

/** A workbook with one sheet; longer texts than a cell holds are cut. */
export function createXlsxEncoder({ table, name, columns }: ExportSource): RowEncoder {
  if (columns.length > MAX_COLUMNS)
    throw new RangeError(`A sheet holds ${MAX_COLUMNS} columns, not ${columns.length}: take CSV or Arrow.`);
  const letters = columns.map((_, i) => columnLetters(i));
  const types = columns.map((column) => table.fields[column]!.type);
  const zip = new ZipFile();
  const sheet = zip.open(SHEET_PATH);
  const names = columns.map((column, i) =>
    cellXml(`${letters[i]}1`, { type: 'text', text: table.fields[column]!.name }, STYLE.heading),
  );
  let waiting = `${SHEET_BEGIN}<row r="1">${names.join('')}</row>`;
  let line = 1;

  return {
    async write(rows) {
      for (const row of rows) {
        line++;
        if (line > MAX_ROWS)
          throw new RangeError(`A sheet holds ${MAX_ROWS - 1} rows below its names: take CSV or Arrow.`);
        waiting += `<row r="${line}">`;
        columns.forEach((column, i) => {
          const text = table.text(row, column);
          if (text === null) return;
          waiting += cellXml(
            `${letters[i]}${line}`,
            xlsxCell(types[i]!, table.value(row, column), text),
            STYLE.plain,
          );
        });
        waiting += '</row>';
      }
      const text = waiting;
      waiting = '';
      await sheet.write(text);
    },
    async finish() {
      await sheet.write(waiting + SHEET_END);
      await sheet.end();
      for (const [path, text] of Object.entries(workbookParts(sheetName(name)))) await zip.text(path, text);
      return zip.finish(XLSX_TYPE);
    },
  };
}

function cellXml(place: string, cell: XlsxCell, style: number): string {
  switch (cell.type) {
    case 'number':
      return `<c r="${place}" s="${cell.style}"><v>${cell.text}</v></c>`;
    case 'bool':
      return `<c r="${place}" t="b"><v>${cell.isTrue ? 1 : 0}</v></c>`;
    case 'text': {
      const text = xmlText(cell.text.slice(0, MAX_CHARACTERS));
      return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
    }
  }
}

/** 0 is A, 25 is Z, 26 is AA. */
function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

/** What a sheet may be called: no brackets, colons, slashes, question marks, stars. */
function sheetName(name: string): string {
  return [...name.replace(/[[\]:*?/\\]/g, '_')].slice(0, MAX_NAME).join('');
}
