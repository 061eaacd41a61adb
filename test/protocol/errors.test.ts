import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode, TablecastError, toTablecastError } from '../../protocol/errors.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The table of statuses in the outside contract. */
const STATUS_OF: Readonly<Record<string, readonly ErrorCode[]>> = {
  400: [
    'bad_parameter',
    'bad_data_dir',
    'bad_name',
    'bad_frames',
    'bad_header',
    'bad_body',
    'not_arrow',
    'arrow_truncated',
    'arrow_invalid',
    'bad_message',
  ],
  401: ['unauthorized'],
  403: ['cross_site', 'forbidden'],
  404: ['no_such_table', 'no_such_dashboard', 'no_such_route'],
  405: ['method_not_allowed'],
  409: ['key_mismatch', 'data_dir_in_use', 'idempotency_conflict'],
  412: ['dashboard_changed'],
  413: ['too_large', 'stage_full', 'memory_full', 'too_many_tables', 'too_many_dashboards'],
  415: ['unsupported_media_type'],
  422: [
    'arrow_unsupported',
    'type_mismatch',
    'missing_key',
    'missing_key_column',
    'key_type',
    'unknown_op',
    'bad_value',
    'bad_dashboard',
    'no_chart',
    'chart_failed',
  ],
  428: ['condition_needed'],
  429: ['slow_consumer', 'rate_limited'],
  500: ['internal', 'data_dir_damaged', 'log_damaged'],
  503: [
    'log_write_failed',
    'log_unavailable',
    'log_lost',
    'too_many_viewers',
    'charts_busy',
    'busy',
    'shutting_down',
  ],
};

function sources(): string {
  return ['protocol', 'gateway', 'producer']
    .flatMap((folder) => readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'errors.ts')
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

describe('the registry of errors', () => {
  test('gives every code the status that the contract says', () => {
    const said = Object.entries(STATUS_OF).flatMap(([status, codes]) =>
      codes.map((code) => [code, Number(status)] as const),
    );
    const registry = Object.entries(ERRORS).map(([code, { status }]) => [code, status] as const);
    expect(Object.fromEntries(registry)).toEqual(Object.fromEntries(said));
  });

  test('has no code that no source uses', () => {
    const text = sources();
    expect(Object.keys(ERRORS).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });

  test('says of each code in one sentence what it means', () => {
    for (const { meaning } of Object.values(ERRORS)) expect(meaning).toMatch(/^.{10,140}\.$/);
  });
});

describe('a thrown value', () => {
  test('that has a code stays itself', () => {
    const error = new TablecastError('bad_name', 'why', { cause: 1 });
    expect(toTablecastError(error)).toBe(error);
    expect(error).toMatchObject({ code: 'bad_name', message: 'why', cause: 1 });
  });

  test.each([
    ['an error', new RangeError('Invalid array length'), 'Invalid array length'],
    ['a text', 'why', 'why'],
    ['nothing', undefined, 'undefined'],
    ['an object', { code: 'bad_name' }, '[object Object]'],
    ['an object without a text', Object.create(null), ''],
  ])('without a code is internal and keeps its cause: %s', (_, thrown, detail) => {
    const error = toTablecastError(thrown);
    expect(error).toMatchObject({ code: 'internal', cause: thrown });
    expect(error.message).toContain(detail);
  });
});
