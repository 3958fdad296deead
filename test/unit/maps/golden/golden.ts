/** Compares golden cases with ours, but for the list of deliberate differences. */

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

export { type GoldenError, readGolden } from '../golden.ts';

/** An index as golden files write it. */
export type GoldenIndex =
  | number
  | string
  | boolean
  | null
  | { readonly slice: readonly [number | null, number | null, number | null] }
  | { readonly ellipsis: true }
  | readonly GoldenIndex[];

/** Stands for an error, whoever raised it. */
export const REFUSED = 'refused';

/** Returns what `call` returns, or that it refuses its arguments. */
export function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const { code } = error as { code?: string };
    assert.match(String(code), /^ERR_(ARGUMENT_TYPE|ARGUMENT_RANGE|INDICES_UNKNOWN|CONTEXT)$/);
    return REFUSED;
  }
}

/** One golden case: what it is called, what DistArray's outcome is, and ours. */
export interface Comparison {
  readonly name: string;
  readonly golden: unknown;
  readonly ours: () => unknown;
}

/**
 * Declares the test that our outcomes are the golden ones, but for the cases that
 * docs/differences.md lists under `section`; a listed case that does not differ fails, too.
 *
 * @param same - whether two outcomes count as the same
 */
export function agreesWithGolden(
  section: string,
  comparisons: readonly Comparison[],
  same: (ours: unknown, golden: unknown) => boolean = isDeepStrictEqual,
): void {
  it(`agrees with golden ${section} but for the listed differences`, () => {
    assert.ok(comparisons.length > 0);
    const outcomes = comparisons.map(({ name, golden, ours }) => ({ name, golden, ours: ours() }));
    const differing = outcomes.filter(({ golden, ours }) => !same(ours, golden));
    const listed = listedDifferences(section);
    const show = (names: readonly string[]) =>
      outcomes
        .filter(({ name }) => names.includes(name))
        .map(
          ({ name, golden, ours }) => `${name}: ${JSON.stringify({ golden, ours }, withBigints)}`,
        )
        .join('\n');
    const unlisted = differing.map(({ name }) => name).filter((name) => !listed.includes(name));
    assert.deepEqual(unlisted, [], `not listed:\n${show(unlisted)}`);
    const stale = listed.filter((name) => !differing.some((entry) => entry.name === name));
    assert.deepEqual(stale, [], `listed, but they agree or do not exist:\n${show(stale)}`);
  });
}

function withBigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** The case names in the first column of the section's table in docs/differences.md. */
function listedDifferences(section: string): string[] {
  const text = readFileSync(new URL('../../../../docs/differences.md', import.meta.url), 'utf8');
  const found = text.split(/^## /m).find((part) => part.startsWith(`${section}\n`));
  if (found === undefined) return [];
  const rows = found.split('\n').filter((line) => /^\| *\d/.test(line));
  return rows.flatMap((row) => {
    const [, cases, , why] = row.split('|');
    assert.ok(why.trim() !== '', `${section}, ${cases}: a reason`);
    return cases.split(',').flatMap((entry) => {
      const [first, last = first] = entry.trim().split('–').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
    });
  });
}
