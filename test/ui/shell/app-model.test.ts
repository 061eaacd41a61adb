import { describe, expect, it } from 'vitest';
import { createChartSpecs } from '../../../ui/chart/chart-specs.ts';
import { createSelection } from '../../../ui/shell/app-model.ts';

/** A page's address, which reloading begins anew with. */
function addressOf(path: string) {
  const location = { href: `http://h/${path}` } as Location;
  const history = {
    replaceState(_: unknown, _title: string, url: URL) {
      location.href = url.href;
    },
  } as unknown as History;
  function load() {
    const selection = createSelection(location, history);
    const specs = createChartSpecs({ location, history, storage: null, selected: selection.selected });
    return { selection, specs };
  }
  return { location, load };
}

const line = '{"type":"line"}';

describe('what is open', () => {
  it('stands in the address, a table or a dashboard', () => {
    const { location, load } = addressOf('?table=a&embed=1#x');
    const { selection } = load();
    selection.openDashboard('d');
    expect(location.href).toBe('http://h/?embed=1&dashboard=d');
    selection.select('b');
    expect(location.href).toBe('http://h/?embed=1&table=b');
  });

  it('leaves a table’s chart to that table, also when a dashboard was open in between', () => {
    const { location, load } = addressOf(`?table=a&chart=${encodeURIComponent(line)}`);
    const before = load();
    before.selection.openDashboard('d');
    expect(location.href).toBe('http://h/?dashboard=d');
    expect(before.specs.get('a')).toBe(line);
    before.specs.close();
    const { selection, specs } = load();
    selection.select('b');
    expect([specs.get('b'), location.href]).toEqual([null, 'http://h/?table=b']);
    specs.close();
  });
});
