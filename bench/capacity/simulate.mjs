import { createRandom } from '../lib/random.mjs';
import { logArrivals, logServer } from './log-arrivals.mjs';
import { SimulatedGateway } from './simulated-gateway.mjs';

/**
 * @typedef {object} Simulation
 * @property {number} logs
 * @property {number} gateways of each log
 * @property {number} viewers of each gateway
 * @property {import('./simulated-gateway.mjs').GatewayFigures} gateway
 * @property {import('./log-arrivals.mjs').LogServer} logServer of each log
 */

/**
 * One gateway of one log; the others have as much to do. Tables, rows and viewers are spread evenly over the logs. The same
 * seed gives the same figures.
 * @param {import('./scenario.mjs').Scenario} scenario
 * @param {import('./unit-costs.mjs').UnitCosts} costs
 * @param {{ logs: number, gateways: number }} spread `gateways` of each log
 * @returns {Simulation}
 */
export function simulate(scenario, costs, { logs, gateways }) {
  const load = {
    gateways,
    viewers: Math.ceil(scenario.viewers / logs / gateways),
    groups: Math.max(1, Math.floor(scenario.tables / logs / scenario.tablesPerViewer)),
    publicationsPerSecond: scenario.rowsPerSecond / scenario.rowsPerPublication / logs,
  };
  // Arrivals have random numbers of their own: they are the same however many gateways and viewers there are.
  const randoms = { random: createRandom(scenario.seed), delayRandom: createRandom(scenario.seed + 2) };
  const arrivals = logArrivals(scenario, costs, load, randoms);
  const random = createRandom(scenario.seed + 1);
  const gateway = new SimulatedGateway({ scenario, costs, load, arrivals, random }).run();
  return { logs, gateways, viewers: load.viewers, gateway, logServer: logServer(scenario, costs, load) };
}
