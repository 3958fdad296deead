/** Numbers as text, by formats as those of `printf` and `numpy.savetxt`. Pure. */
import type { Complex } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';

/** Writes an element. */
export type NumberFormat = (value: Scalar) => string;

const FORMAT = /^%([-+ 0]*)(\d*)(?:\.(\d+))?([deEfFgG])$/;

/**
 * Returns the function of a format such as `%.6e`, `%8.3f`, `%d` or `%g`; without one the shortest text from which the
 * same number is read. Both parts of a complex number are written by it.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when it is no such format
 */
export function numberFormat(format: unknown): NumberFormat {
  if (format === undefined) return (value) => written(value, shortest);
  const expected = "a format such as '%.6e', '%8.3f', '%d' or '%g'";
  if (typeof format !== 'string') throw new ArgumentTypeError('options.fmt', expected, format);
  const [all, flags, width, precision, kind] = FORMAT.exec(format) ?? [];
  if (all === undefined || Number(precision ?? 0) > 100 || Number(width) > 1000) {
    throw new ArgumentRangeError('options.fmt', expected, format);
  }
  const digits = precision === undefined ? 6 : Number(precision);
  const upper = kind === kind.toUpperCase();
  return (value) =>
    written(value, (part) => {
      const text = magnitude(part, kind.toLowerCase(), digits);
      const sign = isNegative(part)
        ? '-'
        : flags.includes('+')
          ? '+'
          : flags.includes(' ')
            ? ' '
            : '';
      return padded(sign, upper ? text.toUpperCase() : text, flags, Number(width));
    });
}

type Real = number | bigint;

function written(value: Scalar, write: (part: Real) => string): string {
  if (typeof value === 'boolean') return write(value ? 1 : 0);
  if (typeof value !== 'object') return write(value);
  const { re, im } = value as Complex;
  const second = write(im).trimStart();
  return `${write(re)}${/^[-+]/.test(second) ? '' : '+'}${second}j`;
}

function shortest(value: Real): string {
  if (typeof value === 'bigint' || Number.isFinite(value)) {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

function isNegative(value: Real): boolean {
  return value < 0 || Object.is(value, -0);
}

/** The text of a number without its sign. */
function magnitude(value: Real, kind: string, digits: number): string {
  if (kind === 'd') {
    if (typeof value === 'bigint') return String(value < 0n ? -value : value);
    if (Number.isFinite(value)) return String(BigInt(Math.trunc(Math.abs(value))));
  }
  const number = Math.abs(Number(value));
  if (Number.isNaN(number)) return 'nan';
  if (number === Number.POSITIVE_INFINITY) return 'inf';
  if (kind === 'e') return exponential(number, digits);
  if (kind === 'f') return fixed(number, digits);
  return general(number, Math.max(1, digits));
}

/** At least two digits of the exponent, as C has them. */
function exponential(number: number, digits: number): string {
  return number
    .toExponential(digits)
    .replace(/e([-+])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`);
}

function fixed(number: number, digits: number): string {
  // From 1e21 on toFixed gives exponents; such numbers are integers.
  if (number < 1e21) return number.toFixed(digits);
  return `${BigInt(number)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
}

function general(number: number, digits: number): string {
  const exponent = number === 0 ? 0 : Number(number.toExponential(digits - 1).split('e')[1]);
  const isLong = exponent < -4 || exponent >= digits;
  const text = isLong ? exponential(number, digits - 1) : number.toFixed(digits - 1 - exponent);
  return text.includes('.') ? text.replace(/\.?0+(?=e|$)/, '') : text;
}

function padded(sign: string, text: string, flags: string, width: number): string {
  const missing = width - sign.length - text.length;
  if (missing <= 0) return sign + text;
  if (flags.includes('-')) return sign + text + ' '.repeat(missing);
  const zeros = flags.includes('0') && /^\d/.test(text);
  return zeros ? sign + '0'.repeat(missing) + text : ' '.repeat(missing) + sign + text;
}
