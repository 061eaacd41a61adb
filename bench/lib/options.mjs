// The command line of the benchmarks.
import { parseArgs } from 'node:util';

/** A command line that cannot be followed; the message is one line for people. */
export class UsageError extends Error {}

/** Medians of fewer rounds say little. */
export const defaultRounds = 5;

const options = /** @type {const} */ ({
  only: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  smoke: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  rounds: { type: 'string', default: String(defaultRounds) },
});

/**
 * @typedef {object} BenchOptions
 * @property {readonly string[] | null} only names of cases; null for all but the long ones
 * @property {boolean} json one JSON line per result on stdout
 * @property {boolean} list
 * @property {boolean} smoke a tiny amount of work: shows that a case runs, its figures mean nothing
 * @property {boolean} profile writes CPU profiles of the gateway to .cache/profiles
 * @property {number} rounds
 */

/**
 * @param {readonly string[]} args
 * @returns {BenchOptions}
 * @throws UsageError
 */
export function parseOptions(args) {
  const values = parsed(args);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError('--rounds is a whole number of at least 1');
  const only = values.only?.flatMap((names) => names.split(',')).filter((name) => name !== '') ?? null;
  const { json, list, smoke, profile } = values;
  return { only, json, list, smoke, profile, rounds };
}

/** @param {readonly string[]} args */
function parsed(args) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
