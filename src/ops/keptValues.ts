/** Values that stay with the processes that hold the arrays; the program, wherever it runs, knows their numbers. */
import { DistArrayError } from '../errors.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { Comm } from '../mpi/communicator.ts';
import { valueOperation } from './operation.ts';

interface Kept {
  next: number;
  readonly values: Map<number, unknown>;
}

/** By the processes that have them, which keep and let go together: the numbers are the same on all. */
const keptBy = new WeakMap<Comm, Kept>();

/** Keeps a value; returns its number. */
export function keep(comm: Comm, value: unknown): number {
  let kept = keptBy.get(comm);
  if (kept === undefined) {
    kept = { next: 0, values: new Map() };
    keptBy.set(comm, kept);
  }
  const number = kept.next++;
  kept.values.set(number, value);
  return number;
}

/**
 * Returns the value of a number.
 * @throws {@link DistArrayError} `ERR_UNKNOWN_VALUE` when it is not kept any more
 */
export function keptValue(comm: Comm, number: number): unknown {
  const values = keptBy.get(comm)?.values;
  if (values?.has(number)) return values.get(number);
  throw new DistArrayError('ERR_UNKNOWN_VALUE', `There is no value ${number} any more`);
}

/** Returns the value of a number, which is not kept any more; undefined when it was not. */
export function letGo(comm: Comm, number: number): unknown {
  const values = keptBy.get(comm)?.values;
  const value = values?.get(number);
  values?.delete(number);
  return value;
}

/** Lets go of all, and ends what has an end, such as open files. @remarks Collective. */
export function letAllGo(comm: Comm): void {
  const values = [...(keptBy.get(comm)?.values.values() ?? [])];
  keptBy.delete(comm);
  for (const value of values) {
    try {
      (value as Partial<Disposable> | null)?.[Symbol.dispose]?.();
    } catch (error) {
      console.error(error);
    }
  }
}

/** The array of a number: what an operation with several results has kept. It is kept no longer. */
export const takeKept = valueOperation<number, LocalArray>('takeKept', {
  check: () => {},
  run: (_, number, { comm }) => {
    const array = keptValue(comm, number) as LocalArray;
    letGo(comm, number);
    return array;
  },
});
