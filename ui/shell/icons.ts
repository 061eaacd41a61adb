import { html, svg, type TemplateResult } from 'lit';
import type { ThemeChoice } from './theme.ts';

const SHAPES: Readonly<Record<ThemeChoice, TemplateResult>> = {
  auto: svg`<circle cx="8" cy="8" r="5.5" /><path class="solid" d="M8 2.5a5.5 5.5 0 0 1 0 11z" />`,
  light: svg`<circle cx="8" cy="8" r="3" /><path d="M8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1" />`,
  dark: svg`<path d="M13 9.8A5.6 5.6 0 0 1 6.2 3 5.6 5.6 0 1 0 13 9.8z" />`,
};

export function languageIcon(): TemplateResult {
  const ideograph = 'M1.5 4h8M5.5 2v2M8 4C7.2 7.2 5 9.8 1.8 11M3.2 5.6C4.1 8 6.2 10 9 11';
  const letter = 'M11 14 14.5 5.5 18 14M12.2 11.2h4.6';
  return html`<svg class="is-wide" viewBox="0 0 20 16" aria-hidden="true"><path d=${ideograph} /><path d=${letter} /></svg>`;
}

export function themeIcon(choice: ThemeChoice): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true">${SHAPES[choice]}</svg>`;
}
