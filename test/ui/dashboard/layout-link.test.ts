import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Dashboard } from '../../../protocol/dashboard/dashboard.ts';
import { layoutFragment, layoutOfFragment } from '../../../ui/dashboard/layout-link.ts';

const dashboard: Dashboard = {
  title: 'Übersicht <b>',
  panels: Array.from({ length: 20 }, (_, i) => ({
    id: `p${i}`,
    type: 'chart',
    table: 'prices',
    x: 0,
    y: 8 * i,
    width: 6,
    height: 8,
    chart: { type: 'line', y: ['price'] },
  })),
};
const packed = (text: string) => `#layout=${deflateRawSync(text).toString('base64url')}`;

describe('an address', () => {
  test('holds a whole dashboard, in few letters', async () => {
    const fragment = await layoutFragment(dashboard);
    expect(fragment).toMatch(/^#layout=[\w-]+$/);
    expect(fragment.length).toBeLessThan(500);
    expect(await layoutOfFragment(fragment)).toEqual(dashboard);
  });

  test.each(['', '#', '#other=1'])('may hold none: %j', async (fragment) => {
    expect(await layoutOfFragment(fragment)).toBeNull();
  });

  test.each([
    ['bad_body', '#layout='],
    ['bad_body', '#layout=%F0'],
    ['bad_body', '#layout=AAAA'],
    ['bad_body', packed('{"panels":').slice(0, -4)],
    ['bad_body', packed('{"panels":')],
    ['bad_dashboard', packed('{"panels":[{"id":"a","type":"html"}]}')],
    ['bad_dashboard', packed('[]')],
    ['too_large', packed(' '.repeat(100_000_000))],
  ])('that was cut, changed or swollen is refused with %s', async (code, fragment) => {
    await expect(layoutOfFragment(fragment)).rejects.toMatchObject({ code });
  });
});
