import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/prepare/project.mjs';
import type { Client } from '../../ui/client/client.ts';
import { connect } from '../../ui/client/node.ts';
import { postRows, readJson } from '../support/gateway-http.ts';
import { openPush, type PushSocket } from '../support/push-socket.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

/** The parts of Perspective and of the example that are used here. */
interface PerspectiveTable {
  view(): Promise<{ to_json(): Promise<object[]>; delete(): Promise<void> }>;
  get_index(): Promise<string | null>;
}
interface Feed {
  feed(
    perspective: unknown,
    client: Client,
    name: string,
    onTable: (table: PerspectiveTable) => void,
  ): Promise<void>;
}

const feedModule = pathToFileURL(join(projectRoot, 'examples/perspective/feed.js')).href;

let gateway: SpawnedGateway | undefined;
let client: Client | undefined;
let push: PushSocket | undefined;

afterEach(async () => {
  client?.close();
  push?.close();
  await gateway?.close();
});

/** Null where it is not installed: it is one of the benchmarks' peers. */
function perspectivePath(): string | null {
  try {
    return createRequire(join(projectRoot, 'bench/package.json')).resolve('@perspective-dev/client/node');
  } catch {
    return null;
  }
}

const installed = perspectivePath();

/** The Perspective table fed from this one is and stays equal to what the gateway has, and gets there table by table. */
async function follow(name: string): Promise<{ becomesEqual(): Promise<void>; tables: PerspectiveTable[] }> {
  const perspective: unknown = await import(pathToFileURL(installed!).href);
  const { feed } = (await import(feedModule)) as Feed;
  const tables: PerspectiveTable[] = [];
  client = connect(gateway!.url);
  void feed(perspective, client, name, (table) => void tables.push(table));
  return {
    tables,
    async becomesEqual() {
      const expected = (await readJson<object[]>(gateway!.url, `tables/${name}.json`)).map(sorted).toSorted();
      await waitFor(
        async () => {
          const view = await tables.at(-1)?.view();
          const rows = (await view?.to_json())?.map(sorted).toSorted();
          await view?.delete();
          expect(rows).toEqual(expected);
          return true;
        },
        { what: `${name} in Perspective to equal the gateway's`, timeoutMs: 20_000, intervalMs: 50 },
      );
    },
  };
}

/** Perspective orders a keyed table by its key. */
function sorted(row: object): string {
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe.skipIf(installed === null)(
  'the example that feeds Perspective (skipped without bench/node_modules)',
  () => {
    test('keeps a keyed table equal through writes, deletions, another schema and a drop', async () => {
      gateway = await spawnGateway();
      const post = (rows: readonly Record<string, string | number | null>[], query: string) =>
        postRows(gateway!.url, 'prices', rows, query);
      await post(
        [
          { k: 'A', v: 1.5 },
          { k: 'B', v: 2.5 },
          { k: 'C', v: null },
        ],
        '?op=upsert&key=k',
      );
      const { becomesEqual, tables } = await follow('prices');
      await becomesEqual();
      expect(await tables[0]?.get_index()).toBe('k');
      await post(
        [
          { k: 'B', v: 7.25 },
          { k: 'D', v: 4.5 },
        ],
        '?op=upsert',
      );
      await becomesEqual();
      await post([{ k: 'A' }], '?op=delete');
      await becomesEqual();
      await post([{ k: 'E', v: 1.25 }], '?op=replace');
      await becomesEqual();
      expect(tables).toHaveLength(1);
      await post([{ k: 'E', v: 1.25, w: 'new' }], '?op=replace');
      await becomesEqual();
      expect(tables).toHaveLength(2);
      await fetch(`${gateway.url}tables/prices`, { method: 'DELETE' });
      await post([{ k: 'Z', v: 9.5, w: 'again' }], '?op=upsert&key=k');
      await becomesEqual();
    });

    test('keeps a table without a key equal while rows come, and the oldest go', async () => {
      gateway = await spawnGateway();
      const row = (n: number) => ({ n, load: n / 4 });
      await postRows(gateway.url, 'load', [row(1), row(2)], '?op=append');
      const { becomesEqual, tables } = await follow('load');
      await becomesEqual();
      for (let n = 3; n < 8; n++) await postRows(gateway.url, 'load', [row(n)], '?op=append');
      await becomesEqual();
      push = openPush(gateway.pull);
      await push.publish('load', [row(8), row(9)], { op: 'append', retention: { max_rows: 4 } });
      await waitFor(async () => (await readJson<object[]>(gateway!.url, 'tables/load.json')).length === 4, {
        what: 'the oldest rows to go',
      });
      await becomesEqual();
      expect(tables).toHaveLength(1);
    });

    test('keeps a table with a key of two columns equal', async () => {
      gateway = await spawnGateway();
      const rows = ['A', 'B'].flatMap((host) => [0, 1].map((core) => ({ host, core, load: core / 2 })));
      await postRows(gateway.url, 'cores', rows, '?op=upsert&key=host,core');
      const { becomesEqual } = await follow('cores');
      await becomesEqual();
      await postRows(gateway.url, 'cores', [{ host: 'A', core: 1, load: 9.5 }], '?op=upsert');
      await becomesEqual();
      await postRows(gateway.url, 'cores', [{ host: 'B', core: 0 }], '?op=delete');
      await becomesEqual();
    });
  },
);

test('Perspective is there to be fed, or it is said aloud', () => {
  if (installed === null)
    console.warn('Perspective is not installed (npm ci in bench/): its example is not run.');
  else expect(installed).toContain('perspective');
});
