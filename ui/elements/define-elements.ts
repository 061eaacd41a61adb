import type { ElementWorld } from './element-world.ts';
import { createElementClass } from './tablecast-element.ts';

/** Makes `<tablecast-table>` and `<tablecast-chart>` known to the browser, unless another script of ours has. */
export function defineElements(registry: CustomElementRegistry, world: ElementWorld): void {
  const table = createElementClass(
    {
      className: 'is-table',
      attributes: ['columns', 'sort', 'search', 'follow', 'tools'],
      load: async () => (await import('./grid-element-view.ts')).gridElementView,
    },
    world,
  );
  const chart = createElementClass(
    {
      className: 'is-chart',
      attributes: ['type', 'x', 'y', 'series'],
      load: async () => (await import('./chart-element-view.ts')).chartElementView,
    },
    world,
  );
  for (const [name, element] of [
    ['tablecast-table', table],
    ['tablecast-chart', chart],
  ] as const)
    if (registry.get(name) === undefined) registry.define(name, element);
}
