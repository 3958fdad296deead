/** Arrays among the arguments of functions that run next to the data: themselves, or in lists and objects of options. */
import type { LocalArray } from '../local/localArray.ts';
import { NEXT_ARRAY } from '../ops/applyFunction.ts';
import { replaceInside } from '../ops/functions/insideValues.ts';
import type { ValueProxy } from '../ops/functions/proxy.ts';
import { DistArray } from './distArray.ts';

/** Arguments of a function that is called with local arrays where distributed ones are given, and objects for proxies. */
export type ArrayArguments<Args extends readonly unknown[]> = {
  [K in keyof Args]: LocalOf<Args[K]>;
};

/** Arguments of a registered function: distributed arrays where it takes local ones. */
export type DistributedArguments<Args extends readonly unknown[]> = {
  [K in keyof Args]: DistributedOf<Args[K]>;
};

type LocalOf<T> = T extends Remote
  ? LocalOne<T>
  : T extends readonly Remote[]
    ? { [K in keyof T]: LocalOne<T[K]> }
    : Has<T, Remote> extends true
      ? { [K in keyof T]: LocalOne<T[K]> }
      : T;

type LocalOne<T> =
  T extends DistArray<infer D> ? LocalArray<D> : T extends ValueProxy<infer O> ? O : T;

/** What stands for something that is elsewhere. */
type Remote = DistArray | ValueProxy;

type DistributedOf<T> =
  T extends LocalArray<infer D>
    ? DistArray<D>
    : Has<T, LocalArray> extends true
      ? { [K in keyof T]: T[K] extends LocalArray<infer D> ? DistArray<D> : T[K] }
      : T;

/** Whether an object has a property of a type. */
type Has<T, Value> = T extends readonly unknown[]
  ? false
  : T extends object
    ? true extends { [K in keyof T]: T[K] extends Value ? true : false }[keyof T]
      ? true
      : false
    : false;

/** Returns the arrays among arguments in their order, and the arguments with placeholders for them. */
export function separateArrays(args: readonly unknown[]): {
  readonly arrays: readonly DistArray[];
  readonly rest: readonly unknown[];
} {
  const arrays: DistArray[] = [];
  const withoutArray = (value: unknown): unknown => {
    if (!(value instanceof DistArray)) return value;
    arrays.push(value);
    return NEXT_ARRAY;
  };
  return { arrays, rest: args.map((arg) => replaceInside(arg, withoutArray)) };
}
