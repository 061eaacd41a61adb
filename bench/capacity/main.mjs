// npm run capacity: how many gateways and NATS servers so many viewers and rows a second take, by simulation.
import { describePlan } from './describe-plan.mjs';
import { planCapacity } from './plan.mjs';
import { parseCapacityOptions, UsageError, usage } from './scenario.mjs';
import { keptCostsPath, readUnitCosts } from './unit-costs.mjs';

/** @param {readonly string[]} args @returns {number} exit code: 1 where nothing is enough */
function run(args) {
  const { costs: path, json, help, ...scenario } = parseCapacityOptions(args);
  if (help) {
    console.log(usage());
    return 0;
  }
  const { costs, measuredAt } = readUnitCosts(path ?? keptCostsPath);
  const plan = planCapacity(scenario, costs);
  console.log(
    json ? JSON.stringify({ scenario, plan, measuredAt }) : describePlan(scenario, plan, measuredAt),
  );
  return plan.isEnough ? 0 : 1;
}

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  console.error(`capacity: ${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
