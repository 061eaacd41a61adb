import { isPeerInstalled } from '../packages.mjs';
import { startPerspective } from './perspective.mjs';
import { regularTable } from './regular-table.mjs';

/**
 * Those that are installed.
 * @param {(name: string) => import('../child.mjs').Child} start
 * @param {{ table: string, rowCount: number, rows: number }} data
 * @returns {Promise<Partial<Record<'perspective' | 'regularTable', import('./contender.mjs').Contender>>>}
 */
export async function startPeers(start, data) {
  if (!isPeerInstalled('perspective')) return {};
  const server = start('page-peers');
  const { url, address } = await server.call('start', { table: data.table, index: 'id' });
  const publisher = start('page-publisher');
  return {
    perspective: await startPerspective({ server, publisher, url, address, ...data }),
    regularTable: regularTable({ url, rowCount: data.rowCount }),
  };
}
