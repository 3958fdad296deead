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

/** The classes of errors that processes tell each other as what they are: those of distarray, and JavaScript's own. */
const TOLD_CLASSES = new Map<string, ErrorClass>(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
    (errorClass): [string, ErrorClass] => [errorClass.name, errorClass],
  ),
);

type ErrorClass = abstract new (...args: never[]) => Error;

/** What an error is, as text can tell it: its class, its message, and what else it says of itself. */
export interface ErrorDescription {
  readonly className: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Makes errors of a class arrive as such on other processes. Their fields are numbers and texts. @internal */
export function tellErrorsOf(errorClass: ErrorClass): void {
  TOLD_CLASSES.set(errorClass.name, errorClass);
}

/**
 * Returns what other processes are told of something that was thrown. Of classes that they may not have it is a
 * {@link DistArrayError} with its code, or `ERR_UNKNOWN`.
 */
export function describeError(error: unknown): ErrorDescription {
  const isError = error instanceof Error;
  const className = isError ? error.constructor.name : '';
  const known = isError && TOLD_CLASSES.get(className) === error.constructor;
  const fields: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(isError ? error : {})) {
    if (['string', 'number', 'boolean'].includes(typeof value)) fields[key] = value;
  }
  const message = isError ? error.message : String(error);
  if (known) return { className, message, fields };
  const code = typeof fields.code === 'string' ? fields.code : 'ERR_UNKNOWN';
  const name = 'DistArrayError';
  return { className: name, message, fields: { ...fields, name, code } };
}

/** Whether an error is what its description tells, so that there is no need to make it anew. */
export function isDescribed(error: unknown): error is Error {
  return error instanceof Error && TOLD_CLASSES.get(error.constructor.name) === error.constructor;
}

/** Returns the error that {@link describeError} has described. */
export function errorOfDescription(
  { className, message, fields }: ErrorDescription,
  options?: ErrorOptions,
): Error {
  const errorClass = TOLD_CLASSES.get(className) ?? DistArrayError;
  const error: Error = Reflect.construct(Error, [message, options], errorClass);
  Object.assign(error, fields);
  // The stack begins with the name, which the error has only now.
  Error.captureStackTrace(error, errorOfDescription);
  return error;
}

/** Gives the argument of an error the name that the program knows: of something that was packed before it was looked at. */
export function renameArgument(error: unknown, from: RegExp, to: string): unknown {
  if (!(error instanceof ArgumentTypeError || error instanceof ArgumentRangeError)) return error;
  const argument = error.argument.replace(from, to);
  const message = error.message.replace(error.argument, argument);
  return Object.assign(error, { argument, message });
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

for (const errorClass of [DistArrayError, ArgumentTypeError, ArgumentRangeError]) {
  tellErrorsOf(errorClass);
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
