import { html, nothing, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import type { Rejection } from './gateway-table.ts';
import { popover } from './popover.ts';

const MAX_SHOWN = 50;

/** How many publications were rejected; opened, which and why. Nothing where none was. */
export function rejectionList(model: AppModel): TemplateResult | typeof nothing {
  const { texts } = model;
  const { count, newest } = model.rejections.value;
  if (count === 0) return nothing;
  const shown = newest.slice(0, MAX_SHOWN);
  return popover({
    id: 'rejections',
    label: texts.rejectionCount(count),
    className: 'rejections-button',
    button: texts.rejectionCount(count),
    content: html`
      <h2>${texts.rejectionsTitle}</h2>
      ${shown.length < count ? html`<p class="hint">${texts.rejectionsNewest(shown.length, count)}</p>` : nothing}
      <ol class="rejections" tabindex="0" aria-label=${texts.rejectionsTitle}>${shown.map((rejection) => line(model, rejection))}</ol>
    `,
  });
}

function line({ texts, language }: AppModel, { atMs, table, code, detail }: Rejection): TemplateResult {
  const at = new Date(atMs);
  const time = at.toLocaleTimeString(language.locale.value, { hour12: false });
  return html`
    <li>
      <span class="rejection-head">
        <strong>${table ?? texts.rejectionNamesNoTable}</strong> <code>${code}</code>
        <time datetime=${at.toISOString()} title=${at.toISOString()}>${time}</time>
      </span>
      <span class="rejection-detail">${detail}</span>
    </li>
  `;
}
