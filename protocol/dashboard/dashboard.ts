import { isThreshold } from '../condition/threshold.ts';
import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { Dashboard, Panel } from './dashboard-schema.ts';

export type { Dashboard, Panel } from './dashboard-schema.ts';

/** Columns of the grid that panels are laid out on. */
export const GRID_COLUMNS = 12;
const MAX_GRID_ROW = 10_000;
const MAX_PANEL_HEIGHT = 200;
const MAX_TITLE_LENGTH = 200;
const MAX_ID_LENGTH = 64;

const encoder = new TextEncoder();

/**
 * A dashboard from JSON text.
 *
 * @throws TablecastError `too_large`, `bad_body` where it is not JSON, `bad_dashboard` where it is none
 */
export function parseDashboardText(text: string): Dashboard {
  if (encoder.encode(text).length > LIMITS.maxDashboardBytes) {
    throw new TablecastError(
      'too_large',
      `The dashboard has more than ${LIMITS.maxDashboardBytes} bytes; take panels or their settings out.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TablecastError('bad_body', 'The dashboard is not JSON.', { cause });
  }
  return parseDashboard(json);
}

/**
 * A dashboard from a parsed JSON value.
 *
 * @throws TablecastError `bad_dashboard`
 */
export function parseDashboard(json: unknown): Dashboard {
  if (isDeeper(json, LIMITS.maxNestingDepth))
    throw refused(`The dashboard is nested deeper than ${LIMITS.maxNestingDepth} levels.`);
  const problem = problemOf(json);
  if (problem !== null) throw refused(`${problem}.`);
  const dashboard = json as Dashboard;
  const ids = new Set<string>();
  for (const { id, x, width } of dashboard.panels) {
    if (ids.has(id)) throw refused(`Two panels have the id ${JSON.stringify(id)}.`);
    ids.add(id);
    if (x + width > GRID_COLUMNS) {
      throw refused(
        `The panel ${JSON.stringify(id)} ends beyond the ${GRID_COLUMNS} columns of the grid: its x is ${x}, its width ${width}.`,
      );
    }
  }
  return dashboard;
}

/** What of the schema does not hold, null for nothing; written out, because its library is larger than all else that a page loads. */
function problemOf(json: unknown): string | null {
  if (!isRecord(json)) return 'The dashboard is no object';
  const { title, panels, thresholds = [], ...rest } = json;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return `The dashboard has no field ${JSON.stringify(unknown)}`;
  if (!isTitle(title)) return `The title is a text of at most ${MAX_TITLE_LENGTH} characters`;
  if (!Array.isArray(panels) || panels.length > LIMITS.maxPanels)
    return `The panels are a list of at most ${LIMITS.maxPanels}`;
  if (!Array.isArray(thresholds) || thresholds.length > LIMITS.maxThresholds)
    return `The thresholds are a list of at most ${LIMITS.maxThresholds}`;
  for (const [i, panel] of panels.entries()) {
    const field = wrongField(panel);
    if (field !== null) return `The panel ${i} is none: look at its ${JSON.stringify(field)}`;
  }
  const wrong = thresholds.findIndex((threshold) => !isThreshold(threshold));
  return wrong < 0
    ? null
    : `The threshold ${wrong} is none: it has table, column, level, is, and texts as values`;
}

const PANEL_FIELDS: Readonly<Record<keyof Panel, (value: unknown) => boolean>> = {
  id: (value) => isText(value, 1, MAX_ID_LENGTH),
  type: (value) => value === 'table' || value === 'chart',
  table: (value) => isText(value, 1, LIMITS.maxNameBytes),
  title: isTitle,
  x: (value) => isWhole(value, 0, GRID_COLUMNS - 1),
  y: (value) => isWhole(value, 0, MAX_GRID_ROW),
  width: (value) => isWhole(value, 1, GRID_COLUMNS),
  height: (value) => isWhole(value, 1, MAX_PANEL_HEIGHT),
  view: isSettings,
  chart: isSettings,
};

/** The first field of a panel that it should not have, or should have otherwise. */
function wrongField(panel: unknown): string | null {
  if (!isRecord(panel)) return '';
  const unknown = Object.keys(panel).find((name) => !Object.hasOwn(PANEL_FIELDS, name));
  const wrong = Object.entries(PANEL_FIELDS).find(([name, holds]) => !holds(panel[name]));
  return unknown ?? wrong?.[0] ?? null;
}

function isTitle(value: unknown): boolean {
  return value === undefined || isText(value, 0, MAX_TITLE_LENGTH);
}

function isSettings(value: unknown): boolean {
  return value === undefined || isRecord(value);
}

function isText(value: unknown, minLength: number, maxLength: number): boolean {
  return typeof value === 'string' && value.length >= minLength && value.length <= maxLength;
}

function isWhole(value: unknown, minimum: number, maximum: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

function refused(detail: string): TablecastError {
  return new TablecastError('bad_dashboard', detail);
}
