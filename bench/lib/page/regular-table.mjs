/**
 * The table element alone, with nothing behind it: no socket, and rows that the page itself changes.
 * @param {{ url: string, rowCount: number }} options `url` of its page's server
 * @returns {import('./contender.mjs').Contender}
 */
export function regularTable({ url, rowCount }) {
  return {
    addressOf: ({ perSecond }) => `${url}regular-table.html?rows=${rowCount}&perSecond=${perSecond}`,
    grid: 'regular-table',
    cellOf: ({ wheelSteps }) => [
      `regular-table tbody tr:first-child td:nth-of-type(${wheelSteps === undefined ? 2 : 1})`,
    ],
    async pace() {},
    async rest() {},
    sent: async () => Number.NaN,
  };
}
