import { html, type TemplateResult } from 'lit';
import type { AppModel } from './app-model.ts';
import { SignalElement } from './signal-element.ts';

/** The gateway's PULL socket on its own machine, where it is started without flags. */
const DEFAULT_PULL_ADDRESS = 'tcp://127.0.0.1:5413';

const PYTHON_LINES = `import zmq, pyarrow as pa
table, sink = pa.table({"city": ["Oslo", "Rome"], "temperature": [4.5, 17.0]}), pa.BufferOutputStream()
with pa.ipc.new_stream(sink, table.schema) as writer: writer.write_table(table)
push = zmq.Context.instance().socket(zmq.PUSH); push.connect("${DEFAULT_PULL_ADDRESS}")
push.send_multipart([b"weather", sink.getvalue()])`;

/** No table yet: the five lines that make one. */
export class EmptyState extends SignalElement {
  static override properties = { model: { attribute: false }, isCopied: { state: true } };
  declare model: AppModel;
  declare isCopied: boolean;

  constructor() {
    super();
    this.isCopied = false;
  }

  protected override render(): TemplateResult {
    const { texts } = this.model;
    return html`
      <h1>${texts.emptyTitle}</h1>
      <p>${texts.emptyLead}</p>
      <div class="code">
        <pre tabindex="0"><code>${PYTHON_LINES}</code></pre>
        <button class="text-button" type="button" @click=${() => this.#copy()}>${this.isCopied ? texts.copied : texts.copy}</button>
      </div>
      <p class="hint">${texts.emptyRequires}</p>
    `;
  }

  /** The clipboard interface is missing off HTTPS and loopback; a selection can be copied everywhere. */
  async #copy(): Promise<void> {
    const code = this.querySelector('code');
    if (code === null) return;
    getSelection()?.selectAllChildren(code);
    try {
      await navigator.clipboard.writeText(PYTHON_LINES);
      this.isCopied = true;
    } catch {
      this.isCopied = false;
    }
  }
}
