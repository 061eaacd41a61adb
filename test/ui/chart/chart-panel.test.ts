import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PublishedOption } from '../../../protocol/chart/clean-option.ts';
import { TablecastError } from '../../../protocol/errors.ts';
import type { ChartCode, ChartContent, ChartTable, ContentPicture } from '../../../ui/chart/chart-content.ts';
import { ChartPanel } from '../../../ui/chart/chart-panel.ts';
import { en } from '../../../ui/locales/en.ts';
import { waitFor } from '../../support/wait-for.ts';
import { fakeTable, float } from '../fake-table.ts';

/** As much of an element as a chart's panel takes. */
class FakeElement {
  readonly dataset: Record<string, string> = {};
  readonly clientWidth = 500;
  hidden = false;
  readonly #attributes = new Map<string, string>();
  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }
  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }
  append(): void {}
  remove(): void {}
}

type TellWidth = (entries: { contentRect: { width: number } }[]) => void;
let tellWidth: TellWidth = () => {};

class FakeObserver {
  constructor(tell: TellWidth) {
    tellWidth = tell;
  }
  observe(): void {}
  disconnect(): void {}
}

beforeEach(() => {
  vi.stubGlobal('document', { createElement: () => new FakeElement() });
  vi.stubGlobal('ResizeObserver', FakeObserver);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const NOW = { isData: false, droppedFirst: 0 };
const SPEC = '{"type":"line","y":["load"]}';
const PUBLISHED = {
  series: [{ type: 'line', encode: { x: 'seen', y: 'seen' } }],
} as unknown as PublishedOption;
const tableOf = (...names: string[]): ChartTable =>
  fakeTable(names.map((name) => ({ name, type: float, values: [1, 2] })));

interface CodeChoices {
  /** Loaded with the first content that needs it. */
  readonly needsMore?: (content: ChartContent) => boolean;
  readonly prepare?: () => Promise<void>;
  readonly pictureOf?: (
    content: ChartContent,
    pixelColumns: number,
  ) => ContentPicture | Promise<ContentPicture> | null;
}

/** A panel over fake code, which draws all but shaped charts whose columns are gone. */
function openPanel({
  needsMore = () => false,
  prepare = () => Promise.resolve(),
  pictureOf = () => null,
}: CodeChoices = {}) {
  const shown = { table: tableOf('load', 'seen'), spec: SPEC as string | null };
  const drawn: string[] = [];
  const errors: unknown[] = [];
  let hasMore = false;
  let isMisdrawn = false;
  const made = (content: ChartContent) =>
    ({ picture: { label: content.type }, chartId: content.id }) as ContentPicture;
  const code: ChartCode = {
    createView: () => ({
      draw: (picture) => void drawn.push(picture.label),
      reset: () => {},
      resize: () => {},
      image: () => Promise.reject(new Error('no image')),
      close: () => {},
    }),
    isPrepared: (content) => hasMore || !needsMore(content),
    async prepare() {
      await prepare();
      hasMore = true;
    },
    pictureOf(content, { pixelColumns }) {
      isMisdrawn ||= needsMore(content) && !hasMore;
      if (content.type === 'spec' && shown.table.fields[0]!.name !== 'load')
        throw new TablecastError('bad_parameter', 'The column "load" is gone.');
      return pictureOf(content, pixelColumns) ?? made(content);
    },
    close: () => {},
  };
  const panel = new ChartPanel({
    parent: new FakeElement() as unknown as HTMLElement,
    table: 't',
    read: () => shown.table,
    theme: () => 'light',
    rising: () => 'cool',
    texts: en,
    locale: 'en',
    published: () => PUBLISHED,
    spec: () => shown.spec,
    choosePlan: () => ({ type: 'line', x: null, y: [0], series: null }),
    loadCode: async () => code,
    onError: (error) => errors.push(error),
  });
  return { panel, shown, drawn, errors, made, isMisdrawn: () => isMisdrawn };
}

const isPublished = (content: ChartContent) => content.type === 'published';

/** Its published chart still fits. */
function takeColumnAway(shown: { table: ChartTable }): void {
  shown.table = tableOf('other', 'seen');
}

describe('a shaped chart that does not fit', () => {
  it('gives way to one that needs more code, before any chart was drawn', async () => {
    const { panel, shown, drawn } = openPanel({ needsMore: isPublished });
    takeColumnAway(shown);
    await panel.draw(NOW);
    expect(drawn).toEqual(['published']);
    expect(panel.problem.peek()?.code).toBe('bad_parameter');
  });

  it('gives way to one that needs more code, when it fitted before', async () => {
    const { panel, shown, drawn } = openPanel({ needsMore: isPublished });
    await panel.draw(NOW);
    takeColumnAway(shown);
    await panel.draw(NOW);
    expect(drawn).toEqual(['spec', 'published']);
  });

  it('gives way while a picture of it is made elsewhere, and all draws are done when the next best is drawn', async () => {
    const pending: ((made: ContentPicture) => void)[] = [];
    const { panel, shown, drawn, made } = openPanel({
      needsMore: isPublished,
      pictureOf: ({ type }) =>
        type === 'spec' ? new Promise<ContentPicture>((resolve) => pending.push(resolve)) : null,
    });
    const first = panel.draw(NOW);
    await waitFor(() => pending.length === 1, { what: 'the picture' });
    takeColumnAway(shown);
    const second = panel.draw(NOW);
    pending[0]!(made({ type: 'spec', text: SPEC, id: SPEC }));
    await Promise.all([first, second]);
    expect(drawn).toEqual(['spec', 'published']);
  });

  it('is told of by another thread too, and the draw is done when the next best is drawn', async () => {
    const misfit = new TablecastError('bad_parameter', 'The column is gone.');
    const { panel, drawn } = openPanel({
      needsMore: isPublished,
      pictureOf: ({ type }) => (type === 'spec' ? Promise.reject(misfit) : null),
    });
    await panel.draw(NOW);
    expect(drawn).toEqual(['published']);
    expect(panel.problem.peek()).toBe(misfit);
  });

  it('fails the draw where nothing can take its place', async () => {
    const { panel } = openPanel({
      pictureOf: () => Promise.reject(new TablecastError('chart_failed', 'Nothing can be drawn.')),
    });
    await expect(panel.draw(NOW)).rejects.toMatchObject({ code: 'chart_failed' });
  });
});

describe('the chart of a table', () => {
  it('is drawn for the width that it has, also where it was hidden before', async () => {
    const widths: number[] = [];
    const { panel } = openPanel({
      pictureOf: (_, pixelColumns) => {
        widths.push(pixelColumns);
        return null;
      },
    });
    await panel.draw(NOW);
    for (const width of [700, 0]) {
      tellWidth([{ contentRect: { width } }]);
      await panel.draw(NOW);
    }
    expect(widths).toEqual([500, 700, 500]);
  });

  it('tells what fails of a draw that nobody waits for', async () => {
    let fails = false;
    const { panel, drawn, errors } = openPanel({
      pictureOf: () => (fails ? Promise.reject(new TablecastError('chart_failed', 'No picture.')) : null),
    });
    await panel.draw(NOW);
    fails = true;
    panel.themeChanged();
    await waitFor(() => errors.length > 0, { what: 'the error' });
    expect([drawn.length, errors]).toMatchObject([1, [{ code: 'chart_failed' }]]);
  });

  it('is hidden where the code that it needs does not load, and tried again with the next draw', async () => {
    let isBroken = true;
    const { panel, drawn, errors } = openPanel({
      needsMore: () => true,
      prepare: () => (isBroken ? Promise.reject(new Error('no line')) : Promise.resolve()),
    });
    await panel.draw(NOW);
    panel.themeChanged();
    expect([panel.isShown.peek(), drawn]).toEqual([false, []]);
    isBroken = false;
    await panel.draw(NOW);
    expect([panel.isShown.peek(), drawn.length, errors]).toEqual([true, 1, []]);
  });

  it('is not drawn before what it needs is loaded', async () => {
    let load = (): void => {};
    const pending: ((made: ContentPicture) => void)[] = [];
    const { panel, shown, drawn, made, isMisdrawn } = openPanel({
      needsMore: isPublished,
      prepare: () =>
        new Promise<void>((resolve) => {
          load = resolve;
        }),
      pictureOf: ({ type }) =>
        type === 'spec' ? new Promise<ContentPicture>((resolve) => pending.push(resolve)) : null,
    });
    const draws = [panel.draw(NOW)];
    await waitFor(() => pending.length === 1, { what: 'the picture' });
    draws.push(panel.draw(NOW));
    shown.spec = null;
    draws.push(panel.draw(NOW));
    pending[0]!(made({ type: 'spec', text: SPEC, id: SPEC }));
    await draws[1];
    load();
    await Promise.all(draws);
    expect([drawn, isMisdrawn()]).toEqual([['published'], false]);
  });

  it('is drawn no more once closed, whatever was made for it', async () => {
    const pending: (() => void)[] = [];
    const { panel, drawn } = openPanel({
      pictureOf: () =>
        new Promise<ContentPicture>((_, reject) => pending.push(() => reject(new Error('closed')))),
    });
    const draw = panel.draw(NOW);
    await waitFor(() => pending.length === 1, { what: 'the picture' });
    panel.close();
    pending[0]!();
    await draw;
    expect([drawn, panel.problem.peek()]).toEqual([[], null]);
  });
});
