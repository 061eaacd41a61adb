import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export interface Import {
  /** As it stands in the source: a path or a package. */
  readonly specifier: string;
  /** The project's file that it names, relative to the project; null for packages. */
  readonly file: string | null;
  /** Whether nothing of it is left when types are gone. */
  readonly isTypeOnly: boolean;
}

export interface Module {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  readonly imports: readonly Import[];
}

const SOURCE = /\.(?:ts|mjs|js)$/;
/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`; a clause holds neither quotes nor semicolons. */
const STATIC = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;

/** The modules of these folders, those that are there, in the order of their paths; installed packages are left out. */
export function readModules(root: string, folders: readonly string[]): Module[] {
  const paths = folders.filter((folder) => existsSync(join(root, folder))).flatMap((it) => sources(root, it));
  return paths.sort().map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return {
      path,
      text,
      lineCount: text.trimEnd().split('\n').length,
      imports: importsOf(root, path, text),
    };
  });
}

function sources(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sources(root, path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}

function importsOf(root: string, path: string, text: string): Import[] {
  const named = [
    ...[...text.matchAll(STATIC)].map(([, type, specifier = '']) => ({
      specifier,
      isTypeOnly: type !== undefined,
    })),
    ...[...text.matchAll(DYNAMIC)].map(([, specifier = '']) => ({ specifier, isTypeOnly: false })),
  ];
  return named.map(({ specifier, isTypeOnly }) => {
    const isFile = specifier.startsWith('.');
    const file = isFile
      ? relative(root, join(root, dirname(path), specifier))
          .split(sep)
          .join('/')
      : null;
    return { specifier, file, isTypeOnly };
  });
}

/** Each cycle once, as the paths along it; types count as much as values. */
export function importCycles(modules: readonly Module[]): string[][] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const finished = new Set<string>();
  const trail: string[] = [];
  const cycles: string[][] = [];
  const visit = (path: string): void => {
    const at = trail.indexOf(path);
    if (at >= 0) return void cycles.push([...trail.slice(at), path]);
    if (finished.has(path)) return;
    trail.push(path);
    const files = new Set((byPath.get(path)?.imports ?? []).map(({ file }) => file));
    for (const file of files) if (file !== null) visit(file);
    trail.pop();
    finished.add(path);
  };
  for (const { path } of modules) visit(path);
  return cycles;
}
