import type { ChartThemeName } from './chart-parameters.ts';

/** A chart is painted, so it cannot read the stylesheet: these follow the page's `styles/tokens.css`. */
export interface ChartTheme {
  /** After Okabe and Ito, told apart by colour-blind eyes too; lines beyond them are dashed. */
  readonly colors: readonly string[];
  readonly text: string;
  readonly hairline: string;
  readonly surface: string;
  /** What is switched off, and handles. */
  readonly inactive: string;
  readonly up: string;
  readonly down: string;
  /** From few to much. */
  readonly ramp: readonly string[];
}

/** Which colour rises: the cool one or the warm one. The other one falls. */
export type RisingColour = 'cool' | 'warm';

export function chartTheme(name: ChartThemeName, rising: RisingColour): ChartTheme {
  const theme = CHART_THEMES[name];
  return rising === 'cool' ? theme : { ...theme, up: theme.down, down: theme.up };
}

export const CHART_THEMES: Readonly<Record<ChartThemeName, ChartTheme>> = {
  light: {
    colors: ['#0b69b7', '#cc5a00', '#00875f', '#b5578f', '#8a6d00', '#3b9ad6', '#6b54b8', '#5b6673'],
    text: '#5a6472',
    hairline: '#e6e9ee',
    surface: '#ffffff',
    inactive: '#b4bcc7',
    up: '#0b69b7',
    down: '#cc5a00',
    ramp: ['#eef4fa', '#9cc7ea', '#3b9ad6', '#0b69b7', '#083a66'],
  },
  dark: {
    colors: ['#58aaee', '#f2934a', '#35c39a', '#e59bc9', '#d9bb52', '#9bd3f7', '#b09df5', '#a4b0be'],
    text: '#98a3b0',
    hairline: '#262c34',
    surface: '#14181d',
    inactive: '#4b5560',
    up: '#58aaee',
    down: '#f2934a',
    ramp: ['#1b222b', '#1d4468', '#2a74b0', '#58aaee', '#c5e4fb'],
  },
};
