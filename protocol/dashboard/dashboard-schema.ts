import { type Static, Type } from 'typebox';
import { ThresholdSchema } from '../condition/threshold-schema.ts';
import { LIMITS } from '../limits.ts';

/** Columns of the grid that panels are laid out on. */
const GRID_COLUMNS = 12;

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
    y: Type.Integer({ minimum: 0, maximum: 10_000, description: 'The first of its grid rows.' }),
    width: Type.Integer({ minimum: 1, maximum: GRID_COLUMNS, description: 'In grid columns.' }),
    height: Type.Integer({ minimum: 1, maximum: 200, description: 'In grid rows.' }),
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
