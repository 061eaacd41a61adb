// A result: what was measured, of ours and of the peers, and whether it is what we want.

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {string} unit
 * @property {number} ours
 * @property {Record<string, number>} peers
 * @property {Record<string, number>} ratio ours to each peer
 * @property {Record<string, string>} goal by peer for ratios, or `ours` for the figure itself: ">= 0.85", "<= 14"
 * @property {boolean} met whether every goal was measured and reached
 * @property {Record<string, number>} detail further figures, units in their names
 * @property {Record<string, string>} [context] where and when, for figures that are kept
 */

/**
 * @param {Omit<Result, 'ratio' | 'met' | 'detail'> & { detail?: Record<string, number> }} measured
 * @returns {Result}
 */
export function result({ name, unit, ours, peers, goal, detail = {}, context }) {
  const ratio = mapValues(peers, (figure) => significant(ours / figure));
  const met = Object.entries(goal).every(([of, wanted]) => holds(of === 'ours' ? ours : ratio[of], wanted));
  return {
    name,
    unit,
    ours: significant(ours),
    peers: mapValues(peers, significant),
    ratio,
    goal,
    met,
    detail: mapValues(detail, significant),
    ...(context === undefined ? {} : { context }),
  };
}

/** @param {number | undefined} figure undefined where it was not measured @param {string} wanted */
function holds(figure, wanted) {
  const [, comparison, limit] = /^(>=|<=) ([\d.]+)$/.exec(wanted) ?? [];
  if (comparison === undefined) throw new TypeError(`A goal reads ">= 1.5" or "<= 1.5", not "${wanted}"`);
  if (figure === undefined || Number.isNaN(figure)) return false;
  return comparison === '>=' ? figure >= Number(limit) : figure <= Number(limit);
}

/** @param {Result} result @returns {string} for people, one line and its details */
export function describe({ name, unit, ours, peers, ratio, goal, met, detail }) {
  const wanted = (of) => (goal[of] === undefined ? '' : `, goal ${goal[of]}`);
  const rivals = Object.keys(peers).map((of) => `${of} ${spelled(peers[of])} (${ratio[of]} ×${wanted(of)})`);
  const missing = Object.keys(goal).filter((of) => of !== 'ours' && peers[of] === undefined);
  const own = goal.ours === undefined ? '' : ` (goal ${goal.ours})`;
  const line = [`${met ? '✓' : '✗'} ${name}: ${spelled(ours)} ${unit}${own}`, ...rivals];
  for (const of of missing) line.push(`${of} not measured${wanted(of)}`);
  const more = Object.entries(detail).map(([figure, value]) => `${figure} ${spelled(value)}`);
  return [line.join(' · '), ...(more.length === 0 ? [] : [`    ${more.join(', ')}`])].join('\n');
}

/** @param {number} value four significant digits are more than a measurement gives */
function significant(value) {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value;
}

/** @param {number} value */
function spelled(value) {
  return value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}

/** @param {Record<string, number>} record @param {(value: number) => number} change */
function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
