/** Takes two columns of a terminal (Unicode UAX #11 and emoji, by their blocks). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const PLAIN = /^[\x20-\x7e]*$/;
/** What would move the cursor, end a line or turn text around: shown as a replacement character. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;
/** Control characters have pictures from here on (Unicode, Control Pictures). */
const CONTROL_PICTURES = 0x2400;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Text of others as it may be written to a terminal: nothing in it is obeyed. */
export function safeText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(CONTROL_PICTURES + code) : '\ufffd';
  });
}

/** Columns that the text takes in a terminal; it holds no control characters. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** The text in exactly so many columns: filled up with spaces, or cut with an ellipsis. */
export function fitted(text: string, width: number, align: 'left' | 'right'): string {
  const missing = width - textWidth(text);
  if (missing >= 0) return align === 'left' ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
  return width <= 0 ? '' : cut(text, width);
}

function cut(text: string, width: number): string {
  let kept = '';
  let keptWidth = 0;
  for (const { segment } of graphemes.segment(text)) {
    const segmentWidth = textWidth(segment);
    if (keptWidth + segmentWidth > width - 1) break;
    kept += segment;
    keptWidth += segmentWidth;
  }
  return `${kept}…${' '.repeat(width - 1 - keptWidth)}`;
}
