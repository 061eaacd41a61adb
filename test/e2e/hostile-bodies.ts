import { columnsToArrow } from './hostile-arrow.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

export const ARROW = 'application/vnd.apache.arrow.stream';

/** Two tables as one type of body: the texts as values, beside their numbers, and as the names of columns. */
export interface HostileBodies {
  readonly type: string;
  readonly values: Uint8Array | string;
  readonly names: Uint8Array | string;
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
// By hand: an object would keep neither the order of names nor `__proto__`.
const record = (cells: readonly (readonly [string, string | number])[]) =>
  `{${cells.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
const numbers = HOSTILE_TEXTS.map((_, n) => n);
const rows = HOSTILE_TEXTS.map((text, n) =>
  record([
    ['text', text],
    ['n', n],
  ]),
);
const wideRow = record(HOSTILE_TEXTS.map((text, n) => [text, n]));

export const HOSTILE_BODIES: Readonly<Record<'arrow' | 'json' | 'ndjson' | 'csv', HostileBodies>> = {
  arrow: {
    type: ARROW,
    values: columnsToArrow([
      { name: 'text', values: HOSTILE_TEXTS },
      { name: 'n', values: numbers },
    ]),
    names: columnsToArrow(HOSTILE_TEXTS.map((name, n) => ({ name, values: [n] }))),
  },
  json: { type: 'application/json', values: `[${rows.join(',')}]`, names: `[${wideRow}]` },
  ndjson: { type: 'application/x-ndjson', values: rows.join('\n'), names: wideRow },
  csv: {
    type: 'text/csv',
    values: `text,n\n${HOSTILE_TEXTS.map((text, n) => `${quoted(text)},${n}\n`).join('')}`,
    names: `${HOSTILE_TEXTS.map(quoted).join(',')}\n${numbers.join(',')}\n`,
  },
};
