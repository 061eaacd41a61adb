import { type ChartSpec, parseSpec } from '../../protocol/chart/chart-spec.ts';
import type { ChartType } from '../../protocol/chart/chart-type.ts';
import { createPicture } from '../../protocol/chart/create-picture.ts';
import { publishedPicture } from '../../protocol/chart/published-picture.ts';
import { specPicture } from '../../protocol/chart/spec-picture.ts';
import { TablecastError } from '../../protocol/errors.ts';
import type { ChartCode, ChartContent, ChartTable, ContentInput, ContentPicture } from './chart-content.ts';
import { createChartView } from './chart-view.ts';
import type { createPictureJob, ReadTable } from './worker/picture-job.ts';
import { ThreadGone, WorkerPictures } from './worker/worker-pictures.ts';

/** They are drawn with what is there from the beginning. */
const PLAIN_TYPES: ReadonlySet<ChartType> = new Set(['line', 'area', 'bar', 'histogram']);

/** More are put together in another thread, so that the page stays quick. */
const MAX_ROWS_HERE = 20_000;

type Part = 'types' | 'published';

const LOADERS: Readonly<Record<Part, () => Promise<void>>> = {
  types: async () => (await import('./type-parts.ts')).useTypeParts(),
  published: async () => (await import('./published-parts.ts')).usePublishedParts(),
};

export function createChartCode(): ChartCode {
  const loaded = new Set<Part>();
  const pictures = new WorkerPictures(
    () => new Worker(new URL('./worker/picture-worker.ts', import.meta.url), { type: 'module' }),
  );
  // A page of another site may not start it.
  let hasThread = true;
  let isClosed = false;
  let jobs = 0;
  return {
    createView: createChartView,
    isPrepared: (content) => partsOf(content).every((part) => loaded.has(part)),
    async prepare(content) {
      const missing = partsOf(content).filter((part) => !loaded.has(part));
      await Promise.all(missing.map((part) => LOADERS[part]()));
      for (const part of missing) loaded.add(part);
    },
    pictureOf(content, input) {
      const { table, theme, locale, pixelColumns } = input;
      // ECharts itself reads all that a published chart shows.
      if (content.type === 'published' || !hasThread || !canReadRows(table)) return pictureOf(content, input);
      if (table.rowCount <= MAX_ROWS_HERE || isLargest(content)) return pictureOf(content, input);
      const settings = { id: ++jobs, theme, locale, pixelColumns };
      const { fields } = table;
      return makeElsewhere(pictures, table, content, settings).catch((error: unknown) => {
        if (isClosed || !(error instanceof ThreadGone)) throw error;
        hasThread = false;
        return table.fields === fields ? pictureOf(content, input) : null;
      });
    },
    close() {
      isClosed = true;
      pictures.close();
    },
  };
}

/** What takes the rows out is loaded with the first large table, which has other columns by then where it is null. */
async function makeElsewhere(
  pictures: WorkerPictures,
  ...[table, content, more]: Parameters<typeof createPictureJob>
): Promise<ContentPicture | null> {
  const { fields } = table;
  const { createPictureJob } = await import('./worker/picture-job.ts');
  // The content tells columns by their places.
  if (table.fields !== fields) return null;
  return pictures.make(createPictureJob(table, content, more));
}

/** The largest values of a column are found faster than its rows are handed on. */
function isLargest(content: Exclude<ChartContent, { type: 'published' }>): boolean {
  const spec = content.type === 'plan' ? content.plan : (specOrNull(content.text) ?? {});
  const isWhole = !('aggregate' in spec) && (spec.series ?? null) === null;
  return isWhole && (spec.type === 'bar' || spec.type === 'pie');
}

function canReadRows(table: ChartTable): table is ReadTable & ChartTable {
  return table.read !== undefined;
}

function partsOf(content: ChartContent): Part[] {
  if (content.type === 'published') return ['types', 'published'];
  const type = content.type === 'plan' ? content.plan.type : specOrNull(content.text)?.type;
  return type === undefined || PLAIN_TYPES.has(type) ? [] : ['types'];
}

/** What is wrong with it is told when it is drawn. */
function specOrNull(text: string): ChartSpec | null {
  try {
    return parseSpec(text);
  } catch (error) {
    if (error instanceof TablecastError) return null;
    throw error;
  }
}

function pictureOf(content: ChartContent, input: ContentInput): ContentPicture {
  switch (content.type) {
    case 'plan':
      return { picture: createPicture({ ...input, plan: content.plan }), chartId: content.id };
    case 'published':
      return { picture: publishedPicture({ ...input, option: content.option }), chartId: content.id };
    case 'spec': {
      const picture = specPicture({ ...input, spec: parseSpec(content.text) });
      return { picture, chartId: picture.id };
    }
    default:
      return content satisfies never;
  }
}
