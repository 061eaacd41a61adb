import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromValues } from '../../protocol/arrow/from-values.ts';
import { type InProcessGateway, startInProcess } from './in-process-gateway.ts';

const ARROW = fromValues([{ n: 1 }]);

let gateway: InProcessGateway;
beforeEach(async () => {
  gateway = await startInProcess();
});
afterEach(() => gateway.close());

/** The codes of what was rejected, newest first. */
async function rejections(): Promise<string[]> {
  const { json } = await gateway.request('rejections');
  return (json as { rejections: { code: string }[] }).rejections.map(({ code }) => code);
}

describe('messages', () => {
  test('P1: a message of one frame or of four is rejected', async () => {
    gateway.send('t');
    gateway.send('t', '{}', '{}', ARROW);
    expect(await rejections()).toEqual(['bad_frames', 'bad_frames']);
  });

  test.each(['', ' ', 'a b', 'a/b', 'a\nb', '$t', 't.arrow', 't.json', 't.csv', '.', '..', 'x'.repeat(129)])(
    'P2: %j is no name of a table',
    async (name) => {
      gateway.send(name, ARROW);
      expect(await rejections()).toEqual(['bad_name']);
    },
  );

  test.each(['a', 'ä-1_.x', 'स्थिति', '価格', 'x'.repeat(128)])(
    'P2: %j is a name of a table',
    async (name) => {
      gateway.send(name, ARROW);
      expect(await gateway.rows(name)).toEqual([{ n: 1 }]);
    },
  );

  test('P3: two frames are the whole table, or rows by key where the table has one', async () => {
    gateway.publish('plain', [{ n: 1 }, { n: 2 }]);
    gateway.publish('plain', [{ n: 3 }]);
    gateway.publish('keyed', [{ n: 1 }], { key: 'n' });
    gateway.publish('keyed', [{ n: 2 }]);
    expect(await gateway.rows('plain')).toEqual([{ n: 3 }]);
    expect(await gateway.rows('keyed')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('P4, P5: a rejected publication touches nothing, and is told by /rejections and the table', async () => {
    gateway.publish('t', [{ n: 1 }]);
    gateway.publish('t', [{ m: 'new', n: 'text' }], { op: 'append' });
    gateway.publish('t', [{ n: 2 }], { op: 'append' });
    expect(await gateway.rows('t')).toEqual([{ n: 1 }, { n: 2 }]);
    const rejected = { code: 'type_mismatch', detail: expect.stringContaining('"n"') };
    const listed = { ...rejected, source: 'pull', table: 't' };
    expect((await gateway.request('rejections')).json).toMatchObject({ count: 1, rejections: [listed] });
    expect((await gateway.request('tables/t')).json).toMatchObject({ last_error: rejected });
  });

  test('P5: the last hundred rejections are listed, newest first', async () => {
    for (let i = 0; i < 105; i++) gateway.send(`t${i}`, 'no arrow');
    const { json } = await gateway.request('rejections');
    const { count, rejections: list } = json as { count: number; rejections: { table: string }[] };
    expect([count, list.length, list[0]?.table]).toEqual([105, 100, 't104']);
  });

  test('P6: a heartbeat is taken and makes no table', async () => {
    gateway.send('$heartbeat', '{"run":"r","tables":{"t":1}}');
    expect(await rejections()).toEqual([]);
    expect((await gateway.request('tables')).json).toMatchObject({ tables: [] });
  });

  test.each(['', '{', '[]', '{"run":"r"}', '{"run":"","tables":{}}', '{"run":"r","tables":{"t":-1}}'])(
    'P6: %j is no heartbeat',
    async (text) => {
      gateway.send('$heartbeat', text);
      expect(await rejections()).toEqual(['bad_header']);
    },
  );

  test('P6: a heartbeat names tables as publications do', async () => {
    gateway.send('$heartbeat', '{"run":"r","tables":{"$t":1}}');
    expect(await rejections()).toEqual(['bad_name']);
  });
});

describe('operations', () => {
  test('P8: unknown fields and an empty header frame are taken', async () => {
    gateway.publish('t', [{ n: 1 }], { colour: 'red' });
    gateway.send('u', '', ARROW);
    expect(await gateway.rows('t')).toEqual(await gateway.rows('u'));
  });

  test.each([
    ['{', 'bad_header'],
    ['[]', 'bad_header'],
    ['{"key":1}', 'bad_header'],
    ['{"commit":"later"}', 'bad_header'],
    ['{"op":"merge"}', 'unknown_op'],
  ])('P8: the header %s is rejected as %s', async (header, code) => {
    gateway.send('t', header, ARROW);
    expect(await rejections()).toEqual([code]);
  });

  test('P9: replace changes columns, and keeps the key unless it brings another', async () => {
    gateway.publish('t', [{ n: 1 }], { key: 'n' });
    gateway.publish('t', [{ n: 2, m: 'x' }], { op: 'replace' });
    expect((await gateway.request('tables/t')).json).toMatchObject({ key: ['n'], rows: 1 });
    gateway.publish('t', [{ m: 'y' }], { op: 'replace', key: ['m'] });
    expect((await gateway.request('tables/t')).json).toMatchObject({ key: ['m'], rows: 1 });
  });

  test('P10: append adds at the end, and writes by key where there is a key', async () => {
    gateway.publish('t', [{ n: 1 }], { op: 'append' });
    gateway.publish('t', [{ n: 1 }], { op: 'append' });
    gateway.publish('k', [{ n: 1 }], { op: 'append', key: 'n' });
    gateway.publish('k', [{ n: 1 }], { op: 'append' });
    expect(await gateway.rows('t')).toHaveLength(2);
    expect(await gateway.rows('k')).toHaveLength(1);
  });

  test('P11: upsert keeps what it does not bring, and the last row of a key wins', async () => {
    gateway.publish('t', [{ k: 'a', n: 1, m: 1 }], { key: 'k' });
    gateway.publish('t', [
      { k: 'a', n: 2 },
      { k: 'b', n: 3 },
      { k: 'b', n: 4 },
    ]);
    expect(await gateway.rows('t')).toEqual([
      { k: 'a', n: 2, m: 1 },
      { k: 'b', n: 4, m: null },
    ]);
  });

  test('P12: delete needs only keys, and what is not there is no fault', async () => {
    gateway.publish(
      't',
      [
        { k: 'a', n: 1 },
        { k: 'b', n: 2 },
      ],
      { key: 'k' },
    );
    gateway.publish('t', [{ k: 'a' }, { k: 'z' }], { op: 'delete' });
    expect(await gateway.rows('t')).toEqual([{ k: 'b', n: 2 }]);
    expect(await rejections()).toEqual([]);
  });

  test('P13: a key is there, its columns too, of plain types, and it stays the same', async () => {
    gateway.publish('t', [{ n: 1 }], { op: 'upsert' });
    gateway.publish('t', [{ n: 1 }], { op: 'upsert', key: 'm' });
    gateway.publish('t', [{ n: [1] }], { op: 'upsert', key: 'n' });
    gateway.publish('t', [{ n: 1, m: 1 }], { key: 'n' });
    gateway.publish('t', [{ n: 1, m: 1 }], { key: 'm' });
    expect(await rejections()).toEqual(['key_mismatch', 'key_type', 'missing_key_column', 'missing_key']);
  });

  test('P13: null, zero and NaN are one key each', async () => {
    const keys = [null, null, 0, -0, Number.NaN, Number.NaN];
    gateway.publish(
      't',
      keys.map((k) => ({ k })),
      { key: 'k' },
      { k: 'float64' },
    );
    expect(await gateway.rows('t')).toHaveLength(3);
  });

  test('P14: columns meet by name, and new ones are null in older rows', async () => {
    gateway.publish('t', [{ a: 1, b: 'x' }]);
    gateway.publish('t', [{ c: true, a: 2 }], { op: 'append' });
    expect(await gateway.rows('t')).toEqual([
      { a: 1, b: 'x', c: null },
      { a: 2, b: null, c: true },
    ]);
  });

  test('P15: a key keeps its place until it is deleted', async () => {
    gateway.publish('t', [{ k: 'a' }, { k: 'b' }, { k: 'c' }], { key: 'k' });
    gateway.publish('t', [{ k: 'b' }, { k: 'a' }]);
    gateway.publish('t', [{ k: 'a' }], { op: 'delete' });
    gateway.publish('t', [{ k: 'a' }]);
    expect(await gateway.rows('t')).toEqual([{ k: 'b' }, { k: 'c' }, { k: 'a' }]);
  });

  test('P16: retention takes what was written longest ago, until null ends it', async () => {
    gateway.publish('q', [{ n: 1 }, { n: 2 }, { n: 3 }], { op: 'append', retention: { max_rows: 2 } });
    gateway.publish('k', [{ k: 'a' }, { k: 'b' }], { key: 'k', retention: { max_rows: 2 } });
    gateway.publish('k', [{ k: 'a' }]);
    gateway.publish('k', [{ k: 'c' }]);
    expect(await gateway.rows('q')).toEqual([{ n: 2 }, { n: 3 }]);
    expect(await gateway.rows('k')).toEqual([{ k: 'a' }, { k: 'c' }]);
    gateway.publish('q', [{ n: 4 }], { op: 'append', retention: null });
    expect(await gateway.rows('q')).toHaveLength(3);
  });
});
