export const AGGREGATES = ['none', 'count', 'sum', 'mean', 'min', 'max'] as const;
/** What becomes of rows that have one place in a chart: all are shown, or one value that stands for them. */
export type Aggregate = (typeof AGGREGATES)[number];

/** `zero`: from zero, or to it; `fit`: as far as the values go; `log`: logarithmic, without what is not above zero. */
export const AXIS_SCALES = ['zero', 'fit', 'log'] as const;
export type AxisScale = (typeof AXIS_SCALES)[number];

export const MAX_COLUMN_LENGTH = 1000;
export const MAX_MEASURES = 12;
