/** Reading values of which nothing is known, and showing them in messages. */

/** A dictionary of the protocol as it comes. */
export type Dictionary = Readonly<Record<string, unknown>>;

/** Returns whether a value is an object made by `{}`, `Object.create(null)` or `JSON.parse`. */
export function isDictionary(value: unknown): value is Dictionary {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype as object) === null;
}

/** Returns the keys of a dictionary that have a value: `{ padding: undefined }` has none. */
export function presentKeys(dictionary: Dictionary): string[] {
  return Object.keys(dictionary).filter((key) => dictionary[key] !== undefined);
}

/** Returns whether a value is a number without a fraction that is exact in JavaScript. */
export function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/**
 * Returns what a dictionary's integer is, or `undefined` when it is none. Booleans count as 0 and 1:
 * the protocol is written in terms of Python, whose `bool` is a kind of `int`.
 */
export function integerOf(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  return isInteger(value) ? value : undefined;
}

/** Returns a short text for any value; never throws. */
export function describe(value: unknown): string {
  try {
    return cut(show(value, 2));
  } catch {
    return 'an object that cannot be read';
  }
}

/** Returns the type of any value in a word or two; never throws. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : 'non-integer number';
  if (typeof value !== 'object') return typeof value;
  try {
    const made = value as { constructor?: { name?: unknown } };
    return String(made.constructor?.name ?? 'object');
  } catch {
    return 'object';
  }
}

function show(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) {
    const shown = Array.from(value.slice(0, 8), (entry) =>
      depth > 0 ? show(entry, depth - 1) : '…',
    );
    return `[${shown.join(', ')}${value.length > 8 ? ', …' : ''}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  return `an object of type ${typeName(value)}`;
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
