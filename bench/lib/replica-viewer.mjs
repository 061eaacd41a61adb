// A viewer of the gateway that keeps a replica, as any program would with the project's protocol.
import { sharedNowMs } from './clock.mjs';
import { builtModule, projectPackage } from './packages.mjs';

const { WebSocket } = projectPackage('ws');

/**
 * @typedef {{ type: string, version: number, changes: { op: string, rows: number }[] }} CommitMessage
 * @typedef {(live: any, rows: number, times: { arrivedMs: number, appliedMs: number }) => void} OnApplied
 * the table, how many rows a commit brought, when it was whole and when it was applied
 */

/**
 * @param {{ port: number, table: string, onApplied: OnApplied }} options
 * @returns {Promise<{ close: () => void }>} once the subscription is answered
 */
export async function connectReplicaViewer({ port, table, onApplied }) {
  const { applyChange } = await import(builtModule('protocol/table/replica-table.js'));
  const tables = new Map();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, 'tablecast.v1');
  return new Promise((resolve, reject) => {
    let isAnswered = false;
    const take = (/** @type {CommitMessage} */ commit, /** @type {Buffer[]} */ payloads) => {
      const arrivedMs = sharedNowMs();
      const at = { version: commit.version, timeMs: Date.now() };
      let next = 0;
      for (const change of commit.changes)
        applyChange(tables, change, change.op === 'drop' ? null : payloads[next++], at);
      const times = { arrivedMs, appliedMs: sharedNowMs() };
      const rows = commit.changes.reduce((sum, change) => sum + change.rows, 0);
      if (isAnswered && rows > 0) onApplied(tables.get(table), rows, times);
      isAnswered = true;
      resolve({ close: () => socket.terminate() });
    };
    socket.on('message', collectCommits(take));
    socket.once('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ type: 'subscribe', tables: [table] })));
  });
}

/** @param {(commit: CommitMessage, payloads: Buffer[]) => void} take called with whole commits */
function collectCommits(take) {
  /** @type {CommitMessage | null} */
  let commit = null;
  /** @type {Buffer[]} */
  let payloads = [];
  let expected = 0;
  return (/** @type {Buffer} */ data, /** @type {boolean} */ isBinary) => {
    if (isBinary) payloads.push(data);
    else {
      const message = JSON.parse(data.toString());
      if (message.type !== 'commit') return;
      commit = message;
      expected = message.changes.filter((/** @type {{ op: string }} */ { op }) => op !== 'drop').length;
    }
    if (commit === null || payloads.length < expected) return;
    const whole = { commit, payloads };
    commit = null;
    payloads = [];
    take(whole.commit, whole.payloads);
  };
}
