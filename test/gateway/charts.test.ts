import { afterEach, describe, expect, it, vi } from 'vitest';
import { ByteCache } from '../../gateway/charts/byte-cache.ts';
import type { ChartDrawer, DrawnPicture } from '../../gateway/charts/chart-drawer.ts';
import type { ChartJob } from '../../gateway/charts/chart-job.ts';
import type { ChartRequest } from '../../gateway/charts/chart-renderer.ts';
import { createChartThread } from '../../gateway/charts/chart-thread.ts';
import { QueuedChartRenderer } from '../../gateway/charts/queued-chart-renderer.ts';
import { DEFAULT_CHART_PARAMETERS } from '../../protocol/chart/chart-parameters.ts';
import { type ErrorCode, TablecastError } from '../../protocol/errors.ts';
import { createStore } from './stored-tables.ts';

async function failure(promise: Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    if (error instanceof TablecastError) return error.code;
    throw error;
  }
}

/** A drawer that draws when it is told to; a picture's bytes are as many as jobs there were. */
function createManualDrawer() {
  const jobs: {
    job: ChartJob;
    resolve: (picture: DrawnPicture) => void;
    reject: (error: unknown) => void;
  }[] = [];
  let count = 0;
  const drawer: ChartDrawer = {
    draw: (job) =>
      new Promise((resolve, reject) => {
        count++;
        jobs.push({ job, resolve, reject });
      }),
    close: async () => {
      for (const { reject } of jobs.splice(0)) reject(new TablecastError('shutting_down', 'It ends.'));
    },
  };
  return {
    drawer,
    count: () => count,
    drawNext() {
      jobs.shift()!.resolve({ bytes: new Uint8Array(count), missingGlyphs: [] });
    },
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(options: { maxWaiting?: number; maxCacheBytes?: number } = {}) {
  const { store, publish } = createStore();
  const manual = createManualDrawer();
  const renderer = new QueuedChartRenderer({ store, drawer: manual.drawer, ...options });
  const rows = (n: number) => [{ x: n, y: n }];
  publish('a', rows(1));
  publish('b', rows(1));
  const request = (table: string, width = 800): ChartRequest => ({
    table,
    format: 'svg',
    parameters: { ...DEFAULT_CHART_PARAMETERS, width },
  });
  return { ...manual, renderer, publish, rows, request };
}

describe('charts that wait', () => {
  it('are drawn once for equal requests, and kept until the table changes', async () => {
    const { renderer, request, drawNext, count, publish, rows } = setUp();
    const both = [renderer.render(request('a')), renderer.render({ table: 'a', format: 'svg' })];
    await settled();
    drawNext();
    const [first, second] = await Promise.all(both);
    expect(first!.bytes).toBe(second!.bytes);
    expect(await renderer.render(request('a'))).toEqual(first);
    publish('b', rows(2));
    expect(await renderer.render(request('a'))).toEqual({ ...first, version: 3 });
    expect(count()).toBe(1);
    publish('a', rows(2));
    const fresh = renderer.render(request('a'));
    await settled();
    drawNext();
    expect((await fresh).changed).toBe(4);
    expect(count()).toBe(2);
  });

  it('are drawn from the table as it is when their turn comes', async () => {
    const { renderer, request, drawNext, count, publish, rows } = setUp();
    const ahead = renderer.render(request('b'));
    await settled();
    const early = renderer.render(request('a'));
    publish('a', rows(2));
    const late = renderer.render(request('a'));
    drawNext();
    await ahead;
    await settled();
    drawNext();
    expect((await early).changed).toBe(3);
    expect(await late).toEqual(await early);
    expect(count()).toBe(2);
  });

  it('take the place of the one before, so that a table that changes all day pushes no other picture out', async () => {
    const { renderer, request, drawNext, count, publish, rows } = setUp({ maxCacheBytes: 600 });
    const render = async (table: string) => {
      const chart = renderer.render(request(table));
      await settled();
      if (count() > drawn) drawNext();
      drawn = count();
      return chart;
    };
    let drawn = 0;
    const kept = await render('b');
    for (let n = 2; n < 20; n++) {
      publish('a', rows(n));
      await render('a');
    }
    expect((await render('b')).bytes).toBe(kept.bytes);
    expect(drawn).toBe(19);
  });

  it('are not shared with a drawing of what was before', async () => {
    const { renderer, request, drawNext, publish, rows } = setUp();
    const before = renderer.render(request('a'));
    await settled();
    publish('a', rows(2));
    const after = renderer.render(request('a'));
    drawNext();
    expect((await before).changed).toBe(1);
    await settled();
    drawNext();
    expect((await after).changed).toBe(3);
  });

  it('are so many, one more is told to come again', async () => {
    const { renderer, request, drawNext } = setUp({ maxWaiting: 2 });
    const taken = [100, 101, 102].map((width) => renderer.render(request('a', width)));
    expect(await failure(renderer.render(request('a', 103)))).toBe('charts_busy');
    for (const one of taken) {
      await settled();
      drawNext();
      await one;
    }
    const again = renderer.render(request('a', 103));
    await settled();
    drawNext();
    await again;
  });

  it('fail alone', async () => {
    const { renderer, request, drawNext, publish } = setUp();
    publish('texts', [{ name: 'x' }]);
    const failing = renderer.render(request('texts'));
    const good = renderer.render(request('a'));
    expect(await failure(failing)).toBe('no_chart');
    await settled();
    drawNext();
    expect((await good).changed).toBe(1);
    expect(await failure(renderer.render(request('gone')))).toBe('no_such_table');
  });

  it('end with the gateway', async () => {
    const { renderer, request } = setUp();
    const open = [renderer.render(request('a')), renderer.render(request('b'))].map(failure);
    await settled();
    await renderer.close();
    expect(await Promise.all(open)).toEqual(['shutting_down', 'shutting_down']);
    expect(await failure(renderer.render(request('a')))).toBe('shutting_down');
  });

  it('are forgotten, those longest not asked for first, when they would take too much memory', () => {
    const cache = new ByteCache<string>({ maxBytes: 10 });
    for (const key of ['a', 'b']) cache.set(key, key, 5);
    cache.get('a');
    cache.set('c', 'c', 5);
    cache.set('huge', 'huge', 11);
    expect(['a', 'b', 'c', 'huge'].map((key) => cache.get(key))).toEqual(['a', undefined, 'c', undefined]);
    expect(cache.bytes).toBe(10);
  });
});

describe('the thread that draws', () => {
  const job = (table: string): ChartJob => ({
    format: 'svg',
    table,
    parameters: DEFAULT_CHART_PARAMETERS,
    content: { type: 'plan', plan: { type: 'line', x: null, y: [0], series: null } },
    ipc: new Uint8Array(8),
    firstRow: 0,
  });

  const workerSource = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ table }) => {
      if (table === 'endless') for (;;);
      if (table === 'throwing') throw new Error('out');
      if (table === 'ending') process.exit(0);
      if (table === 'failing') return parentPort.postMessage({ type: 'failed', detail: 'no such thing' });
      parentPort.postMessage({ type: 'drawn', picture: { bytes: new Uint8Array(3), missingGlyphs: [] } });
    });`;
  const module = new URL(`data:text/javascript,${encodeURIComponent(workerSource)}`);

  const maxDrawMs = 20_000;
  afterEach(() => void vi.useRealTimers());

  it.each(['endless', 'throwing', 'ending', 'failing'])('draws on after a job that is %s', async (table) => {
    // Time passes where it is said: a thread may take long to start, and is given up for a job that takes too long alone.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const thread = createChartThread({ maxDrawMs, module });
    const failing = failure(thread.draw(job(table)));
    if (table === 'endless') vi.advanceTimersByTime(maxDrawMs);
    expect(await failing).toBe('chart_failed');
    const picture = await thread.draw(job('good'));
    expect(picture.bytes.length).toBe(3);
    await thread.close();
  });

  it('fails what it draws when it is closed', async () => {
    const thread = createChartThread({ module });
    const open = failure(thread.draw(job('endless')));
    await thread.close();
    expect(await open).toBe('shutting_down');
    expect(await failure(thread.draw(job('good')))).toBe('shutting_down');
  });
});
