import type { UnitCosts } from '../../../bench/capacity/unit-costs.mjs';

/** Round figures, so that what follows from them can be told in advance. */
export const ROUND_COSTS: UnitCosts = {
  gatewayIdleMsPerS: 5,
  viewerIdleUsPerS: 5,
  notificationUs: 20,
  deliveryUs: 20,
  deliveryUsPerKb: 0.2,
  foldMessageUs: 50,
  foldRowNs: 50,
  foldUpsertRowNs: 150,
  intakeMessageUs: 50,
  intakeRowNs: 50,
  encodeRowNs: 20,
  joinUs: 400,
  gatewayMb: 100,
  viewerKb: 10,
  rowBytes: 50,
  natsMessageUs: 10,
  natsUsPerMb: 500,
  logDelayP50Ms: 2,
  logDelayP99Ms: 10,
};
