/** How the elements of one array are shown: all with one width, as NumPy does. */
import { type Complex, DTYPES, type Dtype, type TypedArray } from '../../dtype/dtype.ts';
import {
  fixed,
  fixedScientific,
  type Positional,
  positional,
  type Scientific,
  scientific,
} from './decimal.ts';
import type { PrintOptions, SignMode } from './printOptions.ts';

/** Shows one element. */
export type ElementFormat = (element: unknown) => string;

/**
 * Returns what shows elements of a dtype so that all of `elements` have the same width.
 *
 * @param elements - those that are shown, as the dtype stores them
 */
export function elementFormat(
  elements: TypedArray,
  dtype: Dtype,
  options: PrintOptions,
): ElementFormat {
  if (options.formatter !== null) return options.formatter;
  const { kind } = DTYPES[dtype];
  switch (kind) {
    case 'bool':
      // NumPy pads True to the width of False.
      return (element) => (element ? ' True' : 'False');
    case 'float':
      return floatFormat(elements as Float64Array, dtype === 'float32', options) as ElementFormat;
    case 'complex':
      return complexFormat(elements as Float64Array, dtype === 'complex64', options);
    default:
      return integerFormat(elements);
  }
}

/** Returns a scalar as NumPy's `str` shows it: a 0-d array's element. */
export function scalarText(element: unknown, dtype: Dtype, options: PrintOptions): string {
  if (options.formatter !== null) return options.formatter(element);
  const { kind } = DTYPES[dtype];
  if (kind === 'bool') return element ? 'True' : 'False';
  if (kind === 'float') return realText(element as number, dtype === 'float32');
  if (kind !== 'complex') return String(element);
  const { re, im } = element as Complex;
  const single = dtype === 'complex64';
  const [real, imaginary] = [re, im].map((part) => realText(part, single).replace(/\.0$/, ''));
  if (re === 0 && !Object.is(re, -0)) return `${imaginary}j`;
  return `(${real}${imaginary.startsWith('-') ? '' : '+'}${imaginary}j)`;
}

function realText(value: number, single: boolean): string {
  if (Number.isNaN(value)) return 'nan';
  const sign = isNegative(value) ? '-' : '';
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return `${sign}inf`;
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const { whole, fraction, exponent } = scientific(size, single);
    return `${sign}${whole}${fraction && `.${fraction}`}${exponentText(exponent, 2)}`;
  }
  const { whole, fraction } = positional(size, single);
  return `${sign}${whole}.${fraction || '0'}`;
}

function integerFormat(elements: TypedArray): ElementFormat {
  let width = 0;
  for (const element of elements) width = Math.max(width, String(element).length);
  return (element) => String(element).padStart(width);
}

function complexFormat(parts: Float64Array, single: boolean, options: PrintOptions): ElementFormat {
  const lane = (which: number) => parts.filter((_, k) => k % 2 === which);
  const real = floatFormat(lane(0), single, options);
  const imaginary = floatFormat(lane(1), single, { ...options, sign: '+' });
  return (element) => {
    const { re, im } = element as Complex;
    const text = imaginary(im);
    const end = text.trimEnd().length;
    return `${real(re)}${text.slice(0, end)}j${text.slice(end)}`;
  };
}

/** What NumPy's `FloatingFormat` finds out about an array's elements. */
function floatFormat(
  elements: Float64Array,
  single: boolean,
  options: PrintOptions,
): (value: number) => string {
  const { sign, nanStr, infStr } = options;
  const finite = [...elements].filter(Number.isFinite);
  const layout = needsExponent(finite, options.suppress)
    ? exponentLayout(finite, single, options)
    : pointLayout(finite, single, options);
  let { padLeft } = layout;
  if (sign === ' ' && !finite.some(isNegative)) padLeft++;
  const after = layout.padRight + 1;
  if (finite.length < elements.length) {
    // NumPy makes room for nan and inf as soon as there is one of them.
    const signed = sign !== '-' || elements.includes(Number.NEGATIVE_INFINITY);
    const longest = Math.max(nanStr.length, infStr.length + (signed ? 1 : 0));
    padLeft = Math.max(padLeft, longest - after);
  }
  return (value) => {
    const signText = isNegative(value) ? '-' : sign === '+' ? '+' : '';
    if (Number.isFinite(value)) return layout.show(Math.abs(value), signText, padLeft);
    const text = Number.isNaN(value) ? (sign === '+' ? '+' : '') + nanStr : signText + infStr;
    return text.padStart(padLeft + after);
  };
}

interface FloatLayout {
  /** Characters before and after the point. */
  readonly padLeft: number;
  readonly padRight: number;
  show(size: number, sign: string, padLeft: number): string;
}

function needsExponent(finite: readonly number[], suppress: boolean): boolean {
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  if (sizes.length === 0) return false;
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const size of sizes) {
    low = Math.min(low, size);
    high = Math.max(high, size);
  }
  return high >= 1e8 || (!suppress && (low < 1e-4 || high / low > 1000));
}

function exponentLayout(
  finite: readonly number[],
  single: boolean,
  options: PrintOptions,
): FloatLayout {
  const digitsOf = (size: number): Scientific =>
    options.floatMode === 'fixed'
      ? fixedScientific(size, options.precision)
      : scientific(size, single, limitOf(options));
  const shown = finite.map((value) => digitsOf(Math.abs(value)));
  const longest = Math.max(...shown.map(({ fraction }) => fraction.length));
  const precision = options.floatMode === 'fixed' ? options.precision : longest;
  const digits = Math.max(2, ...shown.map(({ exponent }) => String(Math.abs(exponent)).length));
  return {
    padLeft: Math.max(...finite.map((value) => 1 + signLength(value, options.sign))),
    padRight: digits + 2 + precision,
    show: (size, sign, padLeft) => {
      // Digits beyond those that tell the number from others are those of its exact value.
      const least = digitsOf(size);
      const { whole, fraction, exponent } =
        least.fraction.length < precision ? fixedScientific(size, precision) : least;
      const text = `${(sign + whole).padStart(padLeft)}.${fraction.padEnd(precision, '0')}`;
      return text + exponentText(exponent, digits);
    },
  };
}

function pointLayout(
  finite: readonly number[],
  single: boolean,
  options: PrintOptions,
): FloatLayout {
  const { floatMode, sign, precision } = options;
  if (finite.length === 0) return { padLeft: 0, padRight: 0, show: () => '' };
  const digitsOf = (size: number): Positional =>
    floatMode === 'fixed' ? fixed(size, precision) : positional(size, single, limitOf(options));
  const shown = finite.map((value) => digitsOf(Math.abs(value)));
  const longest = Math.max(...shown.map(({ fraction }) => fraction.length));
  const padRight = floatMode === 'fixed' ? precision : longest;
  const zeros = floatMode === 'fixed' || floatMode === 'maxprec_equal';
  return {
    padLeft: Math.max(...shown.map(({ whole }, k) => whole.length + signLength(finite[k], sign))),
    padRight,
    show: (size, signText, padLeft) => {
      const least = digitsOf(size);
      const { whole, fraction } =
        zeros && least.fraction.length < padRight ? fixed(size, padRight) : least;
      const text = `${(signText + whole).padStart(padLeft)}.${fraction}`;
      return text.padEnd(padLeft + 1 + padRight, zeros ? '0' : ' ');
    },
  };
}

/** Most digits after the point; undefined for as many as there are. */
function limitOf({ floatMode, precision }: PrintOptions): number | undefined {
  return floatMode === 'unique' ? undefined : precision;
}

function signLength(value: number, sign: SignMode): number {
  return isNegative(value) || sign === '+' ? 1 : 0;
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

function exponentText(exponent: number, digits: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(digits, '0')}`;
}
