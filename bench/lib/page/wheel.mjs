const stepPx = 400;

/**
 * Turns the wheel over the middle of an element, evenly; a page that is far behind is not turned to the end.
 * @param {import('playwright-core').Page} page @param {string} over a selector @param {{ steps: number, forMs: number }} turns
 */
export async function turnWheel(page, over, { steps, forMs }) {
  const box = await page.locator(over).first().boundingBox();
  if (box === null) throw new Error(`Nothing to scroll at ${over}`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const begunMs = performance.now();
  for (let step = 0; step < steps && performance.now() - begunMs < forMs * 3; step += 1) {
    await page.mouse.wheel(0, stepPx);
    const nextMs = begunMs + ((step + 1) * forMs) / steps;
    await page.waitForTimeout(Math.max(0, nextMs - performance.now()));
  }
}
