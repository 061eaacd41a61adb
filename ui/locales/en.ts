import { chartTexts } from '../../protocol/chart/chart-texts.ts';
import { ageText, countText } from './count-text.ts';
import { gridTexts } from './grid-texts.ts';

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
  refused: 'refused',
  catchingUp: 'catching up',
  paused: 'paused',
  pause: 'Pause',
  pauseWithKey: 'Pause (P)',
  goLive: 'go live',
  newVersions: (count: number) => (count === 1 ? '1 new version' : `${en.count(count)} new versions`),
  newData: 'new data',
  nothingNew: 'nothing new',
  comesWhenLive: (name: string) => `“${name}” is not on the paused page: go live to see it.`,
  loginNeeded: 'logged out',
  logIn: 'Log in',
  stale: (age: string) => `data is ${age} old`,
  producerSilent: (age: string) => `producer silent for ${age}`,
  version: (version: number) => `v${NARROW_SPACE}${en.count(version)}`,
  rowsPerSecond: (rate: number) => `${en.count(rate)} rows/s`,
  theme: { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  size: (rows: number, columns: number) => `${en.count(rows)} × ${en.count(columns)}`,
  sizeLong: (rows: number, columns: number) => `${en.count(rows)} rows, ${en.count(columns)} columns`,
  tableFresh: 'fresh',
  tableStale: 'stale',
  tableHeld: 'held',
  tableGap: 'gap',
  gaps: (count: number) => (count === 1 ? '1 gap' : `${en.count(count)} gaps`),
  gapsMeaning: 'How often publications of this table were lost on the way, since the gateway started',
  notChecked: 'not checked',
  notCheckedMeaning: 'Publications of this table have no numbers: one that is lost would not be noticed',
  lost: (count: number) =>
    count === 1
      ? '1 publication was lost on the way and is not in this table'
      : `${en.count(count)} publications were lost on the way and are not in this table`,
  lostBefore: (count: number) =>
    count === 1
      ? '1 publication from before the gateway listened is not in this table'
      : `${en.count(count)} publications from before the gateway listened are not in this table`,
  tableRejected: 'last publication rejected',
  emptyTitle: 'No tables yet',
  emptyLead: 'Publish a dataframe from any process, and it appears here. From Python:',
  copy: 'Copy',
  copied: 'Copied',
  emptyRequires: (command: string) => `needs: ${command}`,
  missingTable: (name: string) =>
    `There is no table “${name}” yet. It opens here as soon as it is published.`,
  /** What is wrong, by its code; the detail is English wherever it comes from. */
  problem: (_code: string, detail: string) => detail,
  unknownChartType: (type: string, types: string) =>
    `The attribute "type" is ${JSON.stringify(type)}; it takes ${types}.`,
  missingColumn: (name: string) => `There is no column “${name}” yet.`,
  noRows: 'This table has no rows.',
  firstRows: (shown: number, all: number) =>
    shown === all ? 'Loading …' : `Loading: the first ${en.count(shown)} of ${rows(all)}.`,
  held: (count: number) =>
    count === 1
      ? '1 publication waits for /update_data'
      : `${en.count(count)} publications wait for /update_data`,
  showNow: 'Show now',
  updateFailed: (status: number) => {
    if (status === 0) return 'The gateway did not answer /update_data';
    return status === 401 || status === 403
      ? 'Showing this needs the write token'
      : `/update_data answered ${status}`;
  },
  rejected: (code: string, detail: string) => `Last publication rejected (${code}): ${detail}`,
  rejectionCount: (count: number) =>
    count === 1 ? '1 rejected publication' : `${en.count(count)} rejected publications`,
  ascending: 'sorted ascending',
  descending: 'sorted descending',
  nullCell: '∅',
  ...chartTexts,
  grid: gridTexts,
  count: countText,
  age: (ms: number) => ageText(ms, { seconds: 's', minutes: 'min', hours: 'h', days: 'd' }),
  updatedAgo: (age: string) => `${age} old`,
  rowsShown: (shown: number, all: number) =>
    shown === all ? rows(all) : `${en.count(shown)} of ${rows(all)}`,
  close: 'Close',
  rejectionsTitle: 'Rejected publications',
  rejectionsNewest: (shown: number, all: number) =>
    `The newest ${en.count(shown)} of ${en.count(all)} since the gateway started.`,
  rejectionNamesNoTable: 'no table',
  settings: 'Language, colours, keys',
  language: 'Language',
  upColours: 'Colour of rising values',
  coolUp: 'Blue rises, orange falls',
  warmUp: 'Orange rises, blue falls',
  keyboard: 'Keyboard',
  singleKeys: 'Single keys: P and space pause, / searches',
  download: 'Download',
  downloadWhole: 'The whole table',
  downloadView: (rows: number, columns: number) =>
    `The rows and columns shown: ${en.count(rows)} × ${en.count(columns)}`,
  formats: { csv: 'CSV', json: 'JSON', arrow: 'Arrow stream', xlsx: 'Excel' },
  shapeChart: 'Shape the chart',
  fullScreen: 'Chart in full screen',
  leaveFullScreen: 'Leave full screen',
  chartImage: 'The chart',
  imageFormats: { png: 'PNG picture', svg: 'SVG drawing' },
  chartUnfit: 'The chart as it was shaped does not fit this table; its own is shown.',
  backToOwnChart: 'Back to its own',
  preparing: (format: string, percent: number) => `Preparing ${format}: ${percent} %`,
  cancel: 'Cancel',
  downloadFailed: (reason: string) => `Nothing was downloaded: ${reason}`,
};

export type Texts = typeof en;

function rows(count: number): string {
  return count === 1 ? '1 row' : `${countText(count)} rows`;
}
