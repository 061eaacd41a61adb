import type { ScreenSize } from './table-screen.ts';

/** Escape sequences of xterm and its kin; terminals leave out what they do not know. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const BEGIN_FRAME = '\x1b[?2026h';
const END_FRAME = '\x1b[?2026l';
const TO_LINE_END = '\x1b[0m\x1b[K';
/** What is assumed of a terminal that does not say its size. */
const USUAL_SIZE: ScreenSize = { columns: 80, rows: 24 };

export type Key = 'up' | 'down' | 'left' | 'right' | 'page-up' | 'page-down' | 'home' | 'end' | 'quit';

const KEYS = new Map<string, Key>([
  ['\x1b[A', 'up'],
  ['\x1bOA', 'up'],
  ['k', 'up'],
  ['\x1b[B', 'down'],
  ['\x1bOB', 'down'],
  ['j', 'down'],
  ['\x1b[C', 'right'],
  ['\x1bOC', 'right'],
  ['l', 'right'],
  ['\x1b[D', 'left'],
  ['\x1bOD', 'left'],
  ['h', 'left'],
  ['\x1b[5~', 'page-up'],
  ['\x1b[6~', 'page-down'],
  [' ', 'page-down'],
  ['\x1b[H', 'home'],
  ['\x1bOH', 'home'],
  ['\x1b[1~', 'home'],
  ['g', 'home'],
  ['\x1b[F', 'end'],
  ['\x1bOF', 'end'],
  ['\x1b[4~', 'end'],
  ['G', 'end'],
  ['q', 'quit'],
  ['Q', 'quit'],
  ['\x03', 'quit'],
  ['\x04', 'quit'],
]);
const SEQUENCE = /\p{Cc}(?:\[[\d;]*[A-Za-z~]|O[A-Za-z])|[\s\S]/gu;

export interface ScreenOptions {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly onKey: (key: Key) => void;
  /** The window has another size: draw again. */
  readonly onResize: () => void;
}

/** The terminal's alternate screen: what was on it before is back after {@link close}. */
export class Screen {
  readonly #options: ScreenOptions;
  #lines: string[] = [];
  #isClosed = false;

  constructor(options: ScreenOptions) {
    this.#options = options;
    const { input, output } = options;
    output.write(ENTER);
    output.on('resize', this.#resized);
    process.on('exit', this.#restore);
    if (!input.isTTY) return;
    input.setRawMode(true);
    input.on('data', this.#typed);
    input.resume();
  }

  get size(): ScreenSize {
    const { columns, rows } = this.#options.output;
    return columns > 0 && rows > 0 ? { columns, rows } : USUAL_SIZE;
  }

  /** Whether the terminal has taken all that was drawn; until then nothing more is. */
  get isReady(): boolean {
    return !this.#isClosed && !this.#options.output.writableNeedDrain;
  }

  /** Draws the lines that are others than before. None is wider than the screen. */
  draw(lines: readonly string[]): void {
    if (!this.isReady) return;
    let text = '';
    for (let row = 0; row < Math.max(lines.length, this.#lines.length); row++) {
      if (lines[row] !== this.#lines[row]) text += `\x1b[${row + 1};1H${lines[row] ?? ''}${TO_LINE_END}`;
    }
    this.#lines = [...lines];
    if (text !== '') this.#options.output.write(BEGIN_FRAME + text + END_FRAME);
  }

  close(): void {
    if (this.#isClosed) return;
    const { input, output } = this.#options;
    output.off('resize', this.#resized);
    process.off('exit', this.#restore);
    if (input.isTTY) {
      input.off('data', this.#typed);
      input.setRawMode(false);
      input.pause();
    }
    this.#restore();
  }

  readonly #restore = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.output.write(LEAVE);
  };

  readonly #resized = (): void => {
    this.#lines = [];
    this.#options.output.write('\x1b[2J');
    this.#options.onResize();
  };

  readonly #typed = (data: Buffer): void => {
    for (const [sequence] of data.toString('utf8').matchAll(SEQUENCE)) {
      const key = KEYS.get(sequence);
      if (key !== undefined) this.#options.onKey(key);
    }
  };
}
