const NARROW_SPACE = '\u202f';

/** Everything the page says to its viewer, in English. Another language is another module of this shape. */
export const en = {
  appName: 'Tablecast',
  tables: 'Tables',
  showTables: 'Show tables',
  hideTables: 'Hide tables',
  connecting: 'connecting',
  loading: 'loading',
  live: 'live',
  reconnecting: 'reconnecting',
  stale: (age: string) => `data is ${age} old`,
  version: (version: number) => `v${NARROW_SPACE}${en.count(version)}`,
  rowsPerSecond: (rate: number) => `${en.count(rate)} rows/s`,
  theme: { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  size: (rows: number, columns: number) => `${en.count(rows)} × ${en.count(columns)}`,
  sizeLong: (rows: number, columns: number) => `${en.count(rows)} rows, ${en.count(columns)} columns`,
  tableFresh: 'fresh',
  tableStale: 'stale',
  tableHeld: 'held',
  tableRejected: 'last publication rejected',
  emptyTitle: 'No tables yet',
  emptyLead: 'Publish a dataframe from any process, and it appears here. From Python:',
  copy: 'Copy',
  copied: 'Copied',
  emptyRequires: 'needs: pip install pyzmq pyarrow',
  missingTable: (name: string) =>
    `There is no table “${name}” yet. It opens here as soon as it is published.`,
  noRows: 'This table has no rows.',
  held: (count: number) =>
    count === 1
      ? '1 publication waits for /update_data'
      : `${en.count(count)} publications wait for /update_data`,
  showNow: 'Show now',
  updateFailed: (status: number) =>
    status === 0 ? 'The gateway did not answer /update_data' : `/update_data answered ${status}`,
  rejected: (code: string, detail: string) => `Last publication rejected (${code}): ${detail}`,
  rejectionCount: (count: number) =>
    count === 1 ? '1 rejected publication' : `${en.count(count)} rejected publications`,
  ascending: 'sorted ascending',
  descending: 'sorted descending',
  nullCell: '∅',
  chartLines: (measures: string, x: string, series: string | null) =>
    series === null
      ? `Line chart of ${measures} over ${x}`
      : `Line chart of ${measures} over ${x}, one line per ${series}`,
  chartBars: (measure: string, category: string) => `Bar chart of ${measure} by ${category}`,
  chartTop: (count: number) => `, the ${count} largest`,
  chartMore: (shown: number, total: number) => `, ${shown} of ${en.count(total)} lines`,
  rowNumber: 'row number',
  /** Whole numbers grouped by a narrow space, which no locale reads as a decimal mark. */
  count: (value: number) =>
    Math.round(value)
      .toString()
      .replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE),
  /** An age in one unit, coarser the older. */
  age: (ms: number) => {
    const seconds = ms / 1000;
    if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} s`;
    if (seconds < 120) return `${Math.round(seconds)} s`;
    if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
    if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
    return `${Math.round(seconds / 86_400)} d`;
  },
};

export type Texts = typeof en;
