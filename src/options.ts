/** Options of public functions: which ones there are, so that a misspelt one is an error instead of nothing. */
import { ArgumentRangeError, ArgumentTypeError } from './errors.ts';

/** The names of the options that a function takes. */
export type OptionNames = ReadonlySet<string>;

/** Returns the names of all properties of a type of options; the compiler sees that none is missing. */
export function optionNames<Options extends object>(
  names: Readonly<Record<keyof Options & string, true>>,
): OptionNames {
  return new Set(Object.keys(names));
}

/**
 * Checks that options are an object which has none but the known ones.
 *
 * @param example - options as they may look, for the message: `{ axis: 0 }`
 * @throws {@link ArgumentTypeError} for no object, {@link ArgumentRangeError} for an option that the function does not
 * have: it lists those that it has
 */
export function checkOptions(
  options: unknown,
  names: OptionNames,
  example: string,
  argument = 'options',
): asserts options is object {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ArgumentTypeError(argument, `an object such as ${example}`, options);
  }
  // No list of the keys is made: options are checked on every call.
  for (const name in options) {
    if (names.has(name) || !Object.hasOwn(options, name)) continue;
    // What is undefined is as good as left out.
    if ((options as Readonly<Record<string, unknown>>)[name] !== undefined) {
      throw unknownOption(argument, name, names);
    }
  }
}

function unknownOption(argument: string, name: string, names: OptionNames): ArgumentRangeError {
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : ` (perhaps ${nearest})`;
  const known = names.size === 0 ? 'no option' : `one of the options ${[...names].join(', ')}`;
  return new ArgumentRangeError(argument, known + hint, name);
}

/** The one name that two changes of a letter, or another spelling, make of the given one. */
function nearestName(name: string, names: OptionNames): string | undefined {
  const plain = plainly(name);
  let nearest: string | undefined;
  let least = Math.min(3, plain.length);
  for (const known of names) {
    const distance = editDistance(plain, plainly(known));
    if (distance < least) [nearest, least] = [known, distance];
  }
  return nearest;
}

/** Python's `grid_shape` and `gridShape` are one. */
function plainly(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** How many letters must be put in, taken out, replaced or exchanged with a neighbour. */
function editDistance(a: string, b: string): number {
  let [before, above] = [[] as number[], Array.from({ length: b.length + 1 }, (_, k) => k)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const differs = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + differs);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, above] = [above, row];
  }
  return above[b.length];
}
