import type { ChartOption } from './chart-option.ts';

const STEPS: readonly [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
];

/** Short axis labels: 1500000 as 1.5M. */
export function compactNumber(value: number): string {
  for (const [size, suffix] of STEPS) {
    const unit = suffix === 'k' ? 1000 : size;
    if (Math.abs(value) >= size) return `${Number((value / unit).toPrecision(4))}${suffix}`;
  }
  return String(Number(value.toPrecision(6)));
}

/** A value with its unit, at most six digits of a fraction. */
export function formatValue(value: unknown, unit: string | null): string {
  if (typeof value !== 'number' || Number.isNaN(value)) return '–';
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return unit === null ? text : `${text} ${unit}`;
}

/** The frame with functions that write its numbers, which plain JSON cannot carry. */
export function withFormatters(frame: ChartOption, unit: string | null): ChartOption {
  const { tooltip, xAxis, yAxis } = frame;
  const valueFormatter = (value: unknown) => formatValue(value, unit);
  return {
    ...frame,
    ...(isObject(tooltip) ? { tooltip: { ...tooltip, valueFormatter } } : {}),
    ...(isObject(yAxis) && (yAxis.type === 'value' || yAxis.type === 'log')
      ? { yAxis: { ...yAxis, axisLabel: { ...(yAxis.axisLabel as object), formatter: compactNumber } } }
      : {}),
    ...(isObject(xAxis) && xAxis.type === 'value'
      ? { xAxis: { ...xAxis, axisLabel: { ...(xAxis.axisLabel as object), formatter: placeNumber } } }
      : {}),
  };
}

/** Where an axis begins and ends: whole, or at most six digits. */
function placeNumber(value: number): string {
  return formatValue(value, null);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
