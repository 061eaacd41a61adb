// Unit costs from what whole situations took: each from the difference of two that differ in that alone.

/**
 * @typedef {import('./rounds.mjs').Figures} Figures
 * @typedef {{ fixed: number, slope: number, at: (size: number) => number }} Line
 */

const bytesPerKb = 1024;
const bytesPerMb = 1024 ** 2;
/** Of the flows of cost-points, and what such a publication weighs in the log. */
const small = { rows: 10, mb: 1900 / bytesPerMb };
const large = { rows: 10_000, mb: 481_500 / bytesPerMb };

/**
 * @param {Record<string, Figures>} points of cost-points, by name
 * @returns {import('../capacity/unit-costs.mjs').UnitCosts}
 */
export function costsOf(points) {
  const { idle, idleViewers, foldSmall, foldLarge, foldKeyed, encode, notify, join, delay, memory } = points;
  const gatewayUs = ({ cpuMs }) => (cpuMs - idle.cpuMs) * 1000;
  const intakeUs = ({ intakeCpuMs, cpuMs }) => (intakeCpuMs - cpuMs) * 1000;
  const beatUs = gatewayUs(idleViewers) / idleViewers.viewers;
  const fold = perMessage(gatewayUs, foldSmall, foldLarge);
  const intake = perMessage(intakeUs, foldSmall, foldLarge);
  /** What is left for delivering. @param {Figures} point @param {number} rows */
  const forViewersUs = (point, rows) =>
    gatewayUs(point) - fold.at(rows) * point.messages - beatUs * point.viewers;
  const delivered = [points.kb1, points.kb64].map((point, i) => ({
    x: point.bytes / point.deliveries / bytesPerKb,
    y: forViewersUs(point, i === 0 ? 1 : 1340) / point.deliveries,
  }));
  const delivery = lineThrough(delivered[0], delivered[1]);
  const encodeUs = (encode.toldMs - encode.aloneMs) * 1000 - delivery.at(encode.bytes / bytesPerKb);
  return {
    gatewayIdleMsPerS: idle.cpuMs,
    viewerIdleUsPerS: beatUs,
    notificationUs: forViewersUs(notify, 1) / (notify.texts - notify.viewers),
    deliveryUs: delivery.fixed,
    deliveryUsPerKb: delivery.slope,
    foldMessageUs: fold.fixed,
    foldRowNs: fold.slope * 1000,
    foldUpsertRowNs: ((gatewayUs(foldKeyed) / foldKeyed.messages - fold.fixed) * 1000) / large.rows,
    intakeMessageUs: intake.fixed,
    intakeRowNs: intake.slope * 1000,
    encodeRowNs: (Math.max(0, encodeUs) * 1000) / large.rows,
    joinUs: join.cpuUsEach,
    gatewayMb: memory.gatewayMb,
    viewerKb: memory.viewerKb,
    rowBytes: memory.rowBytes,
    ...natsCosts(points),
    logDelayP50Ms: delay.p50Ms,
    logDelayP99Ms: delay.p99Ms,
  };
}

/**
 * What a NATS server takes for a publication that it stores, or sends to one of two gateways: taken as the same, though storing
 * is more.
 * @param {Record<string, Figures>} points
 */
function natsCosts({ idle, foldSmall, foldLarge }) {
  const times = 3;
  const us = (/** @type {Figures} */ { natsMs, messages }) =>
    ((natsMs - idle.natsMs) * 1000) / messages / times;
  const each = lineThrough({ x: small.mb, y: us(foldSmall) }, { x: large.mb, y: us(foldLarge) });
  return { natsMessageUs: each.fixed, natsUsPerMb: each.slope };
}

/** By rows. @param {(point: Figures) => number} us @param {Figures} few @param {Figures} many @returns {Line} */
function perMessage(us, few, many) {
  return lineThrough(
    { x: small.rows, y: us(few) / few.messages },
    { x: large.rows, y: us(many) / many.messages },
  );
}

/** A cost is never negative, whatever noise says. @param {{ x: number, y: number }} a @param {{ x: number, y: number }} b @returns {Line} */
function lineThrough(a, b) {
  const slope = Math.max(0, (b.y - a.y) / (b.x - a.x));
  const fixed = Math.max(0, a.y - slope * a.x);
  return { fixed, slope, at: (size) => fixed + slope * size };
}
