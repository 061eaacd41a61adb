import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import { readDocument, section, tableRows, withoutCode } from '../docs/markdown.ts';
import type { PlainRow } from '../support/arrow-messages.ts';
import { type Example, type Examples, exampleFolders, startExamples } from '../support/examples.ts';
import { readJson } from '../support/gateway-http.ts';
import { openPush } from '../support/push-socket.ts';
import { pythonVenvTimeoutMs } from '../support/python-venv.ts';
import type { RunningCommand } from '../support/run-command.ts';
import { waitFor } from '../support/wait-for.ts';

let examples: Examples;
let example: Example | null = null;

beforeAll(async () => {
  examples = await startExamples();
});
afterEach(() => example?.close());
afterAll(() => examples?.close());

describe('timed incremental refresh', () => {
  test('follows the built-in table into the file', { timeout: pythonVenvTimeoutMs }, async (context) => {
    example = await examples.open('timed-incremental-refresh');
    if (example === null) return context.skip('there is no Python environment here');
    const { url, directory } = example;
    const program = example.run('follow.py', (own) => [...own, '0.05', url]);
    await waitFor(
      async () => {
        const rows = await readJson<unknown[]>(url, 'tables/cpu.json');
        expect(JSON.parse(readFileSync(join(directory, 'cpu.json'), 'utf8'))).toEqual(rows);
        return rows.length > 0;
      },
      { what: 'the copy to equal the table', timeoutMs: 60_000 },
    );
    await waitFor(() => /^version \d+: changes, [1-9]/m.test(program.output()), {
      what: 'an incremental refresh with rows',
    });
    expect(example.left).toEqual([]);
  });

  const price = (symbol: string, value: number | null): PlainRow => ({ symbol, value });
  const keyed = { op: 'upsert', key: 'symbol' };
  test.for<[what: string, table: string, steps: readonly [header: object, rows: readonly PlainRow[]][]]>([
    [
      'rows by key, each in its place',
      'prices',
      [
        [keyed, [price('ACME', 1), price('GLOBEX', 2), price('INITECH', 3)]],
        [keyed, [price('GLOBEX', 20)]],
        [keyed, [price('HOOLI', 4), price('ACME', null)]],
        [{ op: 'delete' }, [{ symbol: 'GLOBEX' }]],
        [keyed, [price('GLOBEX', 5)]],
        [{ ...keyed, op: 'replace' }, [price('HOOLI', 6)]],
      ],
    ],
    [
      'rows at the end, some gone from the front, and a table made anew',
      'ticks',
      [
        [{ op: 'append', retention: { max_rows: 3 } }, [{ n: 1 }, { n: 2 }]],
        [{ op: 'append' }, [{ n: 3 }, { n: 4, note: '"ü"\n' }]],
        [{ op: 'append' }, [5, 6, 7, 8].map((n) => ({ n }))],
        [{ op: 'replace' }, [{ n: 1 }]],
        [{ op: 'append' }, [{ n: 1 }, { n: null }]],
      ],
    ],
  ])('keeps an exact copy, version for version: %s', async ([, table, steps], context) => {
    example = await examples.open('timed-incremental-refresh');
    if (example === null) return context.skip('there is no Python environment here');
    const { url, pull, directory } = example;
    const file = join(directory, 'copy.json');
    const program = example.run('follow.py', () => [table, file, '0.02', url]);
    const push = openPush(pull);
    let seen = 0;
    for (const [header, rows] of steps) {
      await push.publish(table, rows, header);
      seen = await waitFor(() => changedAfter(url, table, seen), { what: `a change of ${table}` });
      await waitFor(() => versionOf(program) >= seen, { what: `version ${seen} in: ${program.output()}` });
      const copy: unknown = JSON.parse(readFileSync(file, 'utf8'));
      expect(copy).toEqual(await readJson(url, `tables/${table}.json`));
    }
    push.close();
  });

  /** The version of the table's last change where that came after this one. */
  async function changedAfter(url: string, table: string, version: number): Promise<number | null> {
    const { changed } = await readJson<{ changed: number }>(url, `tables/${table}`);
    return changed > version ? changed : null;
  }

  function versionOf(program: RunningCommand): number {
    return Number([...program.output().matchAll(/^version (\d+):/gm)].at(-1)?.[1] ?? 0);
  }
});

describe('live CPU monitor', () => {
  test('shows the last ten values, whatever was published', {
    timeout: pythonVenvTimeoutMs,
  }, async (context) => {
    example = await examples.open('cpu-monitor');
    if (example === null) return context.skip('there is no Python environment here');
    const { url } = example;
    example.run('monitor.py', () => ['0.05', example!.pull]);
    const window = () => readJson<{ time: string; load_percent: number }[]>(url, 'tables/load.json');
    const first = await waitFor(
      async () => {
        const rows = await window();
        return rows.length === 10 && rows;
      },
      { what: 'ten values', timeoutMs: 60_000 },
    );
    const later = await waitFor(
      async () => {
        const rows = await window();
        return rows[0]!.time > first.at(-1)!.time && rows;
      },
      { what: 'ten values after those' },
    );
    expect(later).toHaveLength(10);
    const times = later.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    expect(later.every(({ load_percent }) => load_percent >= 0 && load_percent <= 100)).toBe(true);
    expect(example.left).toEqual([]);
  });
});

describe('a picture as a file', () => {
  test('is what curl writes, and what Markdown names', async (context) => {
    example = (await examples.open('static-image'))!;
    const { url, directory } = example;
    await waitFor(() => fetch(`${url}/tables/cpu`).then(({ ok }) => ok), {
      what: 'the table cpu',
    });
    const markdown = readDocument('examples/static-image/report.md');
    const images = [...markdown.matchAll(/!\[[^\]]+\]\(http:\/\/127\.0\.0\.1:8080(\S+)\)/g)];
    expect(images).toHaveLength(2);
    for (const [, path] of images) {
      const answer = await fetch(`${url}${path}`);
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(isPng(new Uint8Array(await answer.arrayBuffer()))).toBe(true);
    }
    const curl = example.run('curl');
    const code = await curl.ended;
    if (code === null) return context.skip('there is no curl here');
    expect(code).toBe(0);
    expect(isPng(readFileSync(join(directory, 'load.png')))).toBe(true);
    expect(example.left).toEqual([]);
  });

  function isPng(bytes: Uint8Array): boolean {
    return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '\x89PNG' && bytes.length > 5000;
  }
});

describe('the lists of examples', () => {
  const comingFrom = section(readDocument('README.md'), '## Coming from …');
  const rows = tableRows(comingFrom, ['today', 'with Tablecast', 'example']);
  const listed = tableRows(readDocument('examples/README.md'), ['folder', 'shows']);
  const folderOf = (cell = '') => /\]\((?:examples\/)?([\w-]+)\/README\.md\)/.exec(cell)?.[1];

  test('name every folder', () => {
    const languages = tableRows(readDocument('examples/README.md'), [
      'language',
      'with',
      'PUSH',
      'PUB',
      'HTTP',
    ]);
    const named = [...listed, ...languages].map(([cell]) => folderOf(cell));
    expect([...new Set(named)].toSorted()).toEqual(exampleFolders().toSorted());
    const shown = listed.map(([cell]) => folderOf(cell));
    expect(new Set(rows.map((row) => folderOf(row[2])))).toEqual(new Set(shown));
  });

  test.each(['README.md', ...exampleFolders().map((folder) => `${folder}/README.md`)])(
    'link to files that exist: %s',
    (path) => {
      const text = withoutCode(readDocument(`examples/${path}`));
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)\)/g)].map(([, link]) => link!);
      const folder = join(projectRoot, 'examples', dirname(path));
      expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
    },
  );

  test.each(exampleFolders())('have no file longer than a page: %s', (folder) => {
    const root = join(projectRoot, 'examples', folder);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.\w+$/.test(name),
    );
    const lines = files.map((name) => [name, readFileSync(join(root, name), 'utf8').split('\n').length]);
    expect(lines.filter(([, count]) => Number(count) > 60)).toEqual([]);
  });
});
