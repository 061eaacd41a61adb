import { effect } from '@preact/signals-core';
import { TablecastError, toTablecastError } from '../../protocol/errors.ts';
import type { Subscription } from '../client/subscription.ts';
import type { TableView } from '../client/table-view.ts';
import type { View } from '../render-scheduler.ts';
import type { Theme } from '../shell/theme.ts';
import { ElementFrame, type ElementSay } from './element-frame.ts';
import type { DrawnVersion, ElementGateway } from './element-gateway.ts';
import { type ElementLanguage, elementLanguage } from './element-language.ts';
import type { ElementView, ElementViewModule } from './element-view.ts';
import type { ElementWorld, GatewayUse } from './element-world.ts';
import { scheduleView } from './schedule-view.ts';

export interface ShownElementOptions {
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  readonly world: ElementWorld;
  readonly className: string;
  readonly load: () => Promise<ElementViewModule>;
  readonly onDrawn: (drawn: DrawnVersion) => void;
}

/** An element while it is in a document, for one table of one gateway. All that it opens, it closes. */
export class ShownElement {
  readonly #options: ShownElementOptions;
  readonly #frame = new ElementFrame();
  readonly #name: string;
  readonly #dark: MediaQueryList;
  readonly #ends: (() => void)[] = [];
  #use: GatewayUse | null = null;
  #subscription: Subscription | null = null;
  /** Settles when words and the view's code are there. */
  #loading: Promise<void> = Promise.resolve();
  #language: ElementLanguage | null = null;
  #module: ElementViewModule | null = null;
  #view: ElementView | null = null;
  /** Whether the view has been drawn since it was made. */
  #isViewDrawn = false;
  #told: DrawnVersion | null = null;
  /** Whether the gateway has said that there is no table. */
  #isAnswered = false;
  #failure: unknown = null;
  #problem: string | null = null;
  #isClosed = false;

  constructor(options: ShownElementOptions) {
    const { element, root, world, className } = options;
    this.#options = options;
    this.#name = element.getAttribute('name') ?? '';
    this.#dark = world.window.matchMedia('(prefers-color-scheme: dark)');
    this.#frame.element.classList.add(className);
    root.replaceChildren(this.#frame.element);
    this.#followTheme();
    try {
      this.#use = world.use(element.getAttribute('gateway'));
      this.#follow(this.#use.gateway);
    } catch (error) {
      this.#failure = error;
    }
    this.#loading = this.#load();
  }

  /** Undefined while there is none. */
  table(): TableView | undefined {
    return this.#subscription?.table(this.#name);
  }

  attributeChanged(name: string): void {
    if (name === 'theme' || name === 'tools') this.#applyLook();
    else if (name === 'lang') this.#loading = this.#load();
    else this.#view?.attributeChanged(name);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closeView();
    for (const end of this.#ends) end();
    this.#subscription?.close();
    this.#use?.release();
    this.#options.root.replaceChildren();
  }

  /** Texts and the view's code, each of which comes when it is first needed; and anew in another language. */
  async #load(): Promise<void> {
    const { element, root, world, load } = this.#options;
    const asked = element.lang;
    try {
      const language = elementLanguage(element, world.window.navigator.languages);
      const [loaded, module] = await Promise.all([language, load()]);
      if (this.#isClosed || element.lang !== asked) return;
      this.#closeView();
      this.#language = loaded;
      this.#module = module;
      this.#frame.element.lang = loaded.tag;
      this.#frame.element.dataset.up = loaded.locale === 'en' ? 'cool' : 'warm';
      const sheet = world.sheet(module.styles);
      if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
    } catch (error) {
      this.#language ??= await elementLanguage(element, world.window.navigator.languages);
      this.#failure = error;
    }
    this.#draw();
    this.#tell();
  }

  #follow(gateway: ElementGateway): void {
    this.#subscription = gateway.subscribe(this.#name);
    void this.#awaitAnswer(this.#subscription);
    const view: View = {
      table: this.#name,
      draw: () => (this.#module === null ? this.#loading : this.#draw()),
    };
    this.#ends.push(
      gateway.scheduler.add(view),
      gateway.onDrawn((drawn) => this.#tell(drawn)),
      effect(() => {
        void gateway.state.value;
        this.#draw();
      }),
    );
  }

  /** The loop goes on to its end, for that tells why. */
  async #awaitAnswer(subscription: Subscription): Promise<void> {
    try {
      for await (const _ of subscription) {
        if (this.#isAnswered) continue;
        this.#isAnswered = true;
        this.#draw();
        this.#tell();
      }
    } catch (error) {
      this.#failure = error;
      this.#draw();
    }
  }

  /**
   * Tells the version on screen, once: when the table is drawn in it, or the gateway has said that there is none. An
   * element that comes to a version that others show already is told of it by its own draw.
   */
  #tell(drawn = this.#use?.gateway.drawnNow ?? null): void {
    if (this.#isClosed || this.#module === null) return;
    if (!(this.#view === null ? this.#isAnswered : this.#isViewDrawn)) return;
    if (drawn === null || drawn === this.#told) return;
    this.#told = drawn;
    this.#options.onDrawn(drawn);
  }

  /** Brings view and words to what there is now. */
  #draw(): void {
    if (this.#isClosed || this.#language === null) return;
    const table = this.#use?.gateway.tables.get(this.#name);
    if (table === undefined) this.#closeView();
    else {
      // A view measures its place when it is made.
      this.#frame.views.hidden = false;
      this.#view ??= this.#createView();
      this.#view?.changed(table);
    }
    this.#frame.views.hidden = this.#view === null;
    this.#frame.draw(this.#say(this.#language, table?.rowCount));
  }

  #createView(): ElementView | null {
    const { element } = this.#options;
    if (this.#module === null || this.#language === null || this.#use === null) return null;
    const { gateway } = this.#use;
    return this.#module.create({
      parent: this.#frame.views,
      table: this.#name,
      gateway,
      texts: this.#language.texts,
      locale: this.#language.locale,
      theme: () => this.#theme(),
      attribute: (name) => element.getAttribute(name),
      tellProblem: (problem) => this.#tellProblem(problem),
      schedule: (view) => scheduleView(gateway.scheduler, view, () => this.#viewDrawn()),
    });
  }

  #viewDrawn(): void {
    if (this.#isViewDrawn) return;
    this.#isViewDrawn = true;
    this.#tell();
  }

  #closeView(): void {
    this.#view?.close();
    this.#view = null;
    this.#isViewDrawn = false;
    this.#problem = null;
  }

  #tellProblem(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    // Told while the view is made or drawn: said once that is done.
    queueMicrotask(() => this.#draw());
  }

  #say({ texts }: ElementLanguage, rowCount: number | undefined): ElementSay {
    const isUnauthorized = this.#failure instanceof TablecastError && this.#failure.code === 'unauthorized';
    const isMissing = this.#isAnswered && rowCount === undefined;
    const notice = isMissing ? texts.missingTable(this.#name) : rowCount === 0 ? texts.noRows : null;
    const gatewayUrl = this.#use?.gateway.url;
    return {
      texts,
      status: this.#status(texts, isUnauthorized),
      notice: this.#failure === null ? notice : null,
      error: this.#failure === null ? this.#problem : problemText(texts, this.#failure),
      loginHref: isUnauthorized && gatewayUrl !== undefined ? new URL('login', gatewayUrl).href : null,
    };
  }

  #status(texts: ElementLanguage['texts'], isUnauthorized: boolean): ElementSay['status'] {
    if (isUnauthorized) return { kind: 'reconnecting', text: texts.loginNeeded };
    const state = this.#use?.gateway.state.peek();
    if (state === 'live') {
      const isLoaded = this.#view !== null || this.#isAnswered;
      return isLoaded ? { kind: 'live', text: texts.live } : { kind: 'connecting', text: texts.loading };
    }
    return state === 'connecting'
      ? { kind: 'connecting', text: texts.connecting }
      : { kind: 'reconnecting', text: state === 'reconnecting' ? texts.reconnecting : texts.refused };
  }

  #theme(): Theme {
    const { theme } = this.#frame.element.dataset;
    if (theme === 'light' || theme === 'dark') return theme;
    return this.#dark.matches ? 'dark' : 'light';
  }

  #followTheme(): void {
    const onChange = () => this.#view?.themeChanged();
    this.#dark.addEventListener('change', onChange);
    this.#ends.push(() => this.#dark.removeEventListener('change', onChange));
    this.#applyLook();
  }

  #applyLook(): void {
    const { element } = this.#options;
    const theme = element.getAttribute('theme');
    this.#frame.element.dataset.theme = theme === 'light' || theme === 'dark' ? theme : 'auto';
    this.#frame.element.dataset.mode = element.hasAttribute('tools') ? 'full' : 'embed';
    this.#view?.themeChanged();
  }
}

function problemText(texts: ElementLanguage['texts'], failure: unknown): string {
  const { code, message } = toTablecastError(failure);
  return texts.problem(code, message);
}
