// Which benchmarks there are.
import { capacity } from '../cases/capacity.mjs';
import { costs } from '../cases/costs.mjs';
import { durable } from '../cases/durable.mjs';
import { fanout } from '../cases/fanout.mjs';
import { fanoutTable } from '../cases/fanout-table.mjs';
import { growth } from '../cases/growth.mjs';
import { intakeAppend } from '../cases/intake-append.mjs';
import { intakeCheck } from '../cases/intake-check.mjs';
import { intakeSmall } from '../cases/intake-small.mjs';
import { intakeUpsert } from '../cases/intake-upsert.mjs';
import { latency } from '../cases/latency.mjs';
import { memory } from '../cases/memory.mjs';
import { page } from '../cases/page.mjs';
import { pageHeap } from '../cases/page-heap.mjs';
import { rejoin } from '../cases/rejoin.mjs';
import { responsive } from '../cases/responsive.mjs';
import { scale } from '../cases/scale.mjs';
import { sharedLog } from '../cases/shared-log.mjs';
import { slowViewers } from '../cases/slow-viewers.mjs';
import { trigger } from '../cases/trigger.mjs';
import { workers } from '../cases/workers.mjs';

/** @type {readonly import('./case.mjs').BenchCase[]} */
export const cases = [
  intakeAppend,
  intakeSmall,
  intakeUpsert,
  intakeCheck,
  fanout,
  latency,
  fanoutTable,
  slowViewers,
  memory,
  trigger,
  growth,
  rejoin,
  page,
  pageHeap,
  durable,
  responsive,
  scale,
  costs,
  capacity,
  sharedLog,
  workers,
];
