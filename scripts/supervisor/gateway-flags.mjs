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
  const fromEnvironment = splitList(env[`TABLECAST_${name.toUpperCase()}`] ?? '');
  const given = fromFlags.length > 0 ? fromFlags : fromEnvironment;
  const addresses = given.length > 0 ? given : [defaultAddress];
  return addresses.includes('none') ? [] : addresses;
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
