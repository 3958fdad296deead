/** The command lines of the examples on grids. */
import { parseArgs } from 'node:util';

type Value = string | boolean | undefined;

/** What a command line asks for; `values` are numbers where the defaults are. */
export interface GridOptions<Name extends string> {
  readonly values: Readonly<Record<Name, number>>;
  readonly png: string | undefined;
  readonly json: boolean;
}

/**
 * Reads options that are positive numbers, and `--png` and `--json`, which all have.
 *
 * @param defaults - of the numbers
 * @param integers - which of them must be integers
 * @returns the options, or a text that says what is wrong
 */
export function readOptions<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, number>>,
  integers: readonly NoInfer<Name>[],
): GridOptions<Name> | string {
  const names = Object.keys(defaults) as Name[];
  let given: Record<string, Value>;
  try {
    const numbers = names.map((name) => [name, { type: 'string' }] as const);
    ({ values: given } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(numbers),
        png: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return (error as Error).message;
  }
  const values = { ...defaults } as Record<Name, number>;
  for (const name of names) {
    const text = given[name];
    if (text === undefined) continue;
    values[name] = Number(text);
    const isInteger = integers.includes(name);
    if (!(values[name] > 0) || (isInteger && !Number.isInteger(values[name]))) {
      const expected = isInteger ? 'a positive integer' : 'a positive number';
      return `Expected ${expected} for --${name}, but received '${text}'.`;
    }
  }
  return { values, png: given.png as string | undefined, json: given.json === true };
}
