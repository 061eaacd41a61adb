// What one cell of a page shows, looked at once each animation frame, after that frame was painted.
import { setTimeout as delay } from 'node:timers/promises';
import { percentiles } from '../percentiles.mjs';

/**
 * A cell by CSS selectors: each but the last is of an element whose shadow root the next one is looked for in.
 * @typedef {readonly string[]} CellPath
 *
 * @typedef {object} Samples
 * @property {{ text: string, atMs: number }[]} texts each time the cell showed something else; Unix time
 * @property {number[]} framesMs between frames
 * @property {number} forMs
 */

/**
 * @typedef {() => Promise<Samples>} TakeSamples those since the last time
 * @param {import('playwright-core').Page} tab @param {CellPath} cell
 * @returns {Promise<TakeSamples>}
 */
export async function startSampling(tab, cell) {
  const sampling = await tab.evaluateHandle(sampleInPage, cell);
  return () => sampling.evaluate((take) => take());
}

/**
 * @param {TakeSamples} take @param {number} timeoutMs
 * @returns {Promise<number>} milliseconds until the cell shows something else; NaN where it does not
 */
export async function untilChanged(take, timeoutMs) {
  const begunMs = performance.now();
  for (;;) {
    const { texts } = await take();
    const tookMs = performance.now() - begunMs;
    if (texts.length > 0) return tookMs;
    if (tookMs > timeoutMs) return Number.NaN;
    await delay(20);
  }
}

/** @param {CellPath} path */
function sampleInPage(path) {
  const find = () => {
    let root = /** @type {Document | ShadowRoot | null | undefined} */ (document);
    for (const host of path.slice(0, -1)) root = root?.querySelector(host)?.shadowRoot;
    return root?.querySelector(path[path.length - 1] ?? '')?.textContent ?? '';
  };
  /** @type {{ text: string, atMs: number }[]} */
  let texts = [];
  /** @type {number[]} */
  let framesMs = [];
  let begunMs = performance.now();
  let lastText = find();
  let lastMs = begunMs;
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    const text = find();
    if (text !== lastText) texts.push({ text, atMs: Date.now() });
    lastText = text;
  };
  const frame = (/** @type {number} */ nowMs) => {
    framesMs.push(nowMs - lastMs);
    lastMs = nowMs;
    painted.port2.postMessage(null);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame((nowMs) => {
    lastMs = nowMs;
    requestAnimationFrame(frame);
  });
  return () => {
    const nowMs = performance.now();
    const samples = { texts, framesMs, forMs: nowMs - begunMs };
    [texts, framesMs, begunMs] = [[], [], nowMs];
    return samples;
  };
}

/**
 * @param {Samples} samples @param {boolean} isStamp the cell shows the Unix time of sending, milliseconds
 * @returns {import('../rounds.mjs').Figures} delays are from sending to painted
 */
export function sampledFigures({ texts, framesMs, forMs }, isStamp) {
  const [frameP95Ms] = percentiles(framesMs, [0.95]);
  const figures = { statesPerSecond: (texts.length * 1000) / forMs, frameP95Ms };
  if (!isStamp) return figures;
  const stamps = texts.filter(({ text }) => /\d/.test(text));
  const delaysMs = stamps.map(({ text, atMs }) => atMs - Number(text.replace(/[^\d.]/g, '')));
  const [p50Ms, p95Ms, p99Ms] = percentiles(delaysMs, [0.5, 0.95, 0.99]);
  return { ...figures, p50Ms, p95Ms, p99Ms };
}
