import { describe, expect, it } from 'vitest';
import { fromValues } from '../../../protocol/arrow/from-values.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { planChart } from '../../../protocol/chart/chart-plan.ts';
import type { ChartSpec } from '../../../protocol/chart/chart-spec.ts';
import { chartTexts } from '../../../protocol/chart/chart-texts.ts';
import { CHART_THEMES } from '../../../protocol/chart/chart-theme.ts';
import { createPicture } from '../../../protocol/chart/create-picture.ts';
import { specPicture } from '../../../protocol/chart/spec-picture.ts';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import type { ChartContent } from '../../../ui/chart/chart-content.ts';
import { makePicture } from '../../../ui/chart/worker/make-picture.ts';
import { createPictureJob, type PictureJob } from '../../../ui/chart/worker/picture-job.ts';
import { type PictureThread, ThreadGone, WorkerPictures } from '../../../ui/chart/worker/worker-pictures.ts';
import { codeOf } from '../../support/code-of.ts';

function liveTable(): LiveTable {
  const rows = Array.from({ length: 500 }, (_, i) => ({
    unused: `text ${i}`,
    host: i % 5 === 0 ? null : `host ${i % 3}`,
    load: i % 9 === 0 ? null : Math.sin(i),
    n: BigInt(i),
    heat: i / 7,
  }));
  const { fields, batches } = readIpc(fromValues(rows));
  const table = new LiveTable('loads');
  table.write({ op: 'append', key: null, fields, batches }, { version: 1, timeMs: 0 });
  table.dropFirst(20);
  return table;
}

const table = liveTable();
const input = { theme: CHART_THEMES.light, texts: chartTexts, pixelColumns: 100 };
const more = { id: 1, theme: CHART_THEMES.light, locale: 'en', pixelColumns: 100 } as const;
const content = (spec: ChartSpec) => ({ type: 'spec', text: JSON.stringify(spec), id: 'a' }) as const;

/** As it goes from one thread to another. */
const sent = (job: PictureJob): PictureJob => structuredClone(job);

describe('a picture that another thread makes', () => {
  it.each<ChartSpec>([
    { type: 'line', x: 'n', y: ['load', 'heat'] },
    { type: 'line', x: null, y: ['load'], window: { rows: 50 } },
    { type: 'area', x: 'n', y: ['heat'], series: 'host', aggregate: 'mean' },
    { type: 'bar', x: 'host', y: [], aggregate: 'count', title: 'T' },
    { type: 'heatmap', x: 'host', y: ['load'], series: 'n' },
    { type: 'gauge', y: ['load'], aggregate: 'max' },
    { type: 'gauge', y: [], aggregate: 'count' },
    { type: 'histogram', x: 'load' },
    { type: 'pie' },
    {},
  ])('is the one that would be made here: %j', (spec) => {
    const answer = makePicture(sent(createPictureJob(table, content(spec), more)));
    const { id, ...here } = specPicture({ ...input, table, spec });
    expect(answer).toMatchObject({ id: 1, type: 'picture', made: { picture: here, chartId: id } });
  });

  it('is the one that would be made here of a table’s own chart', () => {
    const plan = planChart(table, null)!;
    const own: ChartContent = { type: 'plan', plan, id: 'own' };
    const answer = makePicture(sent(createPictureJob(table, own, more)));
    const here = createPicture({ ...input, table, plan });
    expect(answer).toEqual({ id: 1, type: 'picture', made: { picture: here, chartId: 'own' } });
  });

  it('takes along what it shows alone', () => {
    const job = createPictureJob(
      table,
      content({ type: 'histogram', x: 'load', window: { rows: 10 } }),
      more,
    );
    expect(job.firstRow).toBe(table.rowCount - 10);
    expect(job.ipc.byteLength).toBeLessThan(1000);
  });

  it('is told of where it does not fit', () => {
    expect(codeOf(() => createPictureJob(table, content({ y: ['gone'] }), more))).toBe('bad_parameter');
    const answer = makePicture(
      sent(createPictureJob(table, content({ y: ['load'], x: 'n', window: { seconds: 5 } }), more)),
    );
    expect(answer).toMatchObject({ type: 'error', code: 'bad_parameter' });
  });
});

/** A thread that answers when it is told to. */
function fakeThread() {
  const listeners = new Map<string, (event: unknown) => void>();
  const jobs: PictureJob[] = [];
  let isTerminated = false;
  const thread = {
    postMessage: (job: PictureJob) => jobs.push(sent(job)),
    terminate: () => {
      isTerminated = true;
    },
    addEventListener: (type: string, listener: (event: unknown) => void) => listeners.set(type, listener),
  } as unknown as PictureThread;
  return {
    thread,
    jobs,
    answer: () => listeners.get('message')!({ data: makePicture(jobs.shift()!) }),
    fail: () => listeners.get('error')!({}),
    isTerminated: () => isTerminated,
  };
}

const jobOf = (spec: ChartSpec, id = 1) => createPictureJob(table, content(spec), { ...more, id });

describe('the thread that makes pictures', () => {
  it('starts with the first one, and answers each by its own', async () => {
    const fake = fakeThread();
    let starts = 0;
    const pictures = new WorkerPictures(() => {
      starts++;
      return fake.thread;
    });
    expect(starts).toBe(0);
    const made = pictures.make(jobOf({ type: 'histogram', x: 'load' }, 1));
    const failed = pictures.make(jobOf({ y: ['load'], window: { seconds: 1 } }, 2));
    fake.answer();
    fake.answer();
    expect((await made).picture.label).toMatch(/^Histogram of load/);
    await expect(failed).rejects.toMatchObject({ code: 'bad_parameter' });
    expect(starts).toBe(1);
  });

  it('is told to be gone where it may not start, fails, or is ended', async () => {
    const forbidden = new WorkerPictures(() => {
      throw new Error('not from there');
    });
    await expect(forbidden.make(jobOf({}))).rejects.toThrow(ThreadGone);
    for (const end of ['fail', 'close'] as const) {
      const fake = fakeThread();
      const pictures = new WorkerPictures(() => fake.thread);
      const made = pictures.make(jobOf({}));
      if (end === 'fail') fake.fail();
      else pictures.close();
      await expect(made).rejects.toThrow(ThreadGone);
      expect(fake.isTerminated()).toBe(true);
    }
  });

  it('starts no more once closed', async () => {
    let starts = 0;
    const pictures = new WorkerPictures(() => {
      starts++;
      return fakeThread().thread;
    });
    pictures.close();
    await expect(pictures.make(jobOf({}))).rejects.toThrow(ThreadGone);
    expect(starts).toBe(0);
  });
});
