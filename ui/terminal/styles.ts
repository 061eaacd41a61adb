import type { Trend } from './cell-trends.ts';

/** SGR sequences (ECMA-48, 8.3.117); all of them empty where colours are not wanted. */
export interface Styles {
  readonly strong: string;
  readonly dim: string;
  readonly reverse: string;
  readonly end: string;
  readonly trend: Readonly<Record<Trend, string>>;
}

const NONE: Styles = { strong: '', dim: '', reverse: '', end: '', trend: { up: '', down: '', other: '' } };
const COLOURS: Styles = {
  strong: '\x1b[1m',
  dim: '\x1b[2m',
  reverse: '\x1b[7m',
  end: '\x1b[0m',
  trend: { up: '\x1b[32m', down: '\x1b[31m', other: '\x1b[36m' },
};

/** https://no-color.org */
export function stylesFor(env: Readonly<Record<string, string | undefined>>): Styles {
  const isPlain = (env.NO_COLOR !== undefined && env.NO_COLOR !== '') || env.TERM === 'dumb';
  return isPlain ? NONE : COLOURS;
}
