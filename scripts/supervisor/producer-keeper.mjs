// Keeps the built-in producer running. It starts together with the gateway, so that its first rows are ready when the
// gateway is; what it says before that is held back, because where the gateway does not start only the gateway's own
// reason matters to people.
import { describeEnd, startProgram } from './child-program.mjs';

const longestRestartDelayMs = 30_000;
/** A producer that ran this long was fine: the next delay is the first one again. */
const steadyAfterMs = 30_000;
const heldOutputLimitBytes = 64 * 1024;

/** @typedef {{ write: (chunk: string | Uint8Array) => unknown }} Output */

/**
 * @param {object} options
 * @param {string} options.module
 * @param {import('./producer-link.mjs').ProducerLink} options.link
 * @param {boolean} options.insecure whether it may bind where other machines reach it
 * @param {NodeJS.ProcessEnv} options.env
 * @param {Promise<void>} options.live
 * @param {Output} options.stdout
 * @param {Output} options.stderr
 * @param {(line: string) => void} options.log
 * @param {number} options.restartDelayMs
 * @returns {{ close: () => Promise<void> }}
 */
export function keepProducerRunning({
  module,
  link,
  insecure,
  env,
  live,
  stdout,
  stderr,
  log,
  restartDelayMs,
}) {
  const args = ['system', link.flag, link.address, ...(insecure ? ['--insecure'] : [])];
  let isClosed = false;
  let delayMs = restartDelayMs;
  /** @type {NodeJS.Timeout | undefined} */
  let restart;
  /** @type {import('./child-program.mjs').ChildProgram | undefined} */
  let program;

  const start = () => {
    if (isClosed) return;
    const startedAt = performance.now();
    program = startProgram({ module, args, env, stdout: 'pipe', stderr: 'pipe' });
    forwardOnce(live, program.process.stdout, stdout);
    forwardOnce(live, program.process.stderr, stderr);
    void Promise.all([program.ended, live]).then(([end]) => {
      if (isClosed) return;
      if (performance.now() - startedAt > steadyAfterMs) delayMs = restartDelayMs;
      restart = setTimeout(start, delayMs);
      log(`The producer ended (${describeEnd(end)}); starting it again in ${delayMs / 1000} s.`);
      delayMs = Math.min(delayMs * 2, longestRestartDelayMs);
    });
  };
  // What connects waits for its own gateway: until that is up, another one may hold the address.
  if (link.flag === '--bind') start();
  else void live.then(start);

  const close = async () => {
    isClosed = true;
    clearTimeout(restart);
    await program?.close();
  };
  return { close };
}

/**
 * @param {Promise<void>} live
 * @param {NodeJS.ReadableStream | null} from
 * @param {Output} to
 */
function forwardOnce(live, from, to) {
  /** @type {Uint8Array[] | null} */
  let held = [];
  let heldBytes = 0;
  from?.on('data', (/** @type {Buffer} */ chunk) => {
    if (held === null) to.write(chunk);
    else if (heldBytes < heldOutputLimitBytes) {
      heldBytes += chunk.length;
      held.push(chunk);
    }
  });
  void live.then(() => {
    for (const chunk of held ?? []) to.write(chunk);
    held = null;
  });
}
