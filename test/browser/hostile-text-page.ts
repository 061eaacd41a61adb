import type { Page } from 'playwright-core';

/** Turns of the wheel without anything new after which there is no more. */
const TURNS_IN_VAIN = 5;
/** Of what is seen, by a turn: whatever lies in it was drawn before or after. */
const TURN = 0.9;

/** The texts of what has this role in the page's grid, in parts that are scrolled to one after the other. */
export async function scrolledTexts(page: Page, role: 'gridcell' | 'columnheader'): Promise<Set<string>> {
  const found = new Set<string>();
  const grid = page.getByRole('grid');
  const { width, height } = (await grid.boundingBox())!;
  await grid.hover();
  for (let inVain = 0; inVain < TURNS_IN_VAIN; ) {
    const before = found.size;
    const texts = await grid.evaluate(async (element, wanted) => {
      // Two frames: one in which the grid hears of the scrolling, one in which it has drawn.
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      return [...element.querySelectorAll(`[role=${wanted}]`)].map((cell) => cell.textContent ?? '');
    }, role);
    for (const text of texts) found.add(text);
    inVain = found.size === before ? inVain + 1 : 0;
    if (role === 'gridcell') await page.mouse.wheel(0, height * TURN);
    else await page.mouse.wheel(width * TURN, 0);
  }
  return found;
}

/** Whatever a text could have made of the page: a running script, an element that it brought, a changed prototype. */
export async function harmOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = '__pwned' in window ? ['a script ran'] : [];
    const isForeign = ({ type, textContent }: HTMLScriptElement) =>
      type === '' && textContent?.includes('__pwned');
    const scripts = [...document.scripts].filter(isForeign);
    const foreign = document.querySelectorAll(
      'iframe, object, embed, math, img[src=x], [onerror], [onload], [onfocus], [onmouseover], a[href^=javascript]',
    );
    for (const element of [...scripts, ...foreign]) found.push(element.outerHTML.slice(0, 100));
    for (const name in {}) found.push(`Object.prototype.${name}`);
    return found;
  });
}
