import { withChildren } from '../lib/child.mjs';
import { watchIdle, watchLine } from '../lib/page/charts.mjs';
import { gridViews, smokeViews } from '../lib/page/grid-views.mjs';
import { startOurs } from '../lib/page/ours.mjs';
import { startPeers } from '../lib/page/peers.mjs';
import { watchGrid } from '../lib/page/watch-grid.mjs';
import { result } from '../lib/result.mjs';
import { race } from '../lib/rounds.mjs';

const table = 'ticks';
const upsertRows = 1000;
/** Commits a second. */
const lineRates = [30, 100];

/** @typedef {import('../lib/rounds.mjs').Figures} Figures */
/** @typedef {Record<string, Figures>} FiguresByContender */

/** @type {import('../lib/case.mjs').BenchCase} */
export const page = {
  name: 'page',
  about:
    '1 M rows x 20 columns in Chromium, upserts of 1,000 rows at 60 to 300 commits/s, beside Perspective and regular-table; charts',
  isLong: true,
  async run(context) {
    return [...(await raceGrids(context)), ...(await watchCharts(context))];
  },
};

/** @param {import('../lib/case.mjs').BenchContext} context */
function raceGrids(context) {
  const { smoke, profile } = context;
  return withChildren({ profile }, async (start) => {
    const data = { table, rowCount: smoke ? 10_000 : 1_000_000, rows: upsertRows };
    const all = { ours: await startOurs(start, data), ...(await startPeers(start, data)) };
    const views = smoke ? smokeViews : gridViews;
    /** @type {Record<string, FiguresByContender>} */
    const figures = {};
    for (const view of views) figures[view.name] = await raceView({ all, view, context });
    return [
      ...firstRows(figures),
      ...views.flatMap(({ name, figures: goals }) => toResults(`page-${name}`, figures[name], goals)),
    ];
  });
}

/**
 * A peer that cannot show the view has no figures, and ends nothing.
 * @param {{ all: Record<string, import('../lib/page/contender.mjs').Contender>, view: import('../lib/page/grid-views.mjs').GridView, context: import('../lib/case.mjs').BenchContext }} options
 */
async function raceView({ all, view, context: { rounds, smoke, note } }) {
  const times = smoke ? { forMs: 500, patienceMs: 120_000 } : { forMs: 6000, patienceMs: 20_000 };
  const racing = view.contenders.filter((name) => all[name] !== undefined);
  const watch = async (/** @type {string} */ name) => {
    try {
      return await watchGrid({ contender: all[name], view, ...times });
    } catch (error) {
      if (name === 'ours') throw error;
      note(`${view.name} ${name}: ${error}`);
      return {};
    }
  };
  const contenders = Object.fromEntries(racing.map((name) => [name, () => watch(name)]));
  const figures = await race({ rounds, contenders, warmUp: false });
  for (const name of racing) note(`${view.name} ${name}: ${spelled(figures[name])}`);
  return figures;
}

/** From the address to rows on screen. @param {Record<string, FiguresByContender>} figures */
function firstRows({ 'with-chart': whole, plain }) {
  if (whole === undefined || plain === undefined) return [];
  const peers = Object.entries(plain).filter(([name]) => name !== 'ours');
  return [
    result({
      name: 'page-first-rows',
      unit: 'ms',
      ours: whole.ours.firstRowsMs,
      peers: Object.fromEntries(peers.map(([name, { firstRowsMs }]) => [name, firstRowsMs ?? Number.NaN])),
      goal: { ours: '<= 1000' },
    }),
  ];
}

/** @param {import('../lib/case.mjs').BenchContext} context */
async function watchCharts({ rounds, smoke, profile, note }) {
  const forMs = smoke ? 500 : 6000;
  const rowCount = smoke ? 1000 : 100_000;
  /** @param {(start: (name: string) => import('../lib/child.mjs').Child) => Promise<Figures>} work */
  const apart = (work) => () => withChildren({ profile }, work);
  const line = Object.fromEntries(
    (smoke ? lineRates.slice(1) : lineRates).map((perSecond) => [
      `line-${perSecond}`,
      apart((start) => watchLine({ start, rowCount, perSecond, forMs })),
    ]),
  );
  const idle = apart((start) => watchIdle({ start, forMs }));
  const figures = await race({ rounds, contenders: { ...line, idle }, warmUp: false });
  for (const [name, those] of Object.entries(figures)) note(`${name} ours: ${spelled(those)}`);
  const lineGoals = { mainCpuMsPerDraw: null, frameP95Ms: '<= 18' };
  return [
    ...Object.keys(line).flatMap((name) => toResults(`page-${name}`, { ours: figures[name] }, lineGoals)),
    ...toResults('page-idle-charts', { ours: figures.idle }, { draws: '<= 0', tabCpuPercent: '<= 1' }),
  ];
}

/**
 * One result for each figure that has a goal; the first one tells all others of ours.
 * @param {string} name @param {FiguresByContender} measured @param {Readonly<Record<string, string | null>>} goals
 */
function toResults(name, { ours, ...others }, goals) {
  return Object.entries(goals).map(([figure, goal], i) =>
    result({
      name: `${name}-${figure}`,
      unit: '',
      ours: ours[figure],
      peers: Object.fromEntries(
        Object.entries(others).map(([peer, figures]) => [peer, figures[figure] ?? Number.NaN]),
      ),
      goal: goal === null ? {} : { ours: goal },
      detail: i === 0 ? ours : {},
    }),
  );
}

/** @param {Figures} figures */
function spelled(figures) {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(', ');
}
