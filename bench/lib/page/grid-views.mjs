// What is looked at: one table in a grid, sorted, filtered, grouped or as it is, while it changes.

/** Numbers of the table, which a grouped view sums. */
export const summedColumns = [
  'sent',
  'lot',
  'quantity',
  ...Array.from({ length: 13 }, (_, i) => `price${i}`),
];

/**
 * @typedef {object} GridView
 * @property {string} name
 * @property {{ column: string, direction: 'ascending' | 'descending' }} [sort]
 * @property {{ column: string, value: string }} [only] rows with this value alone
 * @property {string} [groupBy]
 * @property {number} perSecond commits of 1,000 rows
 * @property {number} [wheelSteps] turned over the grid meanwhile
 * @property {readonly ('ours' | 'perspective' | 'regularTable')[]} contenders
 * @property {Readonly<Record<string, string | null>>} figures by name, each with its goal; the names tell the units
 */

const engines = /** @type {const} */ (['ours', 'perspective']);

/** @type {readonly GridView[]} */
export const gridViews = [
  {
    name: 'plain',
    perSecond: 60,
    contenders: engines,
    figures: { statesPerSecond: '>= 58', mainThreadPercent: '<= 20', p95Ms: '<= 16', tabMb: '<= 500' },
  },
  {
    name: 'sorted',
    sort: { column: 'lot', direction: 'ascending' },
    perSecond: 60,
    contenders: engines,
    figures: { statesPerSecond: '>= 30', p95Ms: '<= 50' },
  },
  {
    name: 'sorted-ticking',
    sort: { column: 'sent', direction: 'descending' },
    perSecond: 60,
    contenders: engines,
    figures: { statesPerSecond: '>= 30', p95Ms: '<= 50' },
  },
  {
    name: 'filtered',
    only: { column: 'sector', value: 'sector 0' },
    perSecond: 60,
    contenders: engines,
    figures: { statesPerSecond: '>= 55' },
  },
  {
    name: 'grouped',
    groupBy: 'sector',
    perSecond: 60,
    contenders: engines,
    figures: { statesPerSecond: '>= 55', firstStateMs: null },
  },
  {
    name: 'fast',
    perSecond: 300,
    contenders: engines,
    figures: { statesPerSecond: '>= 50', frameP95Ms: '<= 18', sentPerSecond: '>= 295' },
  },
  {
    name: 'scroll',
    perSecond: 60,
    wheelSteps: 200,
    contenders: [...engines, 'regularTable'],
    figures: { frameP95Ms: '<= 18', mainThreadPercent: '<= 30' },
  },
  {
    name: 'painted',
    perSecond: 100,
    contenders: engines,
    figures: { p50Ms: '<= 20', p99Ms: '<= 50' },
  },
  {
    name: 'with-chart',
    perSecond: 60,
    contenders: ['ours'],
    figures: { statesPerSecond: null, frameP95Ms: null, mainThreadPercent: null },
  },
];

/** Show that all of it runs: each contender once, with changes that a busy machine keeps up with. */
export const smokeViews = gridViews
  .filter(({ name }) => ['grouped', 'scroll'].includes(name))
  .map((view) => ({
    ...view,
    contenders: view.contenders.filter((name) => view.name === 'grouped' || name !== 'perspective'),
    perSecond: 5,
  }));
