/** How arrays are shown as text: the options of NumPy's `set_printoptions`. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';

/**
 * How many digits floats have: `maxprec` at most `precision`, `maxprec_equal` the same for all, as many
 * as needed; `fixed` always `precision`; `unique` what tells each number from all others.
 */
export type FloatMode = 'fixed' | 'unique' | 'maxprec' | 'maxprec_equal';

/** When positive floats have a sign: never (`-`), always (`+`), or a space in its place (` `). */
export type SignMode = '-' | '+' | ' ';

/** The options; names and defaults are NumPy's. */
export interface PrintOptions {
  /** Digits of floats after the point. Default 8. */
  readonly precision: number;
  /** Number of elements from which on only the ends are shown. Default 1000. */
  readonly threshold: number;
  /** Elements at either end of an axis that are shown then. Default 3. */
  readonly edgeItems: number;
  /** Characters of a line. Default 75. */
  readonly lineWidth: number;
  /** Whether small and large floats are shown without exponents. Default false. */
  readonly suppress: boolean;
  /** Default `nan`. */
  readonly nanStr: string;
  /** Default `inf`. */
  readonly infStr: string;
  /** Default `-`. */
  readonly sign: SignMode;
  /** Default `maxprec`. */
  readonly floatMode: FloatMode;
  /** Shows an element, instead of everything above but the layout; null for none. Default null. */
  readonly formatter: ((element: unknown) => string) | null;
}

const DEFAULTS: PrintOptions = Object.freeze({
  precision: 8,
  threshold: 1000,
  edgeItems: 3,
  lineWidth: 75,
  suppress: false,
  nanStr: 'nan',
  infStr: 'inf',
  sign: '-',
  floatMode: 'maxprec',
  formatter: null,
});

let current = DEFAULTS;

/** Returns the options that arrays are shown with (`numpy.get_printoptions`). */
export function getPrintOptions(): PrintOptions {
  return current;
}

/**
 * Changes how arrays are shown from now on, in this process (`numpy.set_printoptions`); options that are left
 * out stay as they are.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function setPrintOptions(options: Partial<PrintOptions>): void {
  current = withOptions(options);
}

/** Returns the current options with these in their place, checked. */
export function withOptions(options: Partial<PrintOptions>): PrintOptions {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentTypeError('options', 'an object', options);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name] of given) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      const expected = `one of the options ${Object.keys(DEFAULTS).join(', ')}`;
      throw new ArgumentRangeError('options', expected, name);
    }
  }
  const merged: PrintOptions = { ...current, ...Object.fromEntries(given) };
  checkInteger('options.precision', merged.precision, 0, 90);
  if (merged.threshold !== Number.POSITIVE_INFINITY) {
    checkInteger('options.threshold', merged.threshold, 0);
  }
  checkInteger('options.edgeItems', merged.edgeItems, 0);
  checkInteger('options.lineWidth', merged.lineWidth, 1);
  checkKind('suppress', merged.suppress, 'boolean');
  checkKind('nanStr', merged.nanStr, 'string');
  checkKind('infStr', merged.infStr, 'string');
  checkOneOf('sign', merged.sign, ['-', '+', ' ']);
  checkOneOf('floatMode', merged.floatMode, ['fixed', 'unique', 'maxprec', 'maxprec_equal']);
  if (merged.formatter !== null) checkKind('formatter', merged.formatter, 'function');
  return Object.freeze(merged);
}

function checkKind(name: string, value: unknown, kind: string): void {
  if (typeof value === kind) return;
  throw new ArgumentTypeError(`options.${name}`, `a ${kind}`, value);
}

function checkOneOf(name: string, value: unknown, values: readonly string[]): void {
  if (values.includes(value as string)) return;
  const expected = `one of ${values.map((each) => JSON.stringify(each)).join(', ')}`;
  throw new ArgumentRangeError(`options.${name}`, expected, value);
}
