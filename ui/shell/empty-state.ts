import { html, nothing, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import { type BusAddresses, type PublishLines, publishLines } from './publish-lines.ts';
import { SignalElement } from './signal-element.ts';

/** No table yet: the five lines that make one at this gateway. */
export class EmptyState extends SignalElement {
  static override properties = {
    model: { attribute: false },
    lines: { state: true },
    isCopied: { state: true },
  };
  declare model: AppModel;
  /** Null until the gateway has said where it takes publications. */
  declare lines: PublishLines | null;
  declare isCopied: boolean;

  constructor() {
    super();
    this.lines = null;
    this.isCopied = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  protected override render(): TemplateResult {
    const { texts } = this.model;
    return html`
      <h1>${texts.emptyTitle}</h1>
      <p>${texts.emptyLead}</p>
      ${this.lines === null ? nothing : this.#code(this.lines)}
    `;
  }

  #code({ code, packages }: PublishLines): TemplateResult {
    const { texts } = this.model;
    return html`
      <div class="code">
        <pre tabindex="0"><code>${code}</code></pre>
        <button class="text-button" type="button" @click=${() => this.#copy(code)}>${this.isCopied ? texts.copied : texts.copy}</button>
      </div>
      <p class="hint">${texts.emptyRequires(`pip install ${packages}`)}</p>
    `;
  }

  async #ask(): Promise<void> {
    const baseUrl = new URL('.', document.baseURI).href;
    let bus: BusAddresses | null = null;
    try {
      const response = await fetch(new URL('bus', baseUrl));
      if (response.ok) bus = (await response.json()) as BusAddresses;
    } catch {
      // The page's own address is known all the same.
    }
    this.lines = publishLines(bus, baseUrl);
  }

  /** The clipboard interface is missing off HTTPS and loopback; a selection can be copied everywhere. */
  async #copy(text: string): Promise<void> {
    const code = this.querySelector('code');
    if (code === null) return;
    getSelection()?.selectAllChildren(code);
    try {
      await navigator.clipboard.writeText(text);
      this.isCopied = true;
    } catch {
      this.isCopied = false;
    }
  }
}
