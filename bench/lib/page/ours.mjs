import { setTimeout as delay } from 'node:timers/promises';
import { freeAddress } from '../free-address.mjs';
import { gridViews, summedColumns } from './grid-views.mjs';

const maxMemoryBytes = 4 * 1024 ** 3;
/** As many of a dashboard's rows as the window is high. */
const panelHeight = 18;
/** With these all 20 columns are in view. */
const pricePx = 60;
const widthsPx = { id: 60, sent: 120, symbol: 120, sector: 80, lot: 50, quantity: 70, time: 130 };

/**
 * A gateway, and a publisher that has filled tables of it.
 * @param {(name: string) => import('../child.mjs').Child} start
 * @param {Readonly<Record<string, { source: string, rowCount: number, rows: number, numbers?: number }>>} tables
 */
export async function startGateway(start, tables) {
  const [gateway, publisher] = [start('gateway'), start('page-publisher')];
  const pull = await freeAddress();
  const { url } = await gateway.call('start', { pull: [pull], maxMemoryBytes });
  await publisher.call('connect', pull);
  for (const [table, spec] of Object.entries(tables)) await publisher.call('fill', { table, ...spec });
  for (const [table, { rowCount }] of Object.entries(tables))
    while ((await gateway.call('counts')).tables[table]?.rows !== rowCount) await delay(50);
  return { gateway, url, publisher };
}

/** @param {string} url @param {string} name @param {readonly object[]} panels of the dashboard */
export async function saveDashboard(url, name, panels) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ panels });
  const answer = await fetch(`${url}dashboards/${name}`, { method: 'PUT', headers, body });
  if (!answer.ok) throw new Error(`The dashboard ${name}: ${await answer.text()}`);
}

/** @param {string} url @param {string} name */
export function dashboardAddress(url, name) {
  return `${url}?dashboard=${name}&embed=1`;
}

/**
 * The page: a grid alone is a dashboard of one panel, the grid with its chart beside it what the table's own address shows.
 * @param {(name: string) => import('../child.mjs').Child} start
 * @param {{ table: string, rowCount: number, rows: number }} data
 * @returns {Promise<import('./contender.mjs').Contender>}
 */
export async function startOurs(start, { table, ...spec }) {
  const { gateway, url, publisher } = await startGateway(start, { [table]: { source: 'ticks', ...spec } });
  for (const view of gridViews) {
    const place = { id: 'grid', x: 0, y: 0, width: 12, height: panelHeight };
    await saveDashboard(url, view.name, [{ ...place, type: 'table', table, view: choices(view) }]);
  }
  const grid = `[role=grid][aria-label="${table}"]`;
  return {
    addressOf: ({ name }) => (name === 'with-chart' ? `${url}?table=${table}` : dashboardAddress(url, name)),
    grid,
    whole: 'html[data-version]',
    // Of sums as large as that of `sent` the grid shows the first digits alone, which stay; so its group's prices are looked at.
    cellOf: ({ groupBy, wheelSteps }) => [
      `${grid} tbody tr:first-child td[aria-colindex="${wheelSteps !== undefined ? 1 : groupBy === undefined ? 2 : 5}"]`,
    ],
    pace: (perSecond) => publisher.call('pace', table, perSecond),
    rest: () => publisher.call('rest'),
    sent: () => publisher.call('sent', table),
    server: gateway,
    async figures() {
      const { queuedBytes } = await gateway.call('counts');
      return { queuedKb: queuedBytes / 1024 };
    },
  };
}

/** What a viewer would have chosen. @param {import('./grid-views.mjs').GridView} view */
function choices({ sort, only, groupBy }) {
  const prices = summedColumns.filter((column) => column.startsWith('price'));
  return {
    widthsPx: { ...widthsPx, ...Object.fromEntries(prices.map((column) => [column, pricePx])) },
    ...(sort && { sort: [sort] }),
    ...(only && {
      filters: [{ type: 'set', column: only.column, values: [only.value], isExcluded: false }],
    }),
    ...(groupBy && {
      groupBy: [groupBy],
      aggregates: Object.fromEntries(summedColumns.map((column) => [column, 'sum'])),
      order: [groupBy],
      hidden: ['id', 'symbol', 'time'],
    }),
  };
}
