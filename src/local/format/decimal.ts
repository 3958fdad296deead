/** Floats as decimal digits, as NumPy's Dragon4 has them. */

/** A float in positional notation, without sign: digits before and after the point. */
export interface Positional {
  readonly whole: string;
  readonly fraction: string;
}

/** A float in scientific notation, without sign: one digit, a fraction, the exponent. */
export interface Scientific extends Positional {
  readonly exponent: number;
}

/**
 * Returns the digits of a finite number ≥ 0, the shortest that tell it from all others of its size, but
 * not more than `precision` after the point; then rounded exactly, halves to even.
 *
 * @param single - whether it is a float32
 * @param precision - undefined for no limit
 */
export function positional(value: number, single: boolean, precision?: number): Positional {
  const { digits, exponent } = shortest(value, single);
  const fractionLength = Math.max(0, digits.length - 1 - exponent);
  if (precision !== undefined && fractionLength > precision) return fixed(value, precision);
  const padded = digits.padEnd(exponent + 1, '0');
  if (exponent < 0) return { whole: '0', fraction: '0'.repeat(-exponent - 1) + digits };
  return { whole: padded.slice(0, exponent + 1), fraction: padded.slice(exponent + 1) };
}

/** Returns the digits of a finite number ≥ 0 in scientific notation; otherwise as {@link positional}. */
export function scientific(value: number, single: boolean, precision?: number): Scientific {
  const { digits, exponent } = shortest(value, single);
  if (precision === undefined || digits.length - 1 <= precision) {
    return { whole: digits[0], fraction: digits.slice(1), exponent };
  }
  return fixedScientific(value, precision);
}

/** Returns the digits of the exact value in scientific notation; otherwise as {@link fixed}. */
export function fixedScientific(value: number, precision: number): Scientific {
  const { digits, exponent } = roundedTo(exactDigits(value), precision + 1);
  return { whole: digits[0], fraction: digits.slice(1).replace(/0+$/, ''), exponent };
}

/** Returns the digits of the exact value, rounded to `precision` of them after the point, without zeros at the end. */
export function fixed(value: number, precision: number): Positional {
  const { digits, exponent } = exactDigits(value);
  const kept = exponent + 1 + precision;
  const units = kept < 0 ? '0' : roundAt(digits, kept);
  const text = units.padStart(precision + 1, '0');
  const point = text.length - precision;
  return {
    whole: text.slice(0, point).replace(/^0+(?=\d)/, ''),
    fraction: text.slice(point).replace(/0+$/, ''),
  };
}

interface Digits {
  /** The first one is not 0, unless the number is 0. */
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

function shortest(value: number, single: boolean): Digits {
  if (value === 0) return { digits: '0', exponent: 0 };
  if (single) return shortestSingle(value);
  const [mantissa, exponent] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

function shortestSingle(value: number): Digits {
  const exact = exactDigits(value);
  for (let count = 1; ; count++) {
    const { digits, exponent } = roundedTo(exact, count);
    if (count >= exact.digits.length || isSingle(value, digits, exponent)) {
      return { digits: digits.replace(/0+$/, ''), exponent };
    }
  }
}

function isSingle(value: number, digits: string, exponent: number): boolean {
  return Math.fround(Number(`${digits[0]}.${digits.slice(1)}e${exponent}`)) === value;
}

function roundedTo({ digits, exponent }: Digits, count: number): Digits {
  const rounded = roundAt(digits, count);
  if (rounded.length === count) return { digits: rounded, exponent };
  return { digits: rounded.slice(0, count), exponent: exponent + 1 };
}

/** All digits of the exact value: a double is a whole number times a power of two. */
function exactDigits(value: number): Digits {
  if (value === 0) return { digits: '0', exponent: 0 };
  let power = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    power++;
  }
  // value = scaled / 2^power = scaled · 5^power / 10^power
  const all = (BigInt(scaled) * 5n ** BigInt(power)).toString();
  return { digits: all, exponent: all.length - 1 - power };
}

/** The first `count` digits, rounded to nearest, halves to even; one more where a carry runs through. */
function roundAt(digits: string, count: number): string {
  if (digits.length <= count) return digits.padEnd(count, '0');
  const head = digits.slice(0, count);
  const next = digits[count];
  const rest = /[1-9]/.test(digits.slice(count + 1));
  const odd = count > 0 && Number(head[count - 1]) % 2 === 1;
  const up = next > '5' || (next === '5' && (rest || odd));
  if (!up) return head;
  return (BigInt(head || '0') + 1n).toString().padStart(count, '0');
}
