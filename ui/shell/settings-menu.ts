import { html, type TemplateResult } from 'lit';
import { LANGUAGES, type Locale } from '../locales/locale.ts';
import type { AppModel } from './app-model.ts';
import { languageIcon } from './icons.ts';
import { popover } from './popover.ts';
import type { UpColour } from './up-colours.ts';

/** The page's language, which colour rises, and whether single keys work. */
export function settingsMenu(model: AppModel): TemplateResult {
  const { texts, language, upColours, singleKeys } = model;
  const locales = Object.entries(LANGUAGES) as [Locale, string][];
  const ups: readonly (readonly [UpColour, string])[] = [
    ['cool', texts.coolUp],
    ['warm', texts.warmUp],
  ];
  return popover({
    id: 'settings',
    label: texts.settings,
    className: 'icon-button',
    button: languageIcon(),
    content: html`
      <fieldset>
        <legend>${texts.language}</legend>
        ${locales.map(([locale, name]) => choice('language', name, locale === language.locale.value, () => void language.choose(locale)))}
      </fieldset>
      <fieldset>
        <legend>${texts.upColours}</legend>
        ${ups.map(([up, name]) => choice('up', name, up === upColours.up.value, () => upColours.choose(up)))}
      </fieldset>
      <fieldset>
        <legend>${texts.keyboard}</legend>
        <label class="choice"><input type="checkbox" .checked=${singleKeys.isOn.value}
          @change=${(event: Event) => singleKeys.choose(isChecked(event))} /> ${texts.singleKeys}</label>
      </fieldset>
    `,
  });
}

function isChecked({ target }: Event): boolean {
  return target instanceof HTMLInputElement && target.checked;
}

function choice(group: string, name: string, isChosen: boolean, choose: () => void): TemplateResult {
  return html`<label class="choice"><input type="radio" name=${group} .checked=${isChosen} @change=${choose} /> ${name}</label>`;
}
