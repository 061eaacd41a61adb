import { limitMeanings } from './limits.mjs';
import { logMbPerSecond } from './plan.mjs';

/**
 * @param {import('./scenario.mjs').Scenario} scenario @param {import('./plan.mjs').Plan} plan
 * @param {string} measuredAt where and when the costs were measured
 * @returns {string} for people
 */
export function describePlan(scenario, plan, measuredAt) {
  const limits = plan.limits.map((limit) => limitMeanings[limit]).join('; ');
  const recovery = Number.isFinite(plan.recoveredMs)
    ? `its viewers are served again after ${spelled(plan.recoveredMs)} ms, 99 of 100 other deliveries within ${spelled(plan.returningP99Ms)} ms meanwhile`
    : 'its viewers are not all served again in the time simulated';
  return [
    `${plan.isEnough ? 'Enough' : 'NOT ENOUGH'} for ${spelled(scenario.viewers)} viewers and ${spelled(scenario.rowsPerSecond)} rows/s:`,
    `  ${plan.logs} ${plan.logs === 1 ? 'log' : 'logs'}, ${plan.gateways} gateways with ${spelled(plan.viewersPerGateway)} viewers each, ${plan.natsServers} NATS servers`,
    `  gateways: ${spelled(plan.gatewayCores)} cores in use (${percent(plan.utilization)} each), ${spelled(plan.gatewayMemoryGb)} GB each`,
    `  NATS: ${spelled(plan.natsCores)} cores in use, ${percent(plan.logUtilization)} of the server that leads a stream, ${spelled(logMbPerSecond(scenario))} MB/s to the disk of each copy`,
    `  network: ${spelled(plan.viewerGbit)} Gbit/s to viewers, ${spelled(plan.logGbit)} Gbit/s out of NATS`,
    `  ${spelled(plan.deliveriesPerSecond)} deliveries/s, delay p50 ${spelled(plan.p50Ms)} ms, p99 ${spelled(plan.p99Ms)} ms`,
    `  a gateway dies: ${plan.isDeathAbsorbed ? 'absorbed' : 'NOT ABSORBED'}; ${recovery}`,
    `  ${plan.isEnough ? 'with fewer gateways it fails for' : 'it fails for'}: ${limits === '' ? 'nothing' : limits}`,
    `Simulated with seed ${scenario.seed} from costs of: ${measuredAt}`,
  ].join('\n');
}

/** @param {number} value three digits are more than a simulation gives */
function spelled(value) {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

/** @param {number} share */
function percent(share) {
  return `${spelled(share * 100)} %`;
}
