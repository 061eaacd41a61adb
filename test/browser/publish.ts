import { Float64, Int64, Table, tableToIPC, Utf8, type Vector, vectorFromArray } from 'apache-arrow';

/** Numbers are published as float64, bigints as int64, texts (and what is null throughout) as utf8. */
export type Row = Readonly<Record<string, number | bigint | string | null>>;

export interface Published {
  readonly version: number;
  readonly staged?: number;
}

/** Publishes rows over HTTP; `query` as in `POST /tables/NAME`. Answers what the gateway acknowledged. */
export async function publish(
  url: string,
  table: string,
  rows: readonly Row[],
  query: string,
): Promise<Published> {
  return post(`${url}tables/${table}?${query}`, encode(rows));
}

/** Commits what is staged. */
export async function updateData(
  url: string,
  query = '',
): Promise<Published & { tables: string[]; viewers: number; rendered?: number }> {
  return post(`${url}update_data?${query}`, null);
}

function encode(rows: readonly Row[]): Uint8Array<ArrayBuffer> {
  const columns: Record<string, Vector> = {};
  for (const name of Object.keys(rows[0] ?? {})) {
    const values = rows.map((row) => row[name] ?? null);
    const sample = values.find((value) => value !== null);
    if (typeof sample === 'bigint') columns[name] = vectorFromArray(values, new Int64());
    else if (typeof sample === 'number') columns[name] = vectorFromArray(values, new Float64());
    else columns[name] = vectorFromArray(values, new Utf8());
  }
  return Uint8Array.from(tableToIPC(new Table(columns), 'stream'));
}

async function post<T>(url: string, body: Uint8Array<ArrayBuffer> | null): Promise<T> {
  const headers: HeadersInit = body === null ? {} : { 'content-type': 'application/vnd.apache.arrow.stream' };
  const response = await fetch(url, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
