import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ThresholdSchema } from '../condition/threshold.ts';
import { TablecastError } from '../errors.ts';
import { LIMITS } from '../limits.ts';

/** Columns of the grid that panels are laid out on. */
export const GRID_COLUMNS = 12;
const MAX_GRID_ROW = 10_000;
const MAX_PANEL_HEIGHT = 200;

const closed = { additionalProperties: false };
/** Taken as far as the page understands it, so that it may grow. */
const settings = (description: string) =>
  Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description }));

export const PanelSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 64, description: 'Unlike those of the other panels.' }),
    type: Type.Enum(['table', 'chart'], { type: 'string' }),
    table: Type.String({ minLength: 1, maxLength: LIMITS.maxNameBytes, description: 'The table it shows.' }),
    title: Type.Optional(Type.String({ maxLength: 200 })),
    x: Type.Integer({ minimum: 0, maximum: GRID_COLUMNS - 1, description: 'The first of its grid columns.' }),
    y: Type.Integer({ minimum: 0, maximum: MAX_GRID_ROW, description: 'The first of its grid rows.' }),
    width: Type.Integer({ minimum: 1, maximum: GRID_COLUMNS, description: 'In grid columns.' }),
    height: Type.Integer({ minimum: 1, maximum: MAX_PANEL_HEIGHT, description: 'In grid rows.' }),
    view: settings('What of a table is shown: sort, filters, columns.'),
    chart: settings('What a chart shows: `type`, `x`, `y`, `series`; chosen from the columns where absent.'),
  },
  closed,
);
export type Panel = Static<typeof PanelSchema>;

export const DashboardSchema = Type.Object(
  {
    title: Type.Optional(Type.String({ maxLength: 200 })),
    panels: Type.Array(PanelSchema, { maxItems: LIMITS.maxPanels }),
    thresholds: Type.Optional(Type.Array(ThresholdSchema, { maxItems: LIMITS.maxThresholds })),
  },
  closed,
);
/** Tables and charts on one page, and the conditions that people want to know of. */
export type Dashboard = Static<typeof DashboardSchema>;

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
  if (!Value.Check(DashboardSchema, json)) {
    const [first] = Value.Errors(DashboardSchema, json);
    const at = first?.instancePath ?? '';
    throw refused(
      `The dashboard${at === '' ? '' : ` at ${JSON.stringify(at)}`} ${first?.message ?? 'is wrong'}.`,
    );
  }
  const ids = new Set<string>();
  for (const { id, x, width } of json.panels) {
    if (ids.has(id)) throw refused(`Two panels have the id ${JSON.stringify(id)}.`);
    ids.add(id);
    if (x + width > GRID_COLUMNS) {
      throw refused(
        `The panel ${JSON.stringify(id)} ends beyond the ${GRID_COLUMNS} columns of the grid: its x is ${x}, its width ${width}.`,
      );
    }
  }
  return json;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

function refused(detail: string): TablecastError {
  return new TablecastError('bad_dashboard', detail);
}
