import { describe, expect, it } from 'vitest';
import { shownText } from '../../../ui/grid/cells/cell-text.ts';
import { float, int, time, utf8 } from '../fake-table.ts';

const decimal = { kind: 'decimal', precision: 38, scale: 10, bits: 128 } as const;

describe('the text of a cell', () => {
  it.each([
    ['9007199254740993', int],
    ['-12345678901234567890.1234567890', decimal],
    ['2026-11-21T09:20:34.123456789Z', time],
    ['0.1234567890123 is text', utf8],
  ])('keeps every digit of %s', (exact, type) => {
    expect(shownText(exact, type, undefined)).toBe(exact);
  });

  it.each([
    ['187.2', '187.2'],
    ['-0.125', '-0.125'],
    ['500000000000.0', '500000000000.0'],
    ['29.599612345678', '29.5996'],
    ['0.0123456789012', '0.01235'],
    ['1234567.891234', '1234567.89'],
    ['0.00000123456789', '1.2346e-6'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
  ])('shows the float %s as %s', (exact, shown) => {
    expect(shownText(exact, float, undefined)).toBe(shown);
  });

  it.each([
    ['1234.5678', float, '.2f', '1234.57'],
    ['1234567.5', float, ',.1f', '1\u202f234\u202f567.5'],
    ['9007199254740993', int, ',d', '9\u202f007\u202f199\u202f254\u202f740\u202f993'],
    ['0.257', float, '.1%', '25.7 %'],
    ['0.257', float, 'something else', '0.257'],
  ])('follows the format of %s', (exact, type, format, shown) => {
    expect(shownText(exact, type, format)).toBe(shown);
  });
});
