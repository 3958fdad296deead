/** Running a function of a program next to the data. */

import type { Dtype } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { LocalArray } from '../local/localArray.ts';
import type { DimData } from '../maps/dimData.ts';
import { agree } from '../mpi/agreement.ts';
import { valueOperation } from './operation.ts';

/** Stands among the arguments for the next array. */
export const NEXT_ARRAY: unique symbol = Symbol('next array');

/** A call of a function on several processes. */
export interface ApplyParams {
  readonly fn: (...args: never[]) => unknown;
  /** What the function is called with: values, and {@link NEXT_ARRAY} for each array, also in options. */
  readonly args: readonly unknown[];
  /** The processes that call it. */
  readonly targets: readonly number[];
}

/** What a target has returned: a value, or an array, which stays where it is. */
export type Returned =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'array';
      /** On the process that returned it. */
      readonly local: LocalArray | null;
      readonly dtype: Dtype;
      readonly dimData: readonly DimData[];
    };

/** What a process tells the others. */
interface Told {
  readonly array?: { readonly dtype: Dtype; readonly dimData: readonly DimData[] };
  readonly value?: unknown;
}

/**
 * Calls a function on some processes with the local parts of arrays, and tells all processes what each has
 * returned, in the order of the targets. A local array is not sent: the processes that returned it have it.
 */
export const applyFunction = valueOperation<ApplyParams, Returned[]>('apply', {
  check: (_, { fn, targets }) => checkCall(fn, targets, Number.MAX_SAFE_INTEGER),
  run: (arrays, { fn, args, targets }, { comm }) => {
    let next = 0;
    const filled = (value: unknown) => (value === NEXT_ARRAY ? arrays[next++] : value);
    // Also what is wrong with the arguments on one process only the others are told.
    const returned = agree(comm, (): unknown => {
      checkCall(fn, targets, comm.size);
      const given = args.map((arg) =>
        isOptions(arg)
          ? Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, filled(value)]))
          : filled(arg),
      );
      for (const array of arrays) array.handOut();
      if (!targets.includes(comm.rank)) return undefined;
      return (fn as (...all: unknown[]) => unknown)(...given);
    });
    const own: Told = told(returned);
    const all = comm.size === 1 ? [own] : comm.allgatherObjects(own);
    return targets.map((target): Returned => {
      const { array, value } = all[target];
      if (array === undefined) return { kind: 'value', value };
      const local = target === comm.rank ? (returned as LocalArray) : null;
      return { kind: 'array', local, ...array };
    });
  },
});

/** Whether a value is an object literal, as options are. */
export function isOptions(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}

function told(returned: unknown): Told {
  if (!(returned instanceof LocalArray)) return { value: returned };
  const { dtype, dimData } = returned;
  return { array: { dtype, dimData: [...dimData] } };
}

function checkCall(fn: unknown, targets: readonly number[], size: number): void {
  if (typeof fn !== 'function') throw new ArgumentTypeError('fn', 'a function', fn);
  const stranger = targets.find((target) => target >= size);
  if (stranger === undefined) return;
  throw new ArgumentRangeError('options.targets', `targets below ${size}`, stranger);
}
