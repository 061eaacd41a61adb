import { conditionText, type Level, type Threshold } from '../../../protocol/condition/threshold.ts';
import type { Place } from '../../dashboard/layout.ts';

const LEVELS: Readonly<Record<Level, string>> = {
  notice: 'notice',
  warning: 'warning',
  critical: 'critical',
};

/** What dashboards say to their viewer, in English. Another language is another module of this shape. */
export const en = {
  dashboards: 'Dashboards',
  newDashboard: 'New dashboard',
  unnamed: 'New dashboard',
  missing: (name: string) => `There is no dashboard “${name}”.`,
  makeIt: 'Make it',
  empty: 'Nothing is on this dashboard yet.',
  edit: 'Edit',
  done: 'Done',
  addPanel: 'Add panel',
  thresholds: 'Thresholds',
  thresholdCount: (count: number) => `Thresholds (${count})`,
  share: 'Copy link',
  shareHint: 'The link holds the whole layout; nothing needs to be saved.',
  shared: 'The link is copied',
  linkIs: 'Copy this address',
  save: 'Save',
  saveAs: 'Save as',
  name: 'Name',
  nameHint: 'Letters, digits, “_”, “-” and “.”',
  changed: 'not saved',
  saved: 'Saved',
  remove: 'Delete dashboard',
  removeSure: (name: string) => `Delete “${name}” for everybody?`,
  conflict: 'Somebody else saved this dashboard meanwhile.',
  loadTheirs: 'Load theirs',
  overwrite: 'Overwrite with mine',
  badLink: (detail: string) => `The layout in this address cannot be used. ${detail}`,
  failed: (status: number, detail: string) => {
    if (status === 0) return 'The gateway did not answer.';
    if (status === 401 || status === 403) return 'This needs the write token.';
    return detail === '' ? `The gateway answered ${status}.` : detail;
  },
  title: 'Title',
  cancel: 'Cancel',
  apply: 'Apply',
  panel: {
    add: 'Add a panel',
    change: (name: string) => `Settings of ${name}`,
    remove: (name: string) => `Remove ${name}`,
    move: (name: string) => `Move or resize ${name}`,
    moveHint: 'Arrow keys move, Shift and arrow keys resize.',
    resize: (name: string) => `Resize ${name}`,
    place: (name: string, { x, y, width, height }: Place) =>
      `${name}: column ${x + 1}, row ${y + 1}, ${width} wide, ${height} high`,
    table: 'Table',
    shows: 'Shows',
    types: { table: 'Table', chart: 'Chart' },
    missing: (table: string) => `There is no table “${table}” yet.`,
    nothing: 'Nothing here that a chart could show.',
    chartType: 'Kind of chart',
    automatic: 'chosen by itself',
    chartTypes: {
      line: 'Lines',
      area: 'Areas',
      bar: 'Bars',
      scatter: 'Points',
      pie: 'Pie',
      candlestick: 'Candlestick',
      heatmap: 'Heat map',
      gauge: 'Gauge',
    } as Readonly<Record<string, string>>,
    x: 'Horizontal',
    y: 'Values',
    series: 'One line for each',
  },
  threshold: {
    list: 'Thresholds of this dashboard',
    none: 'There are none yet.',
    add: 'Add threshold',
    column: 'Column',
    condition: 'Condition',
    value: 'Value',
    from: 'From',
    to: 'To',
    level: 'Level',
    levels: LEVELS,
    is: {
      '>': '>',
      '>=': '≥',
      '<': '<',
      '<=': '≤',
      '=': '=',
      between: 'between',
      null: 'has no value',
    } as Readonly<Record<Threshold['is'], string>>,
    text: (threshold: Threshold) =>
      `${threshold.table} · ${threshold.column} ${threshold.is === 'null' ? 'has no value' : conditionText(threshold).replace('>=', '≥').replace('<=', '≤')}`,
    remove: (text: string) => `Remove threshold ${text}`,
    mark: (level: Level, text: string) => `${LEVELS[level]}: ${text}`,
  },
  notices: {
    region: 'Notices',
    row: (row: number) => `row ${row}`,
    over: 'over',
    dismiss: (text: string) => `Dismiss ${text}`,
    dismissAll: 'Dismiss all',
    more: (count: number) => `and ${count} more`,
  },
};

export type DashboardTexts = typeof en;
