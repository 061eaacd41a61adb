// Contenders take turns within each round, in an order that turns round every time, so that neither a warming machine
// nor a neighbour's load favours one of them.
import { median } from './percentiles.mjs';

/**
 * What one contender did in one round: named figures.
 * @typedef {Record<string, number>} Figures
 * @typedef {() => Promise<Figures>} Contender
 */

/**
 * @param {object} options
 * @param {number} options.rounds after one more that only warms up
 * @param {Record<string, Contender>} options.contenders
 * @param {boolean} [options.warmUp]
 * @returns {Promise<Record<string, Figures>>} by contender, the median of each figure
 */
export async function race({ rounds, contenders, warmUp = true }) {
  const names = Object.keys(contenders);
  if (warmUp) for (const name of names) await contenders[name]();
  /** @type {Record<string, Figures[]>} */
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed())
      runs[name].push(await contenders[name]());
  }
  return Object.fromEntries(names.map((name) => [name, medians(runs[name])]));
}

/** @param {readonly Figures[]} runs @returns {Figures} */
function medians(runs) {
  const figures = Object.keys(runs[0] ?? {});
  return Object.fromEntries(figures.map((figure) => [figure, median(runs.map((run) => run[figure]))]));
}
