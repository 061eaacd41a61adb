import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DashboardTexts } from '../locales/dashboard/en.ts';
import type { Notice, ThresholdNotices } from './threshold-notices.ts';

/** The notices of thresholds, newest first; said as they come, each once. */
export function noticeList(
  source: ThresholdNotices,
  texts: DashboardTexts,
  canDismiss: boolean,
): TemplateResult {
  const notices = source.notices.value;
  const more = source.more.value;
  return html`<section class="dash-notices" tabindex="0" aria-label=${texts.notices.region} ?hidden=${notices.length === 0}>
    <ul aria-live="polite" aria-relevant="additions text">${repeat(
      notices,
      ({ id }) => id,
      (notice) => item(notice, source, texts, canDismiss),
    )}</ul>
    ${more === 0 ? nothing : html`<span class="dash-more">${texts.notices.more(more)}</span>`}
    ${canDismiss && notices.length > 1 ? html`<button class="text-button" type="button" @click=${() => source.dismissAll()}>${texts.notices.dismissAll}</button>` : nothing}
  </section>`;
}

function item(
  notice: Notice,
  source: ThresholdNotices,
  texts: DashboardTexts,
  canDismiss: boolean,
): TemplateResult {
  const { threshold, isOver, id } = notice;
  const { level } = threshold;
  const text = noticeText(notice, texts);
  return html`<li class="dash-notice is-${level}" data-over=${isOver ? 'true' : nothing}>
    <span class="dash-level">${texts.threshold.levels[level]}</span>
    <span class="dash-notice-text">${text}</span>
    ${isOver ? html`<span class="dash-over">${texts.notices.over}</span>` : nothing}
    ${
      canDismiss
        ? html`<button class="icon-button" type="button" aria-label=${texts.notices.dismiss(text)} @click=${() => source.dismiss(id)}>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" /></svg></button>`
        : nothing
    }
  </li>`;
}

function noticeText({ threshold, key, row, value }: Notice, texts: DashboardTexts): string {
  const which =
    key === null ? (row === null ? '' : texts.notices.row(row)) : key.map((text) => text ?? '∅').join(', ');
  return `${texts.threshold.text(threshold)} · ${which}: ${value ?? '∅'}`;
}
