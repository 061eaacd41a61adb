import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellJson, cellText } from '../../../protocol/arrow/cell-text.ts';
import { float16 } from '../../../protocol/arrow/cell-value.ts';
import { byteWidth, type DataType } from '../../../protocol/arrow/data-type.ts';
import type { Vector } from '../../../protocol/arrow/vector.ts';

/** A column of one cell of these bytes. */
function fixed(type: DataType, write: (view: DataView) => void): Vector {
  const width = byteWidth(type)!;
  const bytes = new Uint8Array(width);
  write(new DataView(bytes.buffer));
  return { layout: 'fixed', length: 1, validity: null, width, bytes };
}

function textAndJson(type: DataType, vector: Vector): [string | null, string] {
  return [cellText(type, vector, 0), cellJson(type, vector, 0)];
}

function textVector(text: string): Vector {
  const data = new TextEncoder().encode(text);
  return { layout: 'bytes', length: 1, validity: null, offsets: Int32Array.of(0, data.length), data };
}

const f16: DataType = { kind: 'float', bits: 16 };
const f32: DataType = { kind: 'float', bits: 32 };
const f64: DataType = { kind: 'float', bits: 64 };
const halfOf = (bits: number) => fixed(f16, (view) => view.setUint16(0, bits, true));
const singleOf = (value: number) => fixed(f32, (view) => view.setFloat32(0, value, true));
const doubleOf = (value: number) => fixed(f64, (view) => view.setFloat64(0, value, true));

describe('a float32', () => {
  test.each([
    [0.1, '0.1'],
    [1 / 3, '0.33333334'],
    [16_777_216, '16777216.0'],
    [16_777_217, '16777216.0'],
    [3.4028234663852886e38, '3.4028235e+38'],
    [1.401298464324817e-45, '1e-45'],
    [1.17549435e-38, '1.1754944e-38'],
    [-0, '-0.0'],
    [1, '1.0'],
    [123_456.79, '123456.79'],
    [-2282.297, '-2282.297'],
  ])('%d is %s', (value, text) => {
    expect(textAndJson(f32, singleOf(value))).toEqual([text, text]);
  });

  test('is never longer than nine digits and reads back as the same float', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = cellText(f32, singleOf(value), 0)!;
        expect(Object.is(Math.fround(Number(text)), value)).toBe(true);
        const digits = text.replace(/e.*/, '').replace(/\.0$/, '').replace(/[-.]/g, '').replace(/^0+/, '');
        if (Math.abs(value) < 1e9) expect(digits.length).toBeLessThanOrEqual(9);
      }),
      { numRuns: 5000 },
    );
  });

  test('has no shorter text that reads back as it', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: 1, max: 1000 }), (value) => {
        const digits = cellText(f32, singleOf(value), 0)!
          .replace(/\.0$/, '')
          .replace('.', '')
          .replace(/0+$/, '').length;
        if (digits > 1) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a float16', () => {
  test.each([
    [0x0000, '0.0'],
    [0x8000, '-0.0'],
    [0x3c00, '1.0'],
    [0x2e66, '0.1'],
    [0x7bff, '65500.0'],
    [0x0001, '6e-8'],
    [0xc000, '-2.0'],
  ])('of the bits %i is %s', (bits, text) => {
    expect(cellText(f16, halfOf(bits), 0)).toBe(text);
  });

  test('of any finite bits has a text nearer to it than to its neighbours', () => {
    for (let bits = 0; bits < 0x7c00; bits++) {
      const value = float16(bits);
      const read = Number(cellText(f16, halfOf(bits), 0));
      const gap = Math.min(float16(bits + 1), 65_536) - value;
      expect(Math.abs(read - value), `bits ${bits}`).toBeLessThanOrEqual(gap / 2);
    }
  });
});

describe('a float64', () => {
  test.each([
    [0.1, '0.1'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
    [2 ** 53, '9007199254740992.0'],
    [-0, '-0.0'],
  ])('%d is %s', (value, text) => {
    expect(textAndJson(f64, doubleOf(value))).toEqual([text, text]);
    expect(Object.is(JSON.parse(text), value)).toBe(true);
  });
});

test.each([
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('%d has a text, and is null in JSON', (value, text) => {
  expect(textAndJson(f64, doubleOf(value))).toEqual([text, 'null']);
  expect(textAndJson(f32, singleOf(value))).toEqual([text, 'null']);
});

describe('an integer', () => {
  test.each<[8 | 16 | 32, boolean, number]>([
    [8, true, -128],
    [8, false, 255],
    [16, true, -32_768],
    [16, false, 65_535],
    [32, true, -(2 ** 31)],
    [32, false, 2 ** 32 - 1],
  ])('of %i bits, signed %s: %i', (bits, signed, value) => {
    const type: DataType = { kind: 'int', bits, signed };
    const vector = fixed(type, (view) => {
      if (bits === 8) view.setInt8(0, value);
      else if (bits === 16) view.setInt16(0, value, true);
      else view.setInt32(0, value, true);
    });
    expect(textAndJson(type, vector)).toEqual([String(value), String(value)]);
  });

  test.each([
    [true, -(2n ** 63n)],
    [true, 2n ** 63n - 1n],
    [true, 2n ** 53n + 1n],
    [false, 2n ** 64n - 1n],
    [false, 0n],
  ])('of 64 bits, signed %s, keeps all digits: %i', (signed, value) => {
    const type: DataType = { kind: 'int', bits: 64, signed };
    const vector = fixed(type, (view) => view.setBigUint64(0, BigInt.asUintN(64, value), true));
    expect(textAndJson(type, vector)).toEqual([String(value), String(value)]);
  });
});

describe('a decimal', () => {
  const decimal = (bits: 32 | 64 | 128 | 256, scale: number): DataType => ({
    kind: 'decimal',
    precision: 9,
    scale,
    bits,
  });
  const words = (type: DataType, value: bigint) =>
    fixed(type, (view) => {
      for (let at = 0; at < view.byteLength; at += 4)
        view.setUint32(at, Number(BigInt.asUintN(32, value >> BigInt(at * 8))), true);
    });

  test.each<[32 | 64 | 128 | 256, number, bigint, string]>([
    [32, 2, 12_345n, '123.45'],
    [32, 2, -5n, '-0.05'],
    [64, 0, -(2n ** 63n), '-9223372036854775808'],
    [128, 2, 0n, '0.00'],
    [128, 38, 1n, `0.${'0'.repeat(37)}1`],
    [128, 4, 2n ** 127n - 1n, '17014118346046923173168730371588410.5727'],
    [128, 0, -(2n ** 127n), '-170141183460469231731687303715884105728'],
    [128, -3, 12n, '12000'],
    [256, 10, -(2n ** 255n), `-${String(2n ** 255n).slice(0, -10)}.${String(2n ** 255n).slice(-10)}`],
  ])('of %i bits at scale %i: %i is %s, and a string in JSON', (bits, scale, value, text) => {
    const type = decimal(bits, scale);
    expect(textAndJson(type, words(type, value))).toEqual([text, `"${text}"`]);
  });

  test('of any value is its digits with a point', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 127n), 2n ** 127n - 1n), fc.nat(38), (value, scale) => {
        const type = decimal(128, scale);
        const text = cellText(type, words(type, value), 0)!;
        expect(BigInt(text.replace('.', ''))).toBe(value);
        expect(text.split('.')[1]?.length ?? 0).toBe(scale);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('text and bytes', () => {
  test.each(['', 'a', 'é漢😀', 'a"b\\c\n\t\0', '\u2028', '\ufeffmark', 'x'.repeat(1000), 'é'.repeat(30)])(
    'the text %j is itself, and JSON of itself',
    (text) => {
      const [shown, json] = textAndJson({ kind: 'utf8' }, textVector(text));
      expect(shown).toBe(text);
      expect(JSON.parse(json)).toBe(text);
    },
  );

  test('bytes are base64 of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
        const vector: Vector = {
          layout: 'bytes',
          length: 1,
          validity: null,
          offsets: Int32Array.of(0, data.length),
          data,
        };
        const text = Buffer.from(data).toString('base64');
        expect(textAndJson({ kind: 'binary' }, vector)).toEqual([text, `"${text}"`]);
      }),
    );
  });

  test('text that is no UTF-8 is shown with replacement characters, and its JSON is JSON', () => {
    const data = Uint8Array.of(0x61, 0xff, 0x62);
    const vector: Vector = {
      layout: 'bytes',
      length: 1,
      validity: null,
      offsets: Int32Array.of(0, 3),
      data,
    };
    expect(textAndJson({ kind: 'utf8' }, vector)).toEqual(['a\ufffdb', '"a\ufffdb"']);
  });
});

describe('an interval', () => {
  test('keeps all digits of its nanoseconds', () => {
    const type: DataType = { kind: 'interval', unit: 'month_day_nano' };
    const vector = fixed(type, (view) => {
      view.setInt32(0, -1, true);
      view.setInt32(4, 2, true);
      view.setBigInt64(8, -(2n ** 63n), true);
    });
    const json = '{"months":-1,"days":2,"nanoseconds":-9223372036854775808}';
    expect(textAndJson(type, vector)).toEqual([json, json]);
  });
});

test('a missing value has no text and is null in JSON, in every layout', () => {
  const validity = Uint8Array.of(0);
  const item = { name: 'item', type: f64, nullable: true, metadata: new Map<string, string>() };
  const none: readonly [DataType, Vector | undefined][] = [
    [{ kind: 'null' }, { layout: 'null', length: 1 }],
    [f64, undefined],
    [f64, { ...doubleOf(1), validity } as Vector],
    [{ kind: 'utf8' }, { ...textVector('x'), validity } as Vector],
    [{ kind: 'bool' }, { layout: 'bool', length: 1, validity, bits: Uint8Array.of(1) }],
    [
      { kind: 'list', child: item },
      { layout: 'list', length: 1, validity, offsets: Int32Array.of(0, 1), child: doubleOf(1) },
    ],
    [
      { kind: 'fixed_size_list', child: item, size: 1 },
      { layout: 'fixed_list', length: 1, validity, size: 1, child: doubleOf(1) },
    ],
    [
      { kind: 'struct', children: [item] },
      { layout: 'struct', length: 1, validity, children: [doubleOf(1)] },
    ],
  ];
  for (const [type, vector] of none) {
    expect(cellText(type, vector, 0)).toBeNull();
    expect(cellJson(type, vector, 0)).toBe('null');
  }
});
