import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import type { DrawnPicture } from './chart-drawer.ts';
import { type HasGlyph, readFontCoverage } from './font-coverage.ts';
import { fontDirectories, SystemFonts } from './system-fonts.ts';

const FONT_FILE = fileURLToPath(new URL('./fonts/DejaVuSans.ttf', import.meta.url));
const FONT_FAMILY = 'DejaVu Sans';
const MAX_MISSING = 100;

interface Fonts {
  readonly shipped: HasGlyph;
  readonly system: SystemFonts;
}

/** An SVG as PNG, its texts in the shipped font, and what that lacks in the system's. Fonts are read at the first one. */
export function createPngDrawing(): (svg: string) => DrawnPicture {
  let fonts: Fonts | null = null;
  return (svg) => {
    fonts ??= {
      shipped: readFontCoverage(FONT_FILE) ?? (() => false),
      system: new SystemFonts({ directories: fontDirectories() }),
    };
    return drawPng(svg, fonts);
  };
}

function drawPng(svg: string, { shipped, system }: Fonts): DrawnPicture {
  const { files, missing } = system.find(charactersOf(svg).filter((codePoint) => !shipped(codePoint)));
  const image = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: [FONT_FILE, ...files],
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
    },
  }).render();
  return {
    bytes: new Uint8Array(image.asPng()),
    missingGlyphs: missing.slice(0, MAX_MISSING).map((codePoint) => String.fromCodePoint(codePoint)),
  };
}

/** The characters of an SVG's texts, each once; what is no letter or sign needs no glyph. */
function charactersOf(svg: string): number[] {
  const characters = new Set<number>();
  for (const [, text = ''] of svg.matchAll(/<(?:text|tspan)[^>]*>([^<]*)/g)) {
    for (const character of text) {
      if (!/[\s\p{Cc}\p{Cf}\p{M}]/u.test(character)) characters.add(character.codePointAt(0)!);
    }
  }
  return [...characters];
}
