import { isIP } from 'node:net';
import { InvalidArgumentError, Option } from 'commander';

/** A flag that is also the environment variable `TABLECAST_…`; the flag wins. */
export function option(flags: string, description: string): Option {
  const built = new Option(flags, description);
  return built.env(`TABLECAST_${built.name().toUpperCase().replaceAll('-', '_')}`);
}

/** A text or nothing. */
export function optionalOption(flags: string, description: string): Option {
  return option(flags, description).default(null, 'none');
}

export function countOption(flags: string, description: string, initial: number, minimum = 1): Option {
  return option(flags, description)
    .argParser((text: string) => parseCount(text, minimum))
    .default(initial);
}

/** May be repeated; in its variable commas part the values. */
export function listOption(flags: string, description: string, parse: (text: string) => string): Option {
  let given: readonly string[] = [];
  return option(flags, `${description}; repeatable`)
    .argParser((text: string) => {
      given = [...given, ...split(text).map(parse)];
      return given;
    })
    .default([], 'none');
}

/** The default stands until the first value is given; further values are added. */
export function addressOption(flags: string, description: string, initial: readonly string[]): Option {
  let given: readonly string[] = [];
  return option(flags, `${description}; repeatable, "none" for none`)
    .argParser((text: string) => {
      given = [...given, ...split(text)];
      return given.includes('none') ? [] : given;
    })
    .default(initial, initial.join(', '));
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It is a number from 0 to 65535.');
  return port;
}

export function parseCount(text: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
  const count = Number(text);
  const isCount = /^\d+$/.test(text) && Number.isSafeInteger(count) && count >= minimum && count <= maximum;
  if (isCount) return count;
  const range =
    maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  throw new InvalidArgumentError(`It is a whole number ${range}.`);
}

/** An origin as browsers write it (RFC 6454): `https://tables.example.org`; or `*`. */
export function parseOrigin(text: string): string {
  if (text === '*') return text;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href;
  if (!isOrigin) throw new InvalidArgumentError('Write it like https://tables.example.org, without a path.');
  return url.origin;
}

/** An IP address, or a range of them as `ADDRESS/BITS`. */
export function parseProxy(text: string): string {
  const [, address = '', bits = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const maxBits = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  if (Number(bits) > maxBits)
    throw new InvalidArgumentError('It is an IP address, such as 127.0.0.1, or a range, such as 10.0.0.0/8.');
  return text;
}

/** An address that takes calls. Names and passwords before the host are not sent, so they are refused. */
export function parseWebhook(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new InvalidArgumentError('It begins with http:// or https://, and has no name or password.');
  return url.href;
}

/** `/tables/` and `/tables` are one path; `/` is none. */
export function parseBasePath(text: string): string {
  const path = text.replace(/\/$/, '');
  if (!/^(?:\/[A-Za-z0-9._~-]+)*$/.test(path) || path.split('/').some((part) => /^\.{1,2}$/.test(part)))
    throw new InvalidArgumentError('It begins with a slash and has plain names between slashes: /tablecast.');
  return path;
}

/** Buckets beside the stream begin with its name. */
export function parseStreamName(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(text))
    throw new InvalidArgumentError('It has 1 to 64 letters, digits, _ and - of ASCII.');
  return text;
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
