import { exceeded, isDeathAbsorbed } from './limits.mjs';
import { publicationSize } from './log-arrivals.mjs';
import { simulate } from './simulate.mjs';

const mostGateways = 4096;
const logCounts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256];
const bytesPerGb = 1024 ** 3;
/** The rows whose memory was measured. */
const measuredRowBytes = 48;

/**
 * @typedef {object} Plan
 * @property {boolean} isEnough whether all that was asked for holds
 * @property {import('./limits.mjs').Limit[]} limits what is exceeded, or where it is enough, what would be with a gateway less at each log
 * @property {number} logs
 * @property {number} gateways of all logs
 * @property {number} viewersPerGateway
 * @property {number} gatewayCores in use, of all gateways
 * @property {number} natsServers
 * @property {number} natsCores in use, of all of them
 * @property {number} viewerGbit a second to viewers, of all gateways
 * @property {number} logGbit a second out of all NATS servers
 * @property {number} gatewayMemoryGb of each gateway
 * @property {number} utilization share of its core that a gateway uses
 * @property {number} logUtilization of the server that leads a stream
 * @property {number} deliveriesPerSecond of all gateways
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} returningP99Ms while the viewers of a gateway that died come back to the others
 * @property {number} recoveredMs after a gateway's death, when its viewers are served again; infinite where not in the time simulated
 * @property {boolean} isDeathAbsorbed
 */

/**
 * The fewest logs, and of each the fewest gateways, that do what is asked for, by simulating them.
 * @param {import('./scenario.mjs').Scenario} scenario @param {import('./unit-costs.mjs').UnitCosts} costs
 * @returns {Plan} the last one tried where none is enough
 */
export function planCapacity(scenario, costs) {
  const given = scenario.logs > 0 ? scenario.logs : scenario.gateways > 0 ? 1 : null;
  const counts = given !== null ? [given] : logCounts.filter((logs) => logs <= scenario.tables);
  /** @type {Plan | null} */
  let plan = null;
  for (const logs of counts) {
    plan = planLogs(scenario, costs, logs);
    if (plan.isEnough) break;
  }
  return /** @type {Plan} */ (plan);
}

/** @param {import('./scenario.mjs').Scenario} scenario @param {import('./unit-costs.mjs').UnitCosts} costs @param {number} logs @returns {Plan} */
function planLogs(scenario, costs, logs) {
  const tried = (/** @type {number} */ gateways) => {
    const simulation = simulate(scenario, costs, { logs, gateways });
    return { simulation, limits: exceeded(scenario, simulation) };
  };
  if (scenario.gateways > 0) {
    const { simulation, limits } = tried(scenario.gateways);
    return planOf(scenario, costs, simulation, limits.length === 0, limits);
  }
  // Below are too few, above enough. A gateway that dies needs another.
  let below = 1;
  let above = Math.max(2, Math.ceil(scenario.viewers / logs / scenario.maxViewers) + 1);
  let [tooFew, enough] = [tried(below), tried(above)];
  while (enough.limits.length > 0) {
    [below, tooFew] = [above, enough];
    // The log's server has more to do with each gateway: more of them mend nothing.
    if (enough.limits.includes('log') || above * 2 > mostGateways)
      return planOf(scenario, costs, enough.simulation, false, enough.limits);
    above *= 2;
    enough = tried(above);
  }
  while (above - below > Math.max(1, Math.floor(above / 50))) {
    const middle = (above + below) >> 1;
    const one = tried(middle);
    if (one.limits.length > 0) [below, tooFew] = [middle, one];
    else [above, enough] = [middle, one];
  }
  return planOf(scenario, costs, enough.simulation, true, tooFew.limits);
}

/**
 * @param {import('./scenario.mjs').Scenario} scenario @param {import('./unit-costs.mjs').UnitCosts} costs
 * @param {import('./simulate.mjs').Simulation} simulation @param {boolean} isEnough @param {import('./limits.mjs').Limit[]} limits
 * @returns {Plan}
 */
function planOf(scenario, costs, simulation, isEnough, limits) {
  const { logs, gateway, viewers, logServer } = simulation;
  const gateways = simulation.gateways * logs;
  const { steady, returning, recoveredMs } = gateway;
  const rows = (scenario.tables / logs) * scenario.rowsPerTable;
  const rowBytes = costs.rowBytes * (scenario.bytesPerRow / measuredRowBytes);
  return {
    isEnough,
    limits,
    logs,
    gateways,
    viewersPerGateway: viewers,
    gatewayCores: steady.utilization * gateways,
    // Each server may lead some of the streams and keeps copies of others.
    natsServers: Math.max(
      scenario.replicas,
      Math.ceil((logs * logServer.cores) / scenario.natsCores / scenario.maxUtilization),
      Math.ceil((logs * logServer.gbit) / scenario.natsGbit / scenario.maxUtilization),
    ),
    natsCores: logServer.cores * logs,
    viewerGbit: steady.gbit * gateways,
    logGbit: logServer.gbit * logs,
    gatewayMemoryGb:
      (costs.gatewayMb * 1024 ** 2 + viewers * costs.viewerKb * 1024 + rows * rowBytes) / bytesPerGb,
    utilization: steady.utilization,
    logUtilization: logServer.utilization,
    deliveriesPerSecond: steady.deliveriesPerSecond * gateways,
    p50Ms: steady.p50Ms,
    p99Ms: steady.p99Ms,
    returningP99Ms: returning.p99Ms,
    recoveredMs,
    isDeathAbsorbed: isDeathAbsorbed(scenario, simulation),
  };
}

/** What the log's disks take. @param {import('./scenario.mjs').Scenario} scenario @returns {number} MB a second, each copy */
export function logMbPerSecond(scenario) {
  return (publicationSize(scenario) * scenario.rowsPerSecond) / scenario.rowsPerPublication / 1e6;
}
