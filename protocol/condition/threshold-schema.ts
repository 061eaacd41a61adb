import { type Static, Type } from 'typebox';

const value = Type.String({ minLength: 1, maxLength: 200 });
const column = {
  table: Type.String({ minLength: 1, maxLength: 128 }),
  column: Type.String({ minLength: 1, maxLength: 1024 }),
  level: Type.Enum(['notice', 'warning', 'critical'], { type: 'string' }),
};
const closed = { additionalProperties: false };

/**
 * A condition on a column that people want to know of. Values are texts, so that they are exact: decimal numbers
 * (`-1.5`, `1e6`), ISO 8601 for times, seconds for durations; `=` takes any cell's exact text too. `between` includes
 * both ends. A cell without a value fulfils `null` alone, NaN nothing.
 */
export const ThresholdSchema = Type.Union([
  Type.Object({ ...column, is: Type.Enum(['>', '>=', '<', '<=', '='], { type: 'string' }), value }, closed),
  Type.Object({ ...column, is: Type.Literal('between'), min: value, max: value }, closed),
  Type.Object({ ...column, is: Type.Literal('null') }, closed),
]);
export type Threshold = Static<typeof ThresholdSchema>;
