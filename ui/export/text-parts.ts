const PART_CHARACTERS = 1 << 20;

/** A text file that grows. */
export class TextParts {
  readonly #parts: Blob[] = [];
  #text = '';

  add(text: string): void {
    this.#text += text;
    if (this.#text.length < PART_CHARACTERS) return;
    this.#parts.push(new Blob([this.#text]));
    this.#text = '';
  }

  finish(type: string): Blob {
    return new Blob([...this.#parts, this.#text], { type });
  }
}
