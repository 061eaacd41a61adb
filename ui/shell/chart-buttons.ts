import { html, nothing, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';

/** What works on the chosen table's chart, where there is one. */
export function chartButtons({ texts, shownChart }: AppModel): TemplateResult | typeof nothing {
  const chart = shownChart.value;
  if (chart === null || !chart.isShown.value) return nothing;
  const isShaping = chart.isShaping.value;
  return html`<span class="tools">
    <button class="icon-button shape-button" type="button" aria-label=${texts.shapeChart} title=${texts.shapeChart}
      aria-expanded=${isShaping} @click=${() => toggle(chart.isShaping)}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6" /><circle cx="10" cy="4.5" r="2" /><circle cx="6" cy="11.5" r="2" /></svg></button>
    <button class="icon-button" type="button" aria-label=${texts.fullScreen} title=${texts.fullScreen} @click=${() => void chart.toggleFull()}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6 2.5H2.5V6M10 2.5h3.5V6M6 13.5H2.5V10M10 13.5h3.5V10" /></svg></button>
  </span>`;
}

function toggle(state: { value: boolean }): void {
  state.value = !state.value;
}
