/** Making distributed arrays. */
import { type Complex, type Dtype, parseDtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { resultType } from '../dtype/promotion.ts';
import { isScalar, type Scalar } from '../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { ArrayInput, Nested } from '../local/arrayInput.ts';
import type { IndexArrayFunction } from '../local/fromFunction.ts';
import { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import { type ComputedParams, createComputed } from '../ops/computedArray.ts';
import { createEye, createFull, createProgression } from '../ops/creation.ts';
import { loadFunction } from '../ops/functions/namedValues.ts';
import { ValueProxy } from '../ops/functions/proxy.ts';
import type { ArrayOperation } from '../ops/operation.ts';
import { checkOptions } from '../options.ts';
import type { Context } from './context.ts';
import { ContextBase, type DistributionOptions, refuseBesideDistribution } from './contextBase.ts';
import {
  CREATION_NAMES,
  type CreationOptions,
  EYE_NAMES,
  type EyeOptions,
  FUNCTION_NAMES,
  type FunctionOptions,
  LIKE_NAMES,
  LINSPACE_NAMES,
  type LikeOptions,
  type LinspaceOptions,
} from './creationOptions.ts';
import { DistArray } from './distArray.ts';
import { type FromArrayOptions, fromArray } from './fromArray.ts';
import { arrayOfProxy } from './keptArrays.ts';
import { shipped } from './targetCalls.ts';

/** A shape to be distributed by the options, or a distribution. */
export type ShapeOrDistribution = readonly number[] | Distribution;

/** The dtype of an array of values. */
export type DtypeOfScalar<S> = [S] extends [number]
  ? 'float64'
  : [S] extends [boolean]
    ? 'bool'
    : [S] extends [bigint]
      ? 'int64'
      : [S] extends [Complex]
        ? 'complex128'
        : Dtype;

/** The dtype of an array that is made of data. */
export type DtypeOfInput<Input> =
  Input extends Nested<number>
    ? 'float64'
    : Input extends Nested<boolean>
      ? 'bool'
      : Input extends Nested<bigint>
        ? 'int64'
        : Input extends Nested<Complex>
          ? 'complex128'
          : Input extends { readonly data: infer Data; readonly shape: readonly number[] }
            ? Input extends { readonly dtype: infer Name extends Dtype }
              ? Name
              : DtypeOfMemory<Data>
            : DtypeOfMemory<Input>;

/** The dtype of the elements of a typed array, unless an option says that they are bools or pairs. */
type DtypeOfMemory<Data> = {
  [D in Exclude<Dtype, 'bool' | 'complex64' | 'complex128'>]: Data extends TypedArrayOf<D>
    ? D
    : never;
}[Exclude<Dtype, 'bool' | 'complex64' | 'complex128'>] extends infer D extends Dtype
  ? [D] extends [never]
    ? Dtype
    : D
  : Dtype;

/**
 * The part of {@link Context} that makes arrays.
 *
 * @remarks All methods are collective. Numbers make arrays of float64, bigints of int64, booleans of bool,
 * unless `options.dtype` says otherwise. Wrong arguments throw {@link ArgumentTypeError} or
 * {@link ArgumentRangeError}.
 */
export class ContextCreation extends ContextBase {
  /** Returns an array of zeros (`numpy.zeros`). */
  zeros<D extends Dtype = 'float64'>(
    shape: ShapeOrDistribution,
    options: CreationOptions<D> = {},
  ): DistArray<D> {
    return this.#full(shape, 0, options);
  }

  /** Returns an array of ones (`numpy.ones`). */
  ones<D extends Dtype = 'float64'>(
    shape: ShapeOrDistribution,
    options: CreationOptions<D> = {},
  ): DistArray<D> {
    return this.#full(shape, 1, options);
  }

  /** Returns an array whose values do not matter (`numpy.empty`). */
  empty<D extends Dtype = 'float64'>(
    shape: ShapeOrDistribution,
    options: CreationOptions<D> = {},
  ): DistArray<D> {
    return this.#full(shape, null, options);
  }

  /** Returns an array full of one value, of its dtype (`numpy.full`). */
  full<S extends Scalar, D extends Dtype = DtypeOfScalar<S>>(
    shape: ShapeOrDistribution,
    value: S,
    options: CreationOptions<D> = {},
  ): DistArray<D> {
    checkOptions(options, CREATION_NAMES, '{ dtype, dist }');
    const dtype = options.dtype ?? (dtypeOfScalars(value) as D);
    return this.#full(shape, value, { ...options, dtype });
  }

  /** Returns zeros that are distributed like another array, of its dtype (`numpy.zeros_like`). */
  zerosLike<D extends Dtype>(array: DistArray<D>, options: LikeOptions<D> = {}): DistArray<D> {
    return this.#like(array, 0, options);
  }

  /** Returns ones that are distributed like another array, of its dtype (`numpy.ones_like`). */
  onesLike<D extends Dtype>(array: DistArray<D>, options: LikeOptions<D> = {}): DistArray<D> {
    return this.#like(array, 1, options);
  }

  /** Returns an array distributed like another one, whose values do not matter (`numpy.empty_like`). */
  emptyLike<D extends Dtype>(array: DistArray<D>, options: LikeOptions<D> = {}): DistArray<D> {
    return this.#like(array, null, options);
  }

  /** Returns an array full of one value, distributed like another one, of its dtype (`numpy.full_like`). */
  fullLike<D extends Dtype>(
    array: DistArray<D>,
    value: Scalar,
    options: LikeOptions<D> = {},
  ): DistArray<D> {
    return this.#like(array, value, options);
  }

  /**
   * Returns start, start + step, … below `stop` (`numpy.arange`). With one number they begin at 0. Bigints make
   * int64.
   */
  arange<S extends number | bigint, D extends Dtype = DtypeOfScalar<S>>(
    stop: S,
    options?: CreationOptions<D>,
  ): DistArray<D>;
  arange<S extends number | bigint, D extends Dtype = DtypeOfScalar<S>>(
    start: S,
    stop: S,
    step?: S,
    options?: CreationOptions<D>,
  ): DistArray<D>;
  arange<D extends Dtype>(...args: unknown[]): DistArray<D> {
    const last = args.at(-1);
    const options = (typeof last === 'object' ? args.pop() : {}) as CreationOptions<D>;
    const numbers = args.filter((arg) => arg !== undefined) as (number | bigint)[];
    const names = numbers.length === 1 ? ['stop'] : ['start', 'stop', 'step'];
    numbers.forEach((value: unknown, k) => {
      if (typeof value === 'bigint' || Number.isFinite(value)) return;
      throw new ArgumentTypeError(names[k] ?? 'arguments', 'a number or a bigint', value);
    });
    const zero = typeof numbers[0] === 'bigint' ? 0n : 0;
    const [start, stop, step = typeof numbers[0] === 'bigint' ? 1n : 1] =
      numbers.length === 1 ? [zero, numbers[0]] : numbers;
    if (Number(step) === 0) throw new ArgumentRangeError('step', 'a number that is not 0', step);
    const count = stepsBetween(start, stop, step);
    const dtype = options.dtype ?? (dtypeOfScalars(start, step) as D);
    return this.#progression(count, { start, step, last: null }, { ...options, dtype });
  }

  /** Returns `count` numbers with equal distances from `start` to `stop` (`numpy.linspace`); default 50. */
  linspace<D extends Dtype = 'float64'>(
    start: number,
    stop: number,
    count = 50,
    options: LinspaceOptions<D> = {},
  ): DistArray<D> {
    for (const [name, value] of Object.entries({ start, stop })) {
      if (typeof value !== 'number') throw new ArgumentTypeError(name, 'a number', value);
    }
    checkInteger('count', count, 0);
    checkOptions(options, LINSPACE_NAMES, '{ endpoint, dtype, dist }');
    const { endpoint = true, dtype = 'float64' as D, ...rest } = options;
    const steps = endpoint ? count - 1 : count;
    const step = steps > 0 ? (stop - start) / steps : 0;
    const last = endpoint && count > 1 ? stop : null;
    // As NumPy does, integers come from floats.
    const exact = this.#progression(count, { start, step, last }, { ...rest, dtype: 'float64' });
    return dtype === 'float64' ? (exact as DistArray<Dtype> as DistArray<D>) : exact.astype(dtype);
  }

  /** Returns the (n, m) array with ones on a diagonal and zeros elsewhere (`numpy.eye`); m is n by default. */
  eye<D extends Dtype = 'float64'>(n: number, m = n, options: EyeOptions<D> = {}): DistArray<D> {
    checkOptions(options, EYE_NAMES, '{ k, dtype, dist }');
    const { k = 0, dtype = 'float64' as D, ...rest } = options;
    checkInteger('options.k', k);
    const distribution = this.distribution([n, m], rest);
    return this.created(createEye, { dtype, distribution, k });
  }

  /**
   * Returns an array of data: nested arrays, an ndarray, or `{ data, shape }` (DistArray 0.5 `fromarray`). Without
   * `root` every process has the same data; with it only that process needs to have them, and sends the others
   * theirs.
   */
  fromArray<Input extends ArrayInput | null, D extends Dtype = DtypeOfInput<Input>>(
    array: Input,
    options: FromArrayOptions<D> = {},
  ): DistArray<D> {
    return fromArray<D>(this, array as ArrayInput<D> | null, options);
  }

  /** Returns an array of the elements of an ndarray: {@link ContextCreation.fromArray}. */
  fromNdArray<Input extends ArrayInput | null, D extends Dtype = DtypeOfInput<Input>>(
    array: Input,
    options: FromArrayOptions<D> = {},
  ): DistArray<D> {
    return fromArray<D>(this, array as ArrayInput<D> | null, options);
  }

  /**
   * Returns the array whose element at (i, j, …) is `value(i, j, …)` (DistArray 0.5 `fromfunction`).
   *
   * @param value - called once an element, on the process that holds it
   * @throws {@link DistArrayError} on every process alike when the function throws on one
   */
  fromFunction<D extends Dtype = 'float64'>(
    value: (...index: number[]) => Scalar,
    shape: ShapeOrDistribution,
    options: FunctionOptions<D> = {},
  ): DistArray<D> {
    return this.#computed(value, shape, options, { argument: 'value', byParts: false });
  }

  /**
   * Returns an array that a function fills part by part: it gets the global indices along each axis, and the part's
   * elements in C order.
   *
   * @throws {@link DistArrayError} on every process alike when the function throws on one
   */
  fromIndexArrays<D extends Dtype = 'float64'>(
    write: IndexArrayFunction<D>,
    shape: ShapeOrDistribution,
    options: FunctionOptions<D> = {},
  ): DistArray<D> {
    return this.#computed(write, shape, options, { argument: 'write', byParts: true });
  }

  /**
   * Returns the array of local parts that every process has made, over their memory (DistArray 0.5
   * `from_localarrays`).
   *
   * @param local - this process's part, or a proxy of the parts that processes keep (`apply` with `autoproxyize`)
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for a part of another communicator, and
   * on every process alike when parts differ in dtype or shape
   */
  fromLocalArrays<D extends Dtype>(local: LocalArray<D> | ValueProxy<LocalArray<D>>): DistArray<D> {
    if (local instanceof ValueProxy)
      return arrayOfProxy(this.#self, local) as unknown as DistArray<D>;
    const { comm, session } = this;
    session.agree(() => {
      if (!(local instanceof LocalArray))
        throw new ArgumentTypeError('local', 'a LocalArray', local);
      if (local.comm === comm || local.comm.compare(comm) !== 'unequal') return;
      throw new ArgumentRangeError('local', 'an array of the context’s communicator', local.comm);
    });
    local.handOut();
    const { dtype, dist, globalShape, gridShape } = local;
    this.session.checkSame({ local: [dtype, dist, globalShape, gridShape].join(' ') });
    return new DistArray<D>(this.#self, this.session.handleOf(local));
  }

  /** Carries out an operation that makes an array. @internal */
  created<Params, D extends Dtype>(
    operation: ArrayOperation<Params>,
    params: Params,
  ): DistArray<D> {
    return new DistArray<D>(this.#self, this.session.execute(operation, [], params));
  }

  /** Returns a distribution that is given, or that options tell. @internal */
  distributionOf(shape: ShapeOrDistribution, options: DistributionOptions): Distribution {
    if (!(shape instanceof Distribution)) return this.distribution(shape, options);
    refuseBesideDistribution(options);
    this.checkDistribution(shape, 'distribution');
    return shape;
  }

  #full<D extends Dtype>(
    shape: ShapeOrDistribution,
    value: Scalar | null,
    options: CreationOptions<D>,
  ): DistArray<D> {
    const { dtype, distribution } = this.#spread(shape, options);
    return this.created(createFull, { dtype, distribution, value });
  }

  /** The array that a function of the program computes: what goes wrong on one process all are told. */
  #computed<D extends Dtype>(
    value: unknown,
    shape: ShapeOrDistribution,
    options: FunctionOptions<D>,
    { argument, byParts }: { readonly argument: string; readonly byParts: boolean },
  ): DistArray<D> {
    const params = this.agreed(() => {
      checkOptions(options, FUNCTION_NAMES, '{ dtype, dist }');
      const { capture, ...rest } = options;
      const fn = shipped(this.#self, value, capture, argument);
      return { ...this.#spread(shape, rest), fn, byParts };
    });
    if (params.fn.needsModule) this.session.evaluate(loadFunction, [], { fn: params.fn });
    return this.created<ComputedParams, D>(createComputed, params);
  }

  #like<D extends Dtype>(
    array: DistArray<D>,
    value: Scalar | null,
    options: LikeOptions<D>,
  ): DistArray<D> {
    if (!(array instanceof DistArray)) throw new ArgumentTypeError('array', 'a DistArray', array);
    checkOptions(options, LIKE_NAMES, "{ dtype: 'float32' }");
    return this.#full(array.distribution, value, { dtype: options.dtype ?? array.dtype });
  }

  #progression<D extends Dtype>(
    count: number,
    numbers: { readonly start: Scalar; readonly step: Scalar; readonly last: Scalar | null },
    options: CreationOptions<D>,
  ): DistArray<D> {
    const { dtype, distribution } = this.#spread([count], options);
    return this.created(createProgression, { dtype, distribution, ...numbers });
  }

  #spread(shape: ShapeOrDistribution, options: CreationOptions<Dtype>) {
    checkOptions(options, CREATION_NAMES, '{ dtype, dist }');
    const { dtype = 'float64', ...rest } = options;
    parseDtype(dtype, 'options.dtype');
    return { dtype, distribution: this.distributionOf(shape, rest) };
  }

  /** Contexts are made as {@link Context} only. */
  get #self(): Context {
    return this as unknown as Context;
  }
}

function dtypeOfScalars(...values: readonly Scalar[]): Dtype {
  for (const value of values) {
    if (!isScalar(value))
      throw new ArgumentTypeError('value', 'a number, bigint or boolean', value);
  }
  return resultType(...values);
}

/** How many numbers start, start + step, … there are before `stop`: exactly for integers, as for NumPy's. */
function stepsBetween(
  start: number | bigint,
  stop: number | bigint,
  step: number | bigint,
): number {
  const all = [start, stop, step];
  const exact = all.every((value) => typeof value === 'bigint' || Number.isInteger(value));
  if (!exact) return Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)));
  const [from, to, by] = all.map(BigInt);
  const way = by > 0n ? to - from : from - to;
  const stride = by > 0n ? by : -by;
  return way > 0n ? Number((way + stride - 1n) / stride) : 0;
}
