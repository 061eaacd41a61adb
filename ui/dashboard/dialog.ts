import { html, render } from 'lit';
import type { DashboardTexts } from '../locales/dashboard/en.ts';

export interface DialogOptions {
  /** Where it is put into the page. */
  readonly host: HTMLElement;
  readonly texts: Pick<DashboardTexts, 'cancel'>;
  /** What the button says that closes it, where that undoes nothing. */
  readonly close?: string;
  readonly heading: string;
  /** What the button says that submits. */
  readonly submit: string;
  /** False keeps it open. */
  readonly onSubmit: (form: FormData) => boolean;
}

export interface OpenedDialog {
  readonly form: HTMLFormElement;
  /** What is asked for is rendered here. */
  readonly fields: HTMLElement;
  show(): void;
  close(): void;
}

/** A form above the page, with its buttons; Escape closes it, and the focus goes back to where it was. */
export function openDialog({
  host,
  texts,
  heading,
  submit,
  onSubmit,
  ...options
}: DialogOptions): OpenedDialog {
  const focusedBefore = document.activeElement;
  const dialog = document.createElement('dialog');
  dialog.className = 'dash-dialog';
  dialog.setAttribute('aria-label', heading);
  const close = () => dialog.close();
  render(
    html`<form method="dialog">
      <h2>${heading}</h2>
      <div class="dash-fields"></div>
      <div class="form-buttons">
        <button class="text-button" type="button" @click=${close}>${options.close ?? texts.cancel}</button>
        <button class="text-button is-main" type="submit">${submit}</button>
      </div>
    </form>`,
    dialog,
  );
  const form = dialog.querySelector('form')!;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (onSubmit(new FormData(form))) close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (focusedBefore instanceof HTMLElement && focusedBefore.isConnected) focusedBefore.focus();
  });
  host.append(dialog);
  return {
    form,
    fields: dialog.querySelector<HTMLElement>('.dash-fields')!,
    show: () => dialog.showModal(),
    close,
  };
}
