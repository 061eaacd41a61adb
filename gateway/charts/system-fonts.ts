import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type HasGlyph, readFontCoverage } from './font-coverage.ts';

export interface SystemFont {
  readonly path: string;
  readonly hasGlyph: HasGlyph;
}

const MAX_FILES = 5000;
const MAX_DEPTH = 6;

/** Where this system keeps fonts. */
export function fontDirectories(
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): readonly string[] {
  switch (platform) {
    case 'win32':
      return [join(process.env.WINDIR ?? 'C:\\Windows', 'Fonts')];
    case 'darwin':
      return ['/System/Library/Fonts', '/Library/Fonts', join(home, 'Library/Fonts')];
    default:
      return [
        '/usr/share/fonts',
        '/usr/local/share/fonts',
        join(home, '.fonts'),
        join(home, '.local/share/fonts'),
      ];
  }
}

/**
 * Fonts of the system for what the shipped one lacks. Files are looked at only as far as needed, each once.
 */
export class SystemFonts {
  readonly #directories: readonly string[];
  #unread: string[] | null = null;
  readonly #read: SystemFont[] = [];

  constructor(options: { readonly directories: readonly string[] }) {
    this.#directories = options.directories;
  }

  /** Files that have these characters, and the characters that none has. */
  find(codePoints: Iterable<number>): {
    readonly files: readonly string[];
    readonly missing: readonly number[];
  } {
    const files = new Set<string>();
    const missing: number[] = [];
    for (const codePoint of codePoints) {
      const font = this.#fontFor(codePoint);
      if (font === null) missing.push(codePoint);
      else files.add(font.path);
    }
    return { files: [...files], missing };
  }

  #fontFor(codePoint: number): SystemFont | null {
    const known = this.#read.find(({ hasGlyph }) => hasGlyph(codePoint));
    if (known !== undefined) return known;
    this.#unread ??= this.#directories
      .flatMap((directory) => fontFiles(directory, MAX_DEPTH))
      .slice(0, MAX_FILES);
    for (let path = this.#unread.shift(); path !== undefined; path = this.#unread.shift()) {
      const hasGlyph = readFontCoverage(path);
      if (hasGlyph === null) continue;
      const font = { path, hasGlyph };
      this.#read.push(font);
      if (hasGlyph(codePoint)) return font;
    }
    return null;
  }
}

function fontFiles(directory: string, depth: number): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return depth === 0 ? [] : fontFiles(path, depth - 1);
      return /\.(ttf|otf|ttc|otc)$/i.test(entry.name) ? [path] : [];
    });
  } catch {
    return [];
  }
}
