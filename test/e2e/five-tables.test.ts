import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openViewerPage, type ViewerPage } from '../browser/viewer-page.ts';
import { readJson, readTable } from '../support/gateway-http.ts';
import { launchChromium } from '../support/launch-chromium.ts';
import { type LiveClient, openLiveClient } from '../support/live-client.ts';
import { type SpawnedGateway, spawnGateway } from '../support/spawn-gateway.ts';
import { waitFor } from '../support/wait-for.ts';

const JOB = fileURLToPath(new URL('./five-tables-job.mjs', import.meta.url));
const TABLES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
const ROUNDS = 5;
const VIEWERS = 5;

interface Answer {
  readonly version: number;
  readonly tables: readonly string[];
  readonly rendered: number;
  readonly pending: number;
}

/** What a viewer had of the five tables after each commit: the round that each of them showed, null before the first. */
interface Watcher {
  readonly client: LiveClient;
  readonly seen: { readonly version: number; readonly rounds: readonly unknown[] }[];
}

let gateway: SpawnedGateway;
let browser: Browser;
let page: ViewerPage;
const jobs: ChildProcess[] = [];
const watchers: Watcher[] = [];

beforeAll(async () => {
  [gateway, browser] = await Promise.all([spawnGateway({ bind: 'none' }), launchChromium()]);
  jobs.push(
    fork(JOB, ['pub', gateway.connect, 'alpha', 'beta']),
    fork(JOB, ['push', gateway.pull, 'gamma', 'delta']),
    fork(JOB, ['http', gateway.url, 'epsilon']),
  );
  await Promise.all(jobs.map((job) => once(job, 'message')));
  for (let i = 0; i < VIEWERS; i++) watchers.push(await watch());
  page = await openViewerPage(browser, gateway.url);
});
afterAll(async () => {
  for (const job of jobs.filter(({ exitCode }) => exitCode === null)) {
    const ended = once(job, 'exit');
    job.kill();
    await ended;
  }
  for (const { client } of watchers) client.close();
  await browser?.close();
  await gateway?.close();
});

/** A viewer that looks at all of its replica after every commit, and says then that it has drawn it. */
async function watch(): Promise<Watcher> {
  const client = await openLiveClient(gateway.wsUrl);
  const seen: Watcher['seen'] = [];
  client.socket.on('message', (data: Buffer, isBinary: boolean) => {
    // Whatever came is applied before this listener is called; a commit counts once its last table is there.
    const version = client.messages.findLast(({ type }) => type === 'commit');
    if (version?.type !== 'commit' || version.version === seen.at(-1)?.version) return;
    if (!isBinary && data.includes('"heartbeat"')) return;
    seen.push({
      version: version.version,
      rounds: TABLES.map((table) => client.rows(table)?.[0]?.round ?? null),
    });
    client.send({ type: 'rendered', version: version.version });
  });
  await client.subscribe('*', { renders: true });
  return { client, seen };
}

/** All three processes publish a round, which waits in the stages of all five tables. */
async function publishRound(round: number): Promise<void> {
  const sent = jobs.map((job) => once(job, 'message'));
  for (const job of jobs) job.send(round);
  await Promise.all(sent);
  const staged = async () => {
    const { tables } = await readJson<{ tables: { name: string; staged: number }[] }>(gateway.url, 'tables');
    return TABLES.every((name) => tables.find((table) => table.name === name)?.staged === 1);
  };
  await waitFor(staged, { what: 'five tables with one publication each', timeoutMs: 20_000 });
}

/** The round that each table shows on the page, one after the other. */
async function roundsOnPage(): Promise<(string | null)[]> {
  const rounds: (string | null)[] = [];
  for (const table of TABLES) {
    await page.page.getByRole('link', { name: table }).click();
    await page.page.getByRole('grid', { name: table }).waitFor();
    rounds.push(await page.page.getByRole('gridcell').first().textContent());
  }
  return rounds;
}

test('what three processes publish to five tables with commit=hold is seen as one version, or not at all', async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    await publishRound(round);
    if (round > 1) expect(await roundsOnPage()).toEqual(TABLES.map(() => `${round - 1}`));
    const response = await fetch(new URL('update_data?wait=rendered&timeout_ms=60000', gateway.url));
    const { version, tables, rendered, pending } = (await response.json()) as Answer;
    expect([version, tables.toSorted(), rendered, pending]).toEqual([
      round,
      TABLES.toSorted(),
      VIEWERS + 1,
      0,
    ]);
    for (const { client } of watchers) expect(client.rows('alpha')?.[0]?.round).toBe(round);
    expect(await page.page.evaluate(() => document.documentElement.dataset.version)).toBe(`${version}`);
    expect(await roundsOnPage()).toEqual(TABLES.map(() => `${round}`));
  }
  for (const { client, seen } of watchers) {
    const wanted = Array.from({ length: ROUNDS + 1 }, (_, round) => round);
    expect(seen).toEqual(
      wanted.map((round) => ({ version: round, rounds: TABLES.map(() => round || null) })),
    );
    expect(client.faults).toEqual([]);
    for (const table of TABLES)
      expect(client.rows(table)).toEqual((await readTable(gateway.url, table))?.rows);
  }
  expect(page.complaints).toEqual([]);
});
