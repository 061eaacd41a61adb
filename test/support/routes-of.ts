/** Fastify prints routes as a tree: four columns a level, each line with what it adds to the path above. */
export function routesOf(tree: string): { method: string; path: string }[] {
  const above: string[] = [];
  return [...tree.matchAll(/^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/gm)].flatMap(
    ([, indent = '', part = '', methods = '']) => {
      const depth = indent.length / 4;
      above.splice(depth, above.length, part);
      const path = above.join('').replace(':name', 'NAME');
      return methods === '' ? [] : methods.split(', ').map((method) => ({ method, path }));
    },
  );
}
