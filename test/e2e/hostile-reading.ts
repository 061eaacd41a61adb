import { tableFromIPC } from 'apache-arrow';

/** A table as each of its formats gives it: a list of records, cells with the names first, and the Arrow stream itself. */
export interface ReadBack {
  readonly json: readonly object[];
  readonly csv: readonly (readonly string[])[];
  readonly arrow: readonly (readonly string[])[];
  readonly bytes: Buffer;
}

export async function readBack(url: string, table: string): Promise<ReadBack> {
  const [json, csv, arrow] = (await Promise.all(
    ['json', 'csv', 'arrow'].map(async (format) => {
      return Buffer.from(await (await fetch(new URL(`tables/${table}.${format}`, url))).arrayBuffer());
    }),
  )) as [Buffer, Buffer, Buffer];
  const read = tableFromIPC(arrow);
  const names = read.schema.fields.map(({ name }) => name);
  const cells = Array.from({ length: read.numRows }, (_, row) =>
    names.map((_, i) => String(read.getChildAt(i)?.get(row))),
  );
  return {
    json: JSON.parse(json.toString()) as object[],
    csv: readCsv(csv.toString()).map((record, i) => (i === 0 ? record : record.map(asWhole))),
    arrow: [names, ...cells],
    bytes: arrow,
  };
}

/** As apache-arrow reads texts: it drops a byte order mark that one begins with. */
export function asRead(texts: readonly string[]): string[] {
  return texts.map((text) => text.replace(/^\ufeff/, ''));
}

/** Floats are written with a point. */
function asWhole(cell: string): string {
  return cell.replace(/^(\d+)\.0$/, '$1');
}

/** The records of a CSV text, after RFC 4180 and nothing else. @throws Error where it is none */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  const cell = /"((?:[^"]|"")*)"(,|\r?\n|$)|([^",\r\n]*)(,|\r?\n|$)/y;
  for (let record: string[] = []; cell.lastIndex < text.length; ) {
    const at = cell.lastIndex;
    const [, quoted, afterQuoted, plain = '', after] = cell.exec(text) ?? [];
    if (quoted === undefined && after === undefined) throw new Error(`No CSV at ${at}`);
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if ((afterQuoted ?? after) === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}
