const SHOWN_MS = 2500;

/** Something that is said for a moment. */
export class PassingMessage {
  readonly #onChange: () => void;
  #text: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get text(): string | null {
    return this.#text;
  }

  say(text: string): void {
    this.#text = text;
    this.close();
    this.#timer = setTimeout(() => {
      this.#text = null;
      this.#onChange();
    }, SHOWN_MS);
    this.#onChange();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
