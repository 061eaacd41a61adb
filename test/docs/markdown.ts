import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/prepare/project.mjs';

export interface CodeBlock {
  /** What stands after the opening fence: the language, and for what the block is an example. */
  readonly info: string;
  readonly text: string;
}

/** `path` is relative to the project. */
export function readDocument(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({
    info,
    text,
  }));
}

export function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```.*\n[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** From a heading to the next of its level or above. */
export function section(markdown: string, heading: string): string {
  const level = heading.split(' ')[0]!.length;
  const start = markdown.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`There is no heading "${heading}"`);
  const rest = markdown.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The cells of the rows of the first table that has this header. */
export function tableRows(markdown: string, header: readonly string[]): string[][] {
  const lines = markdown.split('\n');
  const first = lines.indexOf(`| ${header.join(' | ')} |`);
  if (first < 0) throw new Error(`There is no table with the header ${header.join(', ')}`);
  const body = lines.slice(first + 2);
  const end = body.findIndex((line) => !line.startsWith('|'));
  return body.slice(0, end < 0 ? undefined : end).map((line) =>
    line
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

/** Anchors of headings as GitHub makes them. */
export function anchors(markdown: string): string[] {
  return [...withoutCodeBlocks(markdown).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCodeBlocks(markdown: string): string {
  return markdown.replaceAll(/^```.*\n[\s\S]*?^```$/gm, '');
}
