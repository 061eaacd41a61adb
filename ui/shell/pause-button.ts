import { html, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import { SignalElement } from './signal-element.ts';

/** Holds what is on screen still; then tells how much came meanwhile, and goes live again. */
export class PauseButton extends SignalElement {
  static override properties = { model: { attribute: false } };
  declare model: AppModel;

  protected override render(): TemplateResult {
    const { texts, pausing, singleKeys } = this.model;
    const waiting = pausing.waiting.value;
    if (waiting === null) {
      const label = singleKeys.isOn.value ? texts.pauseWithKey : texts.pause;
      return html`<button class="icon-button" type="button" aria-label=${label} title=${label}
        @click=${pausing.toggle}><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5.5 3v10M10.5 3v10" /></svg></button>`;
    }
    return html`<button class="text-button go-live" type="button" @click=${pausing.toggle}><span class="waiting">${this.#waitingText(waiting.versions)} · </span>${texts.goLive}</button>`;
  }

  #waitingText(versions: number | null): string {
    const { texts } = this.model;
    if (versions === null) return texts.newData;
    return versions === 0 ? texts.nothingNew : texts.newVersions(versions);
  }
}
