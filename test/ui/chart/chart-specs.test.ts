import { signal } from '@preact/signals-core';
import { describe, expect, it } from 'vitest';
import { createChartSpecs } from '../../../ui/chart/chart-specs.ts';

/** What a page has of address and storage. */
function surroundings(path: string, stored: string | null = null, isFull = false) {
  const location = { href: `http://h/${path}` } as Location;
  const kept = new Map(stored === null ? [] : [['tablecast.charts', stored]]);
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (isFull) throw new Error('full');
      kept.set(key, value);
    },
  } as unknown as Storage;
  let replaced = 0;
  const history = {
    replaceState(_: unknown, _title: string, url: URL) {
      replaced++;
      location.href = url.href;
    },
  } as unknown as History;
  return { location, history, storage, kept, replaced: () => replaced };
}

const line = '{"type":"line"}';
const address = (location: Location) => new URL(location.href).searchParams.get('chart');

describe('the charts that a viewer shaped', () => {
  it('come with the address, for the table that is opened', () => {
    const page = surroundings(`?chart=${encodeURIComponent(line)}`);
    const selected = signal<string | null>(null);
    const specs = createChartSpecs({ ...page, selected });
    expect(specs.get('cpu')).toBeNull();
    selected.value = 'cpu';
    expect(specs.get('cpu')).toBe(line);
    specs.close();
  });

  it('stand in the address of their table alone', () => {
    const page = surroundings('?table=cpu&embed=1');
    const selected = signal<string | null>('cpu');
    const specs = createChartSpecs({ ...page, selected });
    expect(page.replaced()).toBe(0);
    specs.set('cpu', line);
    expect(page.location.href).toBe(`http://h/?table=cpu&embed=1&chart=${encodeURIComponent(line)}`);
    selected.value = 'disks';
    expect(address(page.location)).toBeNull();
    selected.value = 'cpu';
    expect(address(page.location)).toBe(line);
    specs.set('cpu', null);
    expect(address(page.location)).toBeNull();
    specs.close();
  });

  it('are remembered, the last ones longest, and give way to the address', () => {
    const stored = JSON.stringify([
      ['cpu', '{"type":"bar"}'],
      ['disks', '{"type":"pie"}'],
    ]);
    const page = surroundings(`?table=cpu&chart=${encodeURIComponent(line)}`, stored);
    const specs = createChartSpecs({ ...page, selected: signal('cpu') });
    expect([specs.get('cpu'), specs.get('disks')]).toEqual([line, '{"type":"pie"}']);
    for (let i = 0; i < 60; i++) specs.set(`t${i}`, line);
    const kept = JSON.parse(page.kept.get('tablecast.charts')!);
    expect(kept).toHaveLength(50);
    expect(kept[0]).toEqual(['t59', line]);
    specs.close();
  });

  it.each([
    ['no JSON', '{'],
    ['no list', '{"cpu":1}'],
    ['other things', '[1,["cpu",5],["cpu"],null,["cpu",""]]'],
    ['too long ones', JSON.stringify([['cpu', 'x'.repeat(20_001)]])],
  ])('are none where what is stored is %s', (_, stored) => {
    const page = surroundings('?table=cpu', stored);
    const specs = createChartSpecs({ ...page, selected: signal('cpu') });
    expect(specs.get('cpu')).toBeNull();
    specs.close();
  });

  it('last as long as the page where nothing can be stored', () => {
    const full = surroundings('?table=__proto__', null, true);
    const specs = createChartSpecs({ ...full, selected: signal('__proto__') });
    specs.set('__proto__', line);
    expect([specs.get('__proto__'), address(full.location)]).toEqual([line, line]);
    specs.close();
    const forbidden = createChartSpecs({ ...full, storage: null, selected: signal('a') });
    forbidden.set('a', line);
    expect(forbidden.get('a')).toBe(line);
    forbidden.close();
  });
});
