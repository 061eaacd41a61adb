import { TablecastError } from '../../protocol/errors.ts';
import { parseTableName } from '../../protocol/table-name.ts';

/** A request's query parameters; one given more than once has a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** @throws TablecastError `bad_parameter` where it is given more than once */
export function single(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new TablecastError('bad_parameter', `The parameter "${name}" is given more than once.`);
}

export function repeated(query: Query, name: string): readonly string[] {
  const value = query[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** @throws TablecastError `bad_parameter` where it is no whole number from 0 to `max` */
export function count(query: Query, name: string, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const text = single(query, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,16}$/.test(text) || Number(text) > max) {
    throw new TablecastError(
      'bad_parameter',
      `The parameter "${name}" is a whole number from 0 to ${max}, not ${JSON.stringify(text)}.`,
    );
  }
  return Number(text);
}

/** @throws TablecastError `bad_parameter` where it is neither `true` nor `false` */
export function flag(query: Query, name: string): boolean {
  const text = single(query, name) ?? 'false';
  if (text !== 'true' && text !== 'false') {
    throw new TablecastError(
      'bad_parameter',
      `The parameter "${name}" is "true" or "false", not ${JSON.stringify(text)}.`,
    );
  }
  return text === 'true';
}

/** The tables named by `?table=`, each once. @throws TablecastError `bad_name` */
export function tableNames(query: Query): readonly string[] {
  return [...new Set(repeated(query, 'table').map(parseTableName))];
}
