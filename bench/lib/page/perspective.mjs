import { setTimeout as delay } from 'node:timers/promises';
import { summedColumns } from './grid-views.mjs';

const grid = 'perspective-viewer-datagrid regular-table';

/**
 * Perspective's viewer and datagrid on its own WebSocket server, as its documentation advises for large tables: the page has what
 * is in view.
 * @param {{ server: import('../child.mjs').Child, publisher: import('../child.mjs').Child, url: string, address: string, table: string, rowCount: number, rows: number }} options
 *   `url` of its page, `address` that it takes messages at
 * @returns {Promise<import('./contender.mjs').Contender>}
 */
export async function startPerspective({ server, publisher, url, address, table, rowCount, rows }) {
  await publisher.call('connect', address);
  await publisher.call('fill', { table, source: 'ticks', rowCount, rows });
  while ((await server.call('counts')).rows !== rowCount) await delay(50);
  return {
    addressOf: (view) =>
      `${url}perspective.html?table=${table}#${encodeURIComponent(JSON.stringify(config(view)))}`,
    grid,
    cellOf: ({ groupBy, wheelSteps }) => [
      'perspective-viewer-datagrid',
      // The first line of a grouped view is the total of all.
      groupBy === undefined
        ? `regular-table tbody tr:first-child td:nth-of-type(${wheelSteps === undefined ? 2 : 1})`
        : 'regular-table tbody tr:nth-child(2) td:nth-of-type(4)',
    ],
    async pace(perSecond) {
      await server.call('take', true);
      await publisher.call('pace', table, perSecond);
    },
    async rest() {
      await server.call('take', false);
      await publisher.call('rest');
    },
    sent: () => publisher.call('sent', table),
    server,
  };
}

/** @param {import('./grid-views.mjs').GridView} view */
function config({ sort, only, groupBy }) {
  return {
    ...(sort && { sort: [[sort.column, sort.direction === 'ascending' ? 'asc' : 'desc']] }),
    ...(only && { filter: [[only.column, '==', only.value]] }),
    ...(groupBy && { group_by: [groupBy], columns: summedColumns }),
  };
}
