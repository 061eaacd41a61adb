import type { ChartOption } from './chart-option.ts';

/** An option as JSON has it: rows of typed arrays as lists, what is no finite number as null. */
export function plainOption(option: ChartOption): ChartOption {
  return plainObject(option);
}

function plainObject(object: object): Record<string, unknown> {
  const { data, dimensions } = object as { data?: unknown; dimensions?: unknown };
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) plain[key] = plainValue(value);
  if (data instanceof Float64Array && Array.isArray(dimensions)) plain.data = rows(data, dimensions.length);
  return plain;
}

function plainValue(value: unknown): unknown {
  if (value instanceof Float64Array) return Array.from(value, finite);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === 'object' && value !== null) return plainObject(value);
  return typeof value === 'number' ? finite(value) : value;
}

/** Flat values of so many dimensions by turns, as one list a row. */
function rows(flat: Float64Array, width: number): (number | null)[][] {
  return Array.from({ length: flat.length / width }, (_, row) =>
    Array.from(flat.subarray(row * width, (row + 1) * width), finite),
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
