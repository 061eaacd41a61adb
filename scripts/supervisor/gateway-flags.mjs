// The few gateway flags that decide what else is started. The gateway itself checks them all.

const informationFlags = new Set(['-h', '--help', '-v', '-V', '--version']);

/** Whether the gateway will only print something and end. @param {readonly string[]} args */
export function asksForInformation(args) {
  return args.some((arg) => informationFlags.has(arg));
}

/**
 * The addresses that the gateway will use for one of its sockets: those of its flags, else of its environment
 * variable, else its default; none where `none` is among them.
 * @param {{ name: 'connect' | 'bind' | 'pull', args: readonly string[], env: NodeJS.ProcessEnv, defaultAddress: string }} options
 * @returns {readonly string[]}
 */
export function gatewayAddresses({ name, args, env, defaultAddress }) {
  const fromFlags = flagValues(name, args);
  const fromEnvironment = splitList(env[variableOf(name)] ?? '');
  const given = fromFlags.length > 0 ? fromFlags : fromEnvironment;
  const addresses = given.length > 0 ? given : [defaultAddress];
  return addresses.includes('none') ? [] : addresses;
}

/**
 * Whether the gateway is given a value by a flag or its environment variable.
 * @param {{ name: string, args: readonly string[], env: NodeJS.ProcessEnv }} options
 */
export function isGiven({ name, args, env }) {
  return flagValues(name, args).length > 0 || env[variableOf(name)] !== undefined;
}

const secretNames = ['write-token', 'view-token'];

/**
 * Takes tokens out of the arguments and into the environment, which other users of this machine do not see.
 * @param {readonly string[]} args the gateway's
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ args: readonly string[], env: NodeJS.ProcessEnv }}
 */
export function withoutSecrets(args, env) {
  /** @type {NodeJS.ProcessEnv} */
  const secrets = {};
  const rest = args.filter((arg, index) => {
    const [flag = '', value] = splitFlag(arg);
    const before = args[index - 1] ?? '';
    const isValue = secretNames.some((name) => before === `--${name}`);
    if (isValue) secrets[variableOf(before.slice(2))] = arg;
    if (isValue || !secretNames.some((name) => flag === `--${name}`)) return !isValue;
    if (value !== undefined) secrets[variableOf(flag.slice(2))] = value;
    // Left in where it has no value, so that the gateway says so.
    return value === undefined && args[index + 1] === undefined;
  });
  return { args: rest, env: { ...env, ...secrets } };
}

/** @param {string} arg @returns {[string, string?]} */
function splitFlag(arg) {
  const end = arg.indexOf('=');
  return end < 0 ? [arg] : [arg.slice(0, end), arg.slice(end + 1)];
}

/** @param {string} name */
function variableOf(name) {
  return `TABLECAST_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** @param {string} name @param {readonly string[]} args */
function flagValues(name, args) {
  /** @type {string[]} */
  const values = [];
  for (const [index, arg] of args.entries()) {
    const next = args[index + 1];
    if (arg.startsWith(`--${name}=`)) values.push(...splitList(arg.slice(name.length + 3)));
    else if (arg === `--${name}` && next !== undefined) values.push(...splitList(next));
  }
  return values;
}

/** @param {string} text */
function splitList(text) {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
