// Whether so many gateways are enough, and what they are too few for.

/** @typedef {'viewers' | 'processor' | 'network' | 'log' | 'delay' | 'death'} Limit */

/** @type {Record<Limit, string>} */
export const limitMeanings = {
  viewers: 'viewers of a gateway, with those of one that died',
  processor: "a gateway's core",
  network: "a gateway's network",
  log: 'the NATS server that leads a stream',
  delay: 'delay of deliveries',
  death: "the return of a dead gateway's viewers",
};

/**
 * @param {import('./scenario.mjs').Scenario} scenario
 * @param {import('./simulate.mjs').Simulation} simulation
 * @returns {Limit[]} what is exceeded; nothing where all holds
 */
export function exceeded(scenario, { gateways, viewers, gateway, logServer }) {
  const { steady } = gateway;
  const afterDeath = gateways > 1 ? viewers * (gateways / (gateways - 1)) : viewers;
  /** @type {Record<Limit, boolean>} */
  const isExceeded = {
    viewers: afterDeath > scenario.maxViewers,
    processor: steady.utilization > scenario.maxUtilization,
    network: steady.gbit > scenario.maxUtilization * scenario.gatewayGbit,
    log: logServer.utilization > scenario.maxUtilization,
    delay: !(steady.p99Ms <= scenario.maxP99Ms) && steady.deliveriesPerSecond > 0,
    death: !isDeathAbsorbed(scenario, { gateways, gateway }),
  };
  return /** @type {Limit[]} */ (Object.keys(isExceeded)).filter((limit) => isExceeded[limit]);
}

/**
 * Whether the others took the viewers of a gateway that died, in time, and are well with them.
 * @param {import('./scenario.mjs').Scenario} scenario
 * @param {Pick<import('./simulate.mjs').Simulation, 'gateways' | 'gateway'>} simulation
 */
export function isDeathAbsorbed(scenario, { gateways, gateway: { recoveredMs, settled } }) {
  const isWell = settled.deliveriesPerSecond === 0 || settled.p99Ms <= scenario.maxP99Ms;
  return gateways > 1 && recoveredMs <= scenario.recoveryS * 1000 && isWell && settled.utilization < 1;
}
