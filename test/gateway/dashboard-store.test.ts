import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDashboards } from '../../gateway/dashboards/open-dashboards.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { codeOf } from '../support/code-of.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tablecast-dashboards-'));
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true, force: true });
});

const open = (path: string | null = directory) => openDashboards(path, { now: () => 7, onChange: () => {} });
const empty = '{"panels":[]}';

test('dashboards that were saved are there when they are opened again', async () => {
  const store = open();
  await store.put('__proto__', '{ "panels": [], "title": "é" }', {});
  await store.put('gone', empty, {});
  await store.delete('gone', {});
  expect([...open().dashboards.values()]).toEqual([store.get('__proto__')]);
  expect(store.get('__proto__')).toMatchObject({ text: '{"panels":[],"title":"é"}', savedAtMs: 7 });
});

test('there are at most so many, and those that are there can still be changed', async () => {
  const store = open(null);
  for (let i = 0; i < LIMITS.maxDashboards; i++) await store.put(`d${i}`, empty, {});
  await expect(store.put('more', empty, {})).rejects.toMatchObject({ code: 'too_many_dashboards' });
  expect(await store.put('d0', '{"panels":[],"title":"a"}', { ifMatch: '*' })).toMatchObject({
    isNew: false,
  });
  await store.delete('d1', {});
  expect(await store.put('more', empty, {})).toMatchObject({ isNew: true });
});

test('what cannot be written is not saved, and what was saved before stays', async () => {
  const store = open();
  const { saved } = await store.put('a', empty, {});
  // A directory has the name that is written to first.
  mkdirSync(join(directory, 'dashboards.json.new'));
  const other = '{"panels":[],"title":"b"}';
  await expect(store.put('a', other, { ifMatch: '*' })).rejects.toMatchObject({ code: 'log_write_failed' });
  await expect(store.delete('a', {})).rejects.toMatchObject({ code: 'log_write_failed' });
  expect([store.get('a'), open().get('a')]).toEqual([saved, saved]);
  rmSync(join(directory, 'dashboards.json.new'), { recursive: true });
  expect(await store.put('a', other, { ifMatch: saved.etag })).toMatchObject({ isNew: false });
});

describe('a file that is damaged', () => {
  test.each([
    '',
    '{}',
    '[]',
    '{"format":2,"dashboards":[]}',
    '{"format":1,"dashboards":[{"name":"a"}]}',
    '{"format":1,"dashboards":[{"name":"a","saved_at_ms":1,"text":"[]"}]}',
    '{"format":1,"dashboards":[{"name":"a","saved_at_ms":1,"text":"{"}]}',
  ])('is refused and left as it is: %s', (text) => {
    const file = join(directory, 'dashboards.json');
    writeFileSync(file, text);
    expect(codeOf(() => open())).toBe('data_dir_damaged');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
