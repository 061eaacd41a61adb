import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fromValues } from '../../../protocol/arrow/from-values.ts';
import { readIpc } from '../../../protocol/arrow/read-ipc.ts';
import { CHART_THEMES } from '../../../protocol/chart/chart-theme.ts';
import { LiveTable } from '../../../protocol/table/live-table.ts';
import { createChartCode } from '../../../ui/chart/chart-code.ts';
import type { ChartContent } from '../../../ui/chart/chart-content.ts';
import { ThreadGone } from '../../../ui/chart/worker/worker-pictures.ts';
import { en } from '../../../ui/locales/en.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Threads that never answer. */
class FakeWorker {
  static started: FakeWorker[] = [];
  jobs = 0;
  isTerminated = false;
  readonly #failed: (() => void)[] = [];
  constructor() {
    FakeWorker.started.push(this);
  }
  addEventListener(type: string, listener: () => void): void {
    if (type === 'error') this.#failed.push(listener);
  }
  postMessage(): void {
    this.jobs++;
  }
  terminate(): void {
    this.isTerminated = true;
  }
  fail(): void {
    for (const listener of this.#failed) listener();
  }
}

beforeEach(() => {
  FakeWorker.started = [];
  vi.stubGlobal('Worker', FakeWorker);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function replace(table: LiveTable, rows: readonly Record<string, unknown>[]): void {
  const { fields, batches } = readIpc(fromValues(rows));
  table.write({ op: 'replace', key: null, fields, batches }, { version: 1, timeMs: 0 });
}

/** Of too many rows to be drawn by the page itself. */
function largeTable(): LiveTable {
  const table = new LiveTable('large');
  replace(
    table,
    Array.from({ length: 20_001 }, (_, i) => ({ load: i, heat: i })),
  );
  return table;
}

const content: ChartContent = {
  type: 'plan',
  id: 'own',
  plan: { type: 'line', x: null, y: [1], series: null },
};

/** The picture of a large table, being made; reading the table here counts. */
function begin() {
  const table = largeTable();
  const readHere = vi.spyOn(table, 'numbers');
  const code = createChartCode();
  const input = { table, theme: CHART_THEMES.light, texts: en, locale: 'en', pixelColumns: 100 } as const;
  return { table, readHere, code, made: Promise.resolve(code.pictureOf(content, input)) };
}

const threadHasJob = () => waitFor(() => FakeWorker.started[0]?.jobs === 1, { what: 'the job' });

describe('the picture of a large table', () => {
  it('is made here where the thread fails', async () => {
    const { code, made, readHere } = begin();
    await threadHasJob();
    FakeWorker.started[0]!.fail();
    expect((await made)?.picture.label).toBe('Line chart of heat over row number');
    expect(readHere).toHaveBeenCalled();
    code.close();
  });

  it('is made nowhere once the chart is closed', async () => {
    const { code, made, readHere } = begin();
    await threadHasJob();
    readHere.mockClear();
    code.close();
    await expect(made).rejects.toThrow(ThreadGone);
    expect(FakeWorker.started[0]!.isTerminated).toBe(true);
    expect(readHere).not.toHaveBeenCalled();
  });

  it('starts no thread where the chart is closed before', async () => {
    const { code, made, readHere } = begin();
    code.close();
    await expect(made).rejects.toThrow(ThreadGone);
    expect(FakeWorker.started).toEqual([]);
    expect(readHere).not.toHaveBeenCalled();
  });

  it('is left where the table has other columns before its rows are read', async () => {
    const { code, made, table } = begin();
    replace(table, [{ name: 'a' }]);
    expect(await made).toBeNull();
    expect(FakeWorker.started).toEqual([]);
    code.close();
  });

  it('is left where the thread fails and the table has other columns by then', async () => {
    const { code, made, table } = begin();
    await threadHasJob();
    replace(table, [{ name: 'a' }]);
    FakeWorker.started[0]!.fail();
    expect(await made).toBeNull();
    code.close();
  });
});
