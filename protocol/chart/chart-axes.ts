import type { ChartOption } from './chart-option.ts';
import type { ChartPicture } from './chart-picture.ts';
import type { AxisSpec, ChartSpec } from './chart-spec.ts';
import type { ChartTheme } from './chart-theme.ts';

const X_LABEL_PIXELS = 18;

/** A picture with its axes as they were chosen; what has no such axes stays as it is. */
export function withAxes(
  picture: ChartPicture,
  { xAxis, yAxis }: Pick<ChartSpec, 'xAxis' | 'yAxis'>,
  theme: ChartTheme,
): ChartPicture {
  const { frame } = picture;
  const parts: Record<string, unknown> = {};
  if (yAxis !== undefined && isObject(frame.yAxis)) parts.yAxis = valueAxisOver(frame.yAxis, yAxis);
  if (xAxis !== undefined && isObject(frame.xAxis)) {
    parts.xAxis = { ...valueAxisOver(frame.xAxis, xAxis), ...xLabel(xAxis, theme) };
    const { bottom } = frame.grid as { bottom: number };
    if (isLabelled(xAxis)) parts.grid = { ...(frame.grid as object), bottom: bottom + X_LABEL_PIXELS };
  }
  return { ...picture, frame: { ...frame, ...parts } };
}

/** Axes of names have a label alone. */
function valueAxisOver(axis: ChartOption, { scale, min, max, label }: AxisSpec): ChartOption {
  const named = label === undefined || label === '' ? axis : { ...axis, name: label };
  if (axis.type === 'category') return named;
  const scaled = scale === undefined || axis.type === 'time' ? named : { ...named, ...scaleOf(scale) };
  return {
    ...scaled,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

function scaleOf(scale: NonNullable<AxisSpec['scale']>): ChartOption {
  switch (scale) {
    case 'zero':
      return { scale: false, min: undefined, max: undefined };
    case 'fit':
      return { scale: true };
    case 'log':
      return { type: 'log', min: undefined, max: undefined };
    default:
      return scale satisfies never;
  }
}

function isLabelled({ label }: AxisSpec): boolean {
  return label !== undefined && label !== '';
}

function xLabel(axis: AxisSpec, theme: ChartTheme): ChartOption {
  if (!isLabelled(axis)) return {};
  return { nameLocation: 'middle', nameGap: 26, nameTextStyle: { color: theme.text, fontSize: 11 } };
}

function isObject(value: unknown): value is ChartOption {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
