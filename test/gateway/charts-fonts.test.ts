import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFontCoverage } from '../../gateway/charts/font-coverage.ts';
import { fontDirectories, SystemFonts } from '../../gateway/charts/system-fonts.ts';
import { projectRoot } from '../../scripts/prepare/project.mjs';

const shipped = join(projectRoot, 'gateway/charts/fonts/DejaVuSans.ttf');
const code = (character: string) => character.codePointAt(0)!;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tablecast-fonts-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('a font’s characters', () => {
  it('are those of its cmap', () => {
    const hasGlyph = readFontCoverage(shipped)!;
    for (const character of ['A', 'é', 'Ω', 'Ж', '€', '𝔸'])
      expect([character, hasGlyph(code(character))]).toEqual([character, true]);
    for (const character of ['東', '한', '\u{10fffd}'])
      expect([character, hasGlyph(code(character))]).toEqual([character, false]);
  });

  it('are the same in a collection', () => {
    const font = readFileSync(shipped);
    const head = Buffer.alloc(16);
    head.write('ttcf');
    head.writeUInt32BE(0x10000, 4);
    head.writeUInt32BE(1, 8);
    head.writeUInt32BE(16, 12);
    // Offsets of tables count from the file's first byte.
    const moved = Buffer.from(font);
    for (let i = 0; i < moved.readUInt16BE(4); i++) {
      const at = 12 + i * 16 + 8;
      moved.writeUInt32BE(moved.readUInt32BE(at) + 16, at);
    }
    const path = join(directory, 'one.ttc');
    writeFileSync(path, Buffer.concat([head, moved]));
    expect(readFontCoverage(path)!(code('Ω'))).toBe(true);
  });

  it('are none where the file is no font, whatever it holds', () => {
    const path = join(directory, 'bad.ttf');
    const font = readFileSync(shipped);
    const bad = [Buffer.alloc(0), Buffer.from('text'), Buffer.alloc(300, 0xff), font.subarray(0, 400)];
    for (const bytes of bad) {
      writeFileSync(path, bytes);
      expect(readFontCoverage(path)?.(code('A')) ?? false).toBe(false);
    }
    expect(readFontCoverage(join(directory, 'nowhere.ttf'))).toBeNull();
  });
});

describe('the system’s fonts', () => {
  it('are asked for what is lacking, below any of their folders', () => {
    const folder = join(directory, 'fonts/deep');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.ttf'), 'no font');
    copyFileSync(shipped, join(folder, 'b.ttf'));
    const fonts = new SystemFonts({ directories: [join(directory, 'nowhere'), join(directory, 'fonts')] });
    expect(fonts.find(['Ж', '東', 'Ω'].map(code))).toEqual({
      files: [join(folder, 'b.ttf')],
      missing: [code('東')],
    });
    expect(fonts.find([])).toEqual({ files: [], missing: [] });
  });

  it.each(['linux', 'darwin', 'win32'] as const)('have folders on %s', (platform) => {
    expect(fontDirectories(platform, '/home/a').length).toBeGreaterThan(0);
  });
});
