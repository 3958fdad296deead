/** Values inside of arguments and results: in arrays and object literals, and in those that these hold. */

/** Deeper than this nothing is looked for. */
const DEEPEST = 3;

/** Whether a value is an object literal, as options are. */
export function isLiteral(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Returns a value in which a replacement has taken the place of some of what is inside, in the order of the entries; what
 * holds nothing that was replaced is the same object.
 *
 * @param replacement - returns what it gets where nothing is to be replaced
 */
export function replaceInside(
  value: unknown,
  replacement: (part: unknown) => unknown,
  depth = DEEPEST,
): unknown {
  if (isPrimitive(value)) return value;
  const other = replacement(value);
  if (other !== value || depth === 0) return other;
  if (Array.isArray(value)) return replaceInArray(value, replacement, depth - 1);
  if (!isLiteral(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [key, part] of Object.entries(value)) {
    const replaced = replaceInside(part, replacement, depth - 1);
    if (replaced === part) continue;
    copy ??= { ...value };
    // Not by assignment: a field may be called __proto__.
    Object.defineProperty(copy, key, {
      value: replaced,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return copy ?? value;
}

function replaceInArray(
  array: readonly unknown[],
  replacement: (part: unknown) => unknown,
  depth: number,
): readonly unknown[] {
  let copy: unknown[] | undefined;
  // Lists of numbers may be long.
  for (let k = 0; k < array.length; k++) {
    const part = array[k];
    if (isPrimitive(part)) continue;
    const replaced = replaceInside(part, replacement, depth);
    if (replaced === part) continue;
    copy ??= array.slice();
    copy[k] = replaced;
  }
  return copy ?? array;
}

/** Symbols are none of these: they stand for something. */
function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case 'object':
      return value === null;
    case 'function':
    case 'symbol':
      return false;
    default:
      return true;
  }
}
