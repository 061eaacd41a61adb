import { arrowOf, type PlainRow, readArrow } from './arrow-messages.ts';

/** Reads and writes over HTTP as another program would; `url` is the gateway's. */

export async function readJson<T>(url: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, url));
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return (await response.json()) as T;
}

export interface TableAt {
  readonly version: number;
  readonly rows: readonly PlainRow[];
}

/** A table's rows by `GET /tables/NAME.arrow`, and the version that they are of; null where there is none. */
export async function readTable(url: string, table: string): Promise<TableAt | null> {
  const response = await fetch(new URL(`tables/${encodeURIComponent(table)}.arrow`, url));
  if (response.status === 404) return null;
  const { rows } = readArrow(new Uint8Array(await response.arrayBuffer()));
  return { version: Number(response.headers.get('tablecast-version')), rows };
}

/** Publishes by `POST /tables/NAME`, and resolves with the version that shows it. */
export async function postRows(
  url: string,
  table: string,
  rows: readonly PlainRow[],
  query = '',
): Promise<number> {
  const response = await fetch(new URL(`tables/${table}${query}`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
    body: arrowOf(rows) as Uint8Array<ArrayBuffer>,
  });
  if (!response.ok) throw new Error(`POST /tables/${table} answers ${response.status}`);
  return ((await response.json()) as { version: number }).version;
}
