/**
 * The error classes that every layer shares. Each carries a stable `code`; argument errors
 * also carry the argument's name, what was expected and what came.
 */

/** Base class of the errors that distarray itself raises. */
export class DistArrayError extends Error {
  /** Stable identifier such as `ERR_NATIVE_NOT_BUILT`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DistArrayError';
    this.code = code;
  }
}

/** What both kinds of argument error tell about the argument. */
export interface ArgumentProblem {
  readonly code: string;
  /** Name of the offending argument, as in the signature (`shape`, `options.root`, …). */
  readonly argument: string;
  /** What would have been accepted. */
  readonly expected: string;
  /** What came. */
  readonly received: string;
}

/** An argument has the wrong type. `code` is `ERR_ARGUMENT_TYPE`. */
export class ArgumentTypeError extends TypeError implements ArgumentProblem {
  readonly code = 'ERR_ARGUMENT_TYPE';
  readonly argument: string;
  readonly expected: string;
  readonly received: string;

  constructor(argument: string, expected: string, value: unknown) {
    const received = describeType(value);
    super(`Expected ${expected} for ${argument}, but received ${received}`);
    this.name = 'ArgumentTypeError';
    this.argument = argument;
    this.expected = expected;
    this.received = received;
  }
}

/** An argument has the right type but a value that cannot be. `code` is `ERR_ARGUMENT_RANGE`. */
export class ArgumentRangeError extends RangeError implements ArgumentProblem {
  readonly code = 'ERR_ARGUMENT_RANGE';
  readonly argument: string;
  readonly expected: string;
  readonly received: string;

  constructor(argument: string, expected: string, value: unknown) {
    const received = describeValue(value);
    super(`Expected ${expected} for ${argument}, but received ${received}`);
    this.name = 'ArgumentRangeError';
    this.argument = argument;
    this.expected = expected;
    this.received = received;
  }
}

/** Throws unless `value` is an integer with `low ≤ value ≤ high`. */
export function checkInteger(
  argument: string,
  value: unknown,
  low = Number.MIN_SAFE_INTEGER,
  high = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, 'an integer', value);
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new ArgumentRangeError(argument, describeRange(low, high), value);
  }
}

function describeRange(low: number, high: number): string {
  const noLow = low === Number.MIN_SAFE_INTEGER;
  const noHigh = high === Number.MAX_SAFE_INTEGER;
  if (noLow && noHigh) return 'an integer';
  if (noHigh) return `an integer ≥ ${low}`;
  if (noLow) return `an integer ≤ ${high}`;
  return `an integer in [${low}, ${high}]`;
}

/** A short text for a value in an error message: strings quoted, long ones cut. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return cut(`[${value.map(describeValue).join(', ')}]`);
  if (value === null || typeof value !== 'object') return cut(String(value));
  return describeType(value);
}

function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') {
    const name = (value as object).constructor?.name;
    return name && name !== 'Object' ? `an instance of ${name}` : 'an object';
  }
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  return `type ${typeof value} (${describeValue(value)})`;
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
