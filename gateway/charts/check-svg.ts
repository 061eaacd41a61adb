const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'svg g path text tspan rect circle ellipse line polyline polygon defs clipPath mask pattern style title ' +
    'linearGradient radialGradient stop filter feDropShadow feGaussianBlur feOffset feFlood feComposite feMerge feMergeNode'
  ).split(' '),
);

const TAG = /<(?!\/|!\[CDATA\[)([^\s>]*)((?:"[^"]*"|[^">])*)>?/g;
const ATTRIBUTE = /([^\s="]+)\s*(?:=\s*"([^"]*)")?/g;
const FOREIGN_VALUE = /url\s*\(\s*(?!['"]?#)|(?:java|vb)script:|data:|https?:|expression\s*\(/i;

/**
 * That an SVG holds a drawing and nothing else: the elements that ECharts draws with, no handlers, no references to
 * anything outside. ECharts writes attributes as they are given, so what went wrong before would show here.
 *
 * @throws Error naming what it found
 */
export function checkSvg(svg: string): void {
  for (const [, element = '', attributes = ''] of svg.matchAll(TAG)) {
    if (!ELEMENTS.has(element)) throw new Error(`The drawing has the element ${JSON.stringify(element)}.`);
    for (const [, name = '', value] of attributes.matchAll(ATTRIBUTE)) checkAttribute(name, value);
  }
  const [, style = ''] = /<style\s*>([\s\S]*)$/.exec(svg) ?? [];
  if (/@import|url\s*\(|<(?!!\[CDATA|\/style|\/svg)/i.test(style))
    throw new Error('The drawing has a foreign style.');
}

function checkAttribute(name: string, value: string | undefined): void {
  if (value === undefined) {
    if (name === '/') return;
    throw new Error(`The drawing has the attribute ${JSON.stringify(name)} without a value.`);
  }
  const plain = name.toLowerCase();
  if (plain === 'xmlns' || plain.startsWith('xmlns:')) return;
  const isReference = plain === 'href' || plain === 'xlink:href';
  if (!/^[a-z][\w:-]*$/.test(plain) || plain.startsWith('on') || (isReference && !value.startsWith('#'))) {
    throw new Error(`The drawing has the attribute ${JSON.stringify(name)}.`);
  }
  if (plain !== 'aria-label' && FOREIGN_VALUE.test(value))
    throw new Error(`The drawing refers to something outside (${name}).`);
}
