import {
  type ExpectedCell,
  FloatCell,
  type IntegrationField,
  type IntegrationType,
} from './integration-cells.ts';

const DIGITS: Readonly<Record<string, number>> = {
  SECOND: 0,
  MILLISECOND: 3,
  MICROSECOND: 6,
  NANOSECOND: 9,
};
const UNIT_NAMES: Readonly<Record<string, string>> = {
  SECOND: 's',
  MILLISECOND: 'ms',
  MICROSECOND: 'us',
  NANOSECOND: 'ns',
};
const FLOAT_BITS: Readonly<Record<string, 16 | 32 | 64>> = { HALF: 16, SINGLE: 32, DOUBLE: 64 };

/** A value of the integration format, all its numbers as strings of digits, as JSON has it in the outside contract. */
export function scalarCell(type: IntegrationType, data: unknown): ExpectedCell {
  const text = String(data);
  switch (type.name) {
    case 'bool':
      return text === 'true' || text === '1';
    case 'int':
      return `#${text}`;
    case 'floatingpoint':
      return new FloatCell(Number(text), FLOAT_BITS[String(type.precision)]!);
    case 'utf8':
    case 'largeutf8':
      return `$${text}`;
    case 'binary':
    case 'largebinary':
    case 'fixedsizebinary':
      return `$${Buffer.from(text, 'hex').toString('base64')}`;
    case 'decimal':
      return `$${withPoint(text, Number(type.scale))}`;
    case 'date':
      return `$${
        utcText(BigInt(text) * (type.unit === 'DAY' ? 86_400n : 1n), type.unit === 'DAY' ? 0 : 3)
          .slice(0, -1)
          .split('T')[0]
      }`;
    case 'time':
      return `$${utcText(BigInt(text), unitDigits(type)).split('T')[1]!.slice(0, -1)}`;
    case 'timestamp':
      return `$${timestampText(BigInt(text), unitDigits(type), type.timezone)}`;
    case 'duration': {
      const digits = withPoint(text, unitDigits(type));
      return `$${digits.startsWith('-') ? `-PT${digits.slice(1)}` : `PT${digits}`}S`;
    }
    case 'interval': {
      if (type.unit === 'YEAR_MONTH') return { months: `#${text}` };
      const parts = Object.entries(data as Readonly<Record<string, string>>);
      return Object.fromEntries(parts.map(([name, part]) => [name, `#${part}`]));
    }
    default:
      throw new Error(`The integration type ${type.name} is not known to this test.`);
  }
}

function unitDigits(type: IntegrationType): number {
  return DIGITS[String(type.unit)]!;
}

/** The integer's digits with a point before the last `scale` of them. */
function withPoint(text: string, scale: number): string {
  if (scale === 0) return text;
  const digits = text.replace('-', '').padStart(scale + 1, '0');
  return `${text.startsWith('-') ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function splitSeconds(ticks: bigint, digits: number): { seconds: number; fraction: string } {
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((ticks % perSecond) + perSecond) % perSecond;
  return {
    seconds: Number((ticks - fraction) / perSecond),
    fraction: digits === 0 ? '' : `.${String(fraction).padStart(digits, '0')}`,
  };
}

/** By the platform's Date, so only for years that it knows. */
function utcText(ticks: bigint, digits: number): string {
  const { seconds, fraction } = splitSeconds(ticks, digits);
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}${fraction}Z`;
}

function timestampText(ticks: bigint, digits: number, timezone: unknown): string {
  if (timezone === undefined) return utcText(ticks, digits).slice(0, -1);
  if (timezone === 'UTC') return utcText(ticks, digits);
  const { seconds } = splitSeconds(ticks, digits);
  const minutes = Math.trunc((wallClockSeconds(seconds, String(timezone)) - seconds) / 60);
  const local = utcText(ticks + BigInt(minutes * 60) * 10n ** BigInt(digits), digits).slice(0, -1);
  const absolute = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}

/** What a clock in the zone shows then, as if it were UTC. */
function wallClockSeconds(seconds: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    calendar: 'gregory',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = Object.fromEntries(
    format.formatToParts(seconds * 1000).map(({ type, value }) => [type, value]),
  );
  const date = new Date(0);
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
  date.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
  date.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
  return date.getTime() / 1000;
}

/** The logical type's name as tables show it; how its bytes lie is no part of it. */
export function integrationTypeName(field: IntegrationField): string {
  const { type, children } = field;
  const child = () => integrationTypeName(children[0]!);
  switch (type.name) {
    case 'int':
      return `${String(type.isSigned) === 'true' ? '' : 'u'}int${type.bitWidth}`;
    case 'floatingpoint':
      return `float${FLOAT_BITS[String(type.precision)]}`;
    case 'fixedsizebinary':
      return `fixed_size_binary[${type.byteWidth}]`;
    case 'decimal':
      return `decimal${type.bitWidth ?? 128}(${type.precision}, ${type.scale})`;
    case 'date':
      return type.unit === 'DAY' ? 'date32' : 'date64';
    case 'time':
      return `time${type.bitWidth}[${UNIT_NAMES[String(type.unit)]}]`;
    case 'timestamp':
      return `timestamp[${UNIT_NAMES[String(type.unit)]}${type.timezone === undefined ? '' : `, ${type.timezone}`}]`;
    case 'duration':
      return `duration[${UNIT_NAMES[String(type.unit)]}]`;
    case 'interval':
      return `interval[${String(type.unit).toLowerCase()}]`;
    case 'list':
    case 'largelist':
    case 'listview':
    case 'largelistview':
      return `list<${child()}>`;
    case 'fixedsizelist':
      return `fixed_size_list<${child()}>[${type.listSize}]`;
    case 'struct':
      return `struct<${children.map((each) => `${each.name}: ${integrationTypeName(each)}`).join(', ')}>`;
    case 'map':
      return `map<${children[0]!.children.map(integrationTypeName).join(', ')}>`;
    case 'union': {
      const ids = type.typeIds as readonly unknown[];
      const parts = children.map((each, i) => `${ids[i]}=${each.name}: ${integrationTypeName(each)}`);
      // Sparse ones are held as dense ones.
      return `dense_union<${parts.join(', ')}>`;
    }
    case 'runendencoded':
      return integrationTypeName(children[1]!);
    default:
      return type.name.replace('large', '').replace('view', '');
  }
}
