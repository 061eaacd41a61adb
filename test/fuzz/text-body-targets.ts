import { cellJson } from '../../protocol/arrow/cell-text.ts';
import type { DataType } from '../../protocol/arrow/data-type.ts';
import { type IpcTable, readIpc } from '../../protocol/arrow/read-ipc.ts';
import { type TextFormat, textRowsToArrow } from '../../protocol/text-rows/text-rows-to-arrow.ts';
import { madeOrRefused } from './refused.ts';
import type { FuzzTarget } from './run-fuzz.ts';

const TEXTS: Readonly<Record<TextFormat, readonly string[]>> = {
  json: [
    '[{"a":1,"b":"x","c":null,"d":[1,2],"e":{"f":true}},{"a":-2.5,"b":"\\u6f22\\n","d":[],"e":null}]',
    '{"a":[1,2,3],"b":["x",null,"z"],"c":[1.5,1e300,-0.0],"d":[true,false,null]}',
    '[{"i":9007199254740993,"u":18446744073709551615,"t":"2026-11-21T09:30:00.000Z"},{"i":null}]',
    '[]',
  ],
  ndjson: [
    '{"a":1,"b":"x"}\n{"a":2.5,"b":null,"c":[{"d":1}]}\r\n{"b":"\\"","a":null}\n',
    '{"i":1}\n\n{"i":-7}',
  ],
  csv: [
    'a,b,c\n1,x,true\n2,"y ""z"", 1",false\n,"",\n',
    'when,n,f\r\n2026-11-21T09:30:00Z,18446744073709551615,inf\r\n2026-11-21,-1,1e5\r\n',
    '"a b",c\n"line\nbreak",NaN\n',
  ],
};

/** What a table has, so that its columns' types are met exactly. */
const KNOWN: readonly DataType[] = [
  { kind: 'int', bits: 32, signed: true },
  { kind: 'timestamp', unit: 'ms', timezone: 'UTC' },
  { kind: 'decimal', precision: 20, scale: 2, bits: 128 },
  { kind: 'float', bits: 64 },
  { kind: 'bool' },
  { kind: 'utf8' },
];

const NEW = { fields: [], types: 'required', neverLeftOut: null } as const;

/** Rows as text, to a new table, and to one that has a type for columns a to f. */
export const textBodyTargets: readonly FuzzTarget[] = (['json', 'ndjson', 'csv'] as const).map((format) => ({
  name: format,
  kind: 'text',
  seeds: TEXTS[format].map((text) => new TextEncoder().encode(text)),
  take: (bytes) => {
    for (const type of KNOWN) {
      const fields = [...'abcdef'].map((name) => ({ name, type, nullable: true, metadata: new Map() }));
      const known = { fields, types: 'required', neverLeftOut: ['a'] } as const;
      madeOrRefused(() => readIpc(textRowsToArrow(bytes, format, known)));
    }
    return madeOrRefused(() => readIpc(textRowsToArrow(bytes, format, NEW)));
  },
  check: (made, bytes) => {
    const table = made as IpcTable;
    const columns = jsonOf(table);
    if (format === 'csv') return;
    const text = new TextDecoder().decode(bytes);
    // Whatever is taken is JSON, to a parser of strangers too.
    const json: unknown =
      format === 'json' ? JSON.parse(text) : linesOf(text).map((line) => JSON.parse(line));
    checkScalars(columns, json, table.rowCount);
  },
}));

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** By name the cells' values, as a reader of the table's JSON gets them. */
function jsonOf({ fields, batches }: IpcTable): Map<string, unknown[]> {
  return new Map(
    fields.map(({ name, type }, i) => [
      name,
      batches.flatMap(({ rowCount, columns }) =>
        Array.from({ length: rowCount }, (_, row): unknown => JSON.parse(cellJson(type, columns[i], row))),
      ),
    ]),
  );
}

/** Numbers, texts, truth values and nulls are those that stand there. */
function checkScalars(columns: Map<string, unknown[]>, json: unknown, rowCount: number): void {
  const cellOf = Array.isArray(json)
    ? (name: string, row: number): unknown => own(json[row], name)
    : (name: string, row: number): unknown => (own(json, name) as unknown[])[row];
  const rows = Array.isArray(json) ? json.length : rowCount;
  if (columns.size > 0 && rows !== rowCount) throw new Error(`${rowCount} rows of ${rows}`);
  for (const [name, cells] of columns) {
    cells.forEach((cell, row) => {
      const expected = cellOf(name, row) ?? null;
      if (typeof expected === 'object' && expected !== null) return;
      const isNumber = typeof expected === 'number' && typeof cell === 'number';
      // Beyond the largest float it is infinite, which is null in JSON.
      const isSame = isNumber ? cell === expected : Object.is(cell, expected);
      if (!isSame && !(cell === null && !Number.isFinite(expected)))
        throw new Error(`${name}, row ${row}: ${String(cell)} instead of ${String(expected)}`);
    });
  }
}

function own(record: unknown, name: string): unknown {
  return Object.getOwnPropertyDescriptor(record as object, name)?.value;
}
