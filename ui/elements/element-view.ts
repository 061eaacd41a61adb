import type { LiveTable } from '../../protocol/table/live-table.ts';
import type { Texts } from '../locales/en.ts';
import type { Locale } from '../locales/locale.ts';
import type { View } from '../render-scheduler.ts';
import type { Theme } from '../shell/theme.ts';
import type { ElementGateway } from './element-gateway.ts';

/** What an element gives to the view that shows its table. */
export interface ElementViewContext {
  readonly parent: HTMLElement;
  readonly table: string;
  readonly gateway: ElementGateway;
  readonly texts: Texts;
  readonly locale: Locale;
  readonly theme: () => Theme;
  /** Of the element, as it is now. */
  readonly attribute: (name: string) => string | null;
  /** Says in the element what is wrong with an attribute; null where nothing is. */
  readonly tellProblem: (problem: string | null) => void;
  /** Has the gateway's scheduler draw it, which tells the element when it is on screen. Returns its removal. */
  readonly schedule: (view: View) => () => void;
}

/** The part of an element that shows its table, from when the table is there until it goes. */
export interface ElementView {
  /** The table changed, and what shows it is drawn next. */
  changed(table: LiveTable): void;
  /** An attribute of the element has another value. */
  attributeChanged(name: string): void;
  themeChanged(): void;
  close(): void;
}

/** What is loaded when the first such element is shown. */
export interface ElementViewModule {
  readonly styles: string;
  readonly create: (context: ElementViewContext) => ElementView;
}
