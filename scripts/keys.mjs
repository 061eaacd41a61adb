// tablecast keys NAME: a key pair for encrypted bus sockets (CURVE, ZeroMQ RFC 26). The secret file is this user's alone.
import { writeFileSync } from 'node:fs';
import { CommandFailed } from './prepare/run-command.mjs';

/**
 * @param {readonly string[]} args the name, without which it is `tablecast`
 * @returns {Promise<number>} the exit code
 */
export async function makeKeys(args) {
  const [name = 'tablecast', ...more] = args;
  if (more.length > 0 || name.startsWith('-')) {
    console.error('Usage: tablecast keys [NAME]: writes the key pair NAME.key and the public key NAME.pub');
    return name === '--help' || name === '-h' ? 0 : 2;
  }
  const { curveKeyPair } = await import('zeromq');
  const { publicKey, secretKey } = curveKeyPair();
  write(`${name}.key`, `public ${publicKey}\nsecret ${secretKey}\n`, 0o600);
  write(`${name}.pub`, `${publicKey} ${name.replaceAll(/\s/g, '_')}\n`, 0o644);
  console.log(`${name}.key  the key pair: keep it to its owner (--curve-secret-key-file)`);
  console.log(`${name}.pub  the public key, a line for --curve-allowed-keys: ${publicKey}`);
  return 0;
}

/** @param {string} path @param {string} text @param {number} mode */
function write(path, text, mode) {
  try {
    writeFileSync(path, text, { mode, flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    if (code === 'EEXIST') throw new CommandFailed(`${path} is there already; give another name.`, 1);
    throw new CommandFailed(`${path} cannot be written (${code}).`, 1);
  }
}
