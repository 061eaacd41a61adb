// One gateway of a log, event by event: its core serves one thing after the other, in turns as gateway/live/broadcaster.ts
// and gateway/log/nats/stream-reader.ts do, and its network sends one thing after the other.
import { EventQueue } from './event-queue.mjs';
import { Phases } from './phases.mjs';
import { SimulatedTables } from './simulated-tables.mjs';
import { SimulatedViewers } from './simulated-viewers.mjs';

/** So long one kind of work goes on before the next has its turn. */
const turnMs = 8;
const beatMs = 1000;
/** The first delay of ui/back-off.ts: over its upper half those come back whose gateway died. */
const firstBackOffMs = 100;

/**
 * @typedef {object} GatewayFigures
 * @property {import('./phases.mjs').PhaseFigures} steady before a gateway dies
 * @property {import('./phases.mjs').PhaseFigures} returning while its viewers come back
 * @property {import('./phases.mjs').PhaseFigures} settled the last quarter of the time
 * @property {number} recoveredMs after the death, when all of its viewers that came here are served; infinite where not by the end
 *
 * @typedef {object} GatewayOptions
 * @property {import('./scenario.mjs').Scenario} scenario
 * @property {import('./unit-costs.mjs').UnitCosts} costs
 * @property {import('./log-arrivals.mjs').LogLoad} load
 * @property {Iterator<import('./log-arrivals.mjs').LogArrival, void>} arrivals
 * @property {() => number} random
 */

export class SimulatedGateway {
  #options;
  #tables;
  #viewers;
  #phases;
  #endMs;
  #nowMs = 0;
  #nextBeatMs;
  #networkFreeMs = 0;
  /** @type {import('./log-arrivals.mjs').LogArrival | undefined} */
  #arrival;
  /** Viewers that come back. @type {number[]} */
  #joinsMs;
  #joined = 0;
  /** Viewers whose lines were full. @type {EventQueue<number>} */
  #drains = new EventQueue();
  /** What viewers were sent at the present version, by their group and the version before. @type {Set<number>} */
  #framed = new Set();
  #framedVersion = 0;
  #unserved = 0;
  #recoveredMs = 0;

  /** @param {GatewayOptions} options */
  constructor(options) {
    const { scenario, load, random } = options;
    this.#options = options;
    this.#endMs = scenario.seconds * 1000;
    this.#phases = new Phases(this.#endMs);
    this.#nextBeatMs = random() * beatMs;
    const orphans = load.gateways > 1 ? Math.ceil(load.viewers / (load.gateways - 1)) : 0;
    this.#joinsMs = Array.from(
      { length: orphans },
      () => this.#phases.deathMs + (firstBackOffMs * (1 + random())) / 2,
    ).sort((a, b) => a - b);
    const { groups } = load;
    const capacity = load.viewers + orphans;
    this.#viewers = new SimulatedViewers({ capacity, groups, slowShare: scenario.slowShare, random });
    this.#viewers.count = load.viewers;
    this.#unserved = orphans;
    const { rowsPerTable, tablesPerViewer, rowsPerPublication, bytesPerRow } = scenario;
    const rowsOfGroup = rowsPerTable * tablesPerViewer;
    this.#tables = new SimulatedTables({ groups, rowsOfGroup, rowsPerPublication, bytesPerRow });
  }

  /** @returns {GatewayFigures} */
  run() {
    this.#nextArrival();
    while (this.#nowMs < this.#endMs) {
      const beforeMs = this.#nowMs;
      this.#beat();
      this.#fold();
      this.#join();
      this.#drain();
      this.#serve();
      if (this.#nowMs === beforeMs && this.#viewers.dueCount === 0) this.#nowMs = this.#nextEventMs();
    }
    const recoveredMs = this.#unserved > 0 ? Number.POSITIVE_INFINITY : this.#recoveredMs;
    return { ...this.#phases.figures(), recoveredMs };
  }

  #nextEventMs() {
    return Math.min(
      this.#nextBeatMs,
      this.#arrival?.atMs ?? Number.POSITIVE_INFINITY,
      this.#joinsMs[this.#joined] ?? Number.POSITIVE_INFINITY,
      this.#drains.nextAtMs,
      this.#endMs,
    );
  }

  /** @param {number} us */
  #work(us) {
    const ms = us / 1000;
    this.#phases.at(this.#nowMs).busyMs += ms;
    this.#nowMs += ms;
  }

  #beat() {
    const { costs } = this.#options;
    if (this.#nextBeatMs > this.#nowMs) return;
    this.#work(costs.gatewayIdleMsPerS * 1000 + this.#viewers.count * costs.viewerIdleUsPerS);
    // A timer that is late does not catch up.
    this.#nextBeatMs = Math.max(this.#nextBeatMs + beatMs, this.#nowMs);
  }

  #nextArrival() {
    const { value } = this.#options.arrivals.next();
    this.#arrival = value ?? undefined;
  }

  #fold() {
    const turnEndMs = this.#nowMs + turnMs;
    while (this.#arrival !== undefined && this.#arrival.atMs <= this.#nowMs && this.#nowMs < turnEndMs) {
      this.#take(this.#arrival);
      this.#nextArrival();
    }
  }

  /** @param {import('./log-arrivals.mjs').LogArrival} arrival */
  #take(arrival) {
    const { costs, scenario } = this.#options;
    if (arrival.kind === 'publication') {
      const rowNs = scenario.keyed > 0 ? costs.foldUpsertRowNs : costs.foldRowNs;
      const intakeUs = costs.intakeMessageUs + (costs.intakeRowNs * scenario.rowsPerPublication) / 1000;
      this.#work(
        costs.foldMessageUs + (rowNs * scenario.rowsPerPublication) / 1000 + (arrival.isOwn ? intakeUs : 0),
      );
      this.#tables.stage(arrival.group);
      if (scenario.commitsPerSecond > 0) return;
    } else this.#work(costs.foldMessageUs);
    this.#tables.commit(arrival.sentMs);
    this.#phases.at(this.#nowMs).commits += this.#viewers.count;
    this.#viewers.setAllDue();
  }

  #join() {
    const turnEndMs = this.#nowMs + turnMs;
    for (;;) {
      const atMs = this.#joinsMs[this.#joined];
      if (atMs === undefined || atMs > this.#nowMs || this.#nowMs >= turnEndMs) return;
      this.#joined += 1;
      this.#work(this.#options.costs.joinUs);
      const viewer = this.#viewers.count++;
      const needsSnapshot = this.#options.random() < this.#options.scenario.snapshotShare;
      this.#viewers.versions[viewer] = needsSnapshot ? -1 : this.#tables.version;
      this.#viewers.toldRows[viewer] = this.#tables.rowsOf(this.#viewers.groupOf(viewer));
      if (needsSnapshot) this.#viewers.setDue(viewer);
      else this.#returned(this.#nowMs);
    }
  }

  /** @param {number} servedMs */
  #returned(servedMs) {
    this.#unserved -= 1;
    this.#recoveredMs = Math.max(this.#recoveredMs, servedMs - this.#phases.deathMs);
  }

  #drain() {
    while (this.#drains.nextAtMs <= this.#nowMs) this.#viewers.setDue(this.#drains.take() ?? 0);
  }

  #serve() {
    const turnEndMs = this.#nowMs + turnMs;
    while (this.#nowMs < turnEndMs) {
      const viewer = this.#viewers.takeDue();
      if (viewer < 0) return;
      const fullUntilMs = this.#viewers.fullUntilMs(viewer, this.#nowMs);
      if (fullUntilMs > 0) this.#drains.add(fullUntilMs, viewer);
      else if (this.#viewers.versions[viewer] !== this.#tables.version) this.#deliver(viewer);
    }
  }

  /** @param {number} viewer */
  #deliver(viewer) {
    const { costs } = this.#options;
    const [viewers, tables] = [this.#viewers, this.#tables];
    const group = viewers.groupOf(viewer);
    const since = viewers.versions[viewer] ?? -1;
    const rows = tables.rowsFor(group, since < 0 ? null : (viewers.toldRows[viewer] ?? 0));
    const bytes = tables.bytesOf(rows);
    const sendUs =
      rows === 0 ? costs.notificationUs : costs.deliveryUs + (costs.deliveryUsPerKb * bytes) / 1024;
    this.#work(sendUs + (this.#isFramed(group, since) ? 0 : (rows * costs.encodeRowNs) / 1000));
    const sentMs = this.#send(viewer, bytes);
    viewers.versions[viewer] = tables.version;
    viewers.toldRows[viewer] = tables.rowsOf(group);
    const phase = this.#phases.at(this.#nowMs);
    phase.deliveries += 1;
    phase.bytes += bytes;
    if (since < 0) this.#returned(sentMs);
    else if (!viewers.isSlow(viewer)) phase.delays.add(sentMs - tables.sentMsAfter(since));
  }

  /** @param {number} viewer @param {number} bytes @returns {number} when they have left the gateway */
  #send(viewer, bytes) {
    const { gatewayGbit, slowMbit } = this.#options.scenario;
    // What a slow line takes goes out between what the others take.
    const ownMs = this.#viewers.isSlow(viewer) ? 0 : (bytes * 8) / (gatewayGbit * 1e6);
    this.#networkFreeMs = Math.max(this.#networkFreeMs, this.#nowMs) + ownMs;
    this.#viewers.send(viewer, bytes, this.#networkFreeMs, (slowMbit * 1e3) / 8);
    return this.#networkFreeMs;
  }

  /** Viewers of one group that have the same version are sent the same bytes, made once. @param {number} group @param {number} since */
  #isFramed(group, since) {
    if (this.#framedVersion !== this.#tables.version) this.#framed.clear();
    this.#framedVersion = this.#tables.version;
    const frame = (since + 1) * this.#options.load.groups + group;
    if (this.#framed.has(frame)) return true;
    this.#framed.add(frame);
    return false;
  }
}
