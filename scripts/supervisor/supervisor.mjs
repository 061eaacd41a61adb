// Runs the gateway and the built-in producer as two processes. The gateway's end ends both; the producer's end does
// not: it is started again, after a delay that doubles while it keeps failing.
import { describeEnd, exitCodeOf, gatewayEndTimeoutMs, startProgram } from './child-program.mjs';
import { asksForInformation, withoutSecrets } from './gateway-flags.mjs';
import { keepProducerRunning } from './producer-keeper.mjs';
import { chooseProducerLink } from './producer-link.mjs';

const liveLine = 'Tablecast is live at';

/**
 * @typedef {object} SupervisorOptions
 * @property {string} gatewayModule
 * @property {string} producerModule
 * @property {readonly string[]} args the gateway's flags
 * @property {import('./producer-link.mjs').ParseTcpAddress} parseTcpAddress
 * @property {NodeJS.ProcessEnv} [env]
 * @property {{ write: (chunk: string | Uint8Array) => unknown }} [stdout]
 * @property {{ write: (chunk: string | Uint8Array) => unknown }} [stderr]
 * @property {number} [restartDelayMs] before the producer's first restart
 * @property {number} [endTimeoutMs] how long the gateway may take to end by itself
 */

/**
 * @param {SupervisorOptions} options
 * @returns {{ exitCode: Promise<number>, close: () => Promise<void> }} exitCode: the gateway's, once both have ended
 */
export function supervise(options) {
  const { gatewayModule, producerModule, parseTcpAddress } = options;
  const { restartDelayMs = 1000, endTimeoutMs = gatewayEndTimeoutMs } = options;
  const { args, env } = withoutSecrets(options.args, options.env ?? process.env);
  const { stdout = process.stdout, stderr = process.stderr } = options;
  const log = (/** @type {string} */ line) => void stderr.write(`${line}\n`);
  let isClosing = false;
  const gateway = startProgram({ module: gatewayModule, args, env, stdout: 'pipe', stderr: 'pipe' });
  gateway.process.stderr?.on('data', (chunk) => stderr.write(chunk));
  const live = forwardUntilLive(gateway, stdout);
  const link = asksForInformation(args) ? null : chooseProducerLink({ args, env, parseTcpAddress });
  const producer =
    link &&
    keepProducerRunning({
      module: producerModule,
      insecure: args.includes('--insecure'),
      link,
      env,
      live,
      stdout,
      stderr,
      log,
      restartDelayMs,
    });
  if (link === null && !asksForInformation(args)) {
    log('The built-in producer is not started: the gateway has no socket that it could reach without keys.');
  }
  const close = async () => {
    isClosing = true;
    await Promise.all([gateway.close(endTimeoutMs), producer?.close()]);
  };
  const exitCode = gateway.ended.then(async (end) => {
    if (end.signal !== null && !isClosing) log(`The gateway was ended by ${describeEnd(end)}.`);
    await producer?.close();
    // Ended as asked is no failure, also where the signal came before the gateway listened for it.
    return isClosing && end.signal !== null && end.signal !== 'SIGKILL' ? 0 : exitCodeOf(end);
  });
  return { exitCode, close };
}

/**
 * @param {import('./child-program.mjs').ChildProgram} gateway
 * @param {{ write: (chunk: string | Uint8Array) => unknown }} stdout
 * @returns {Promise<void>} resolved once the gateway has said that it is live; never, where it does not
 */
function forwardUntilLive(gateway, stdout) {
  return new Promise((resolve) => {
    let seen = '';
    let isLive = false;
    gateway.process.stdout?.on('data', (/** @type {Buffer} */ chunk) => {
      stdout.write(chunk);
      if (isLive) return;
      seen = (seen + chunk.toString('utf8')).slice(-4096);
      if (!seen.includes(liveLine)) return;
      isLive = true;
      resolve();
    });
  });
}
