import { html, type TemplateResult } from 'lit';
import type { BuilderTexts } from '../../locales/chart/builder-en.ts';

/** The chart as JSON, to be copied, and to be pasted from elsewhere. */
export function jsonPart(part: {
  readonly texts: BuilderTexts;
  readonly json: string;
  readonly apply: (text: string) => void;
  readonly copy: (text: string) => void;
}): TemplateResult {
  const { texts, json, apply, copy } = part;
  const area = (event: Event) =>
    (event.currentTarget as HTMLElement).closest('.part')!.querySelector('textarea')!.value;
  return html`<details class="part"><summary>${texts.json}</summary>
    <textarea rows="7" spellcheck="false" aria-label=${texts.jsonLabel} .value=${json}></textarea>
    <div class="row">
      <button class="text-button" type="button" @click=${(event: Event) => apply(area(event))}>${texts.apply}</button>
      <button class="text-button" type="button" @click=${(event: Event) => copy(area(event))}>${texts.copy}</button>
    </div>
  </details>`;
}
