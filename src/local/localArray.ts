/** The part of a distributed array that one process holds. */
import ndarray, { type NdArray } from 'ndarray';
import { type Complex, DTYPES, type Dtype, parseDtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { Distribution } from '../maps/distribution.ts';
import { COMM_WORLD, Comm } from '../mpi/communicator.ts';
import { allocateLocal } from './allocation.ts';
import { ComplexStore } from './complexStore.ts';

const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** The typed array of dtype `D`, as the types of scijs know it. */
type ScijsData<D extends Dtype> = D extends 'int64'
  ? BigInt64Array<ArrayBuffer>
  : D extends 'uint64'
    ? BigUint64Array<ArrayBuffer>
    : Exclude<TypedArrayOf<D>, BigInt64Array | BigUint64Array>;

/** A scijs ndarray of values that are no numbers, which its own types cannot set. */
type ValueNdArray<Value> = Omit<NdArray<ComplexStore>, 'get' | 'set'> & {
  get(...index: number[]): Value;
  set(...indexAndValue: [...index: number[], value: Value]): Value;
};

/**
 * The scijs ndarray of local elements of dtype `D`; complex ones are got and set as `{ re, im }`,
 * 64-bit integers as bigints.
 */
export type LocalNdArray<D extends Dtype> = D extends 'complex64' | 'complex128'
  ? ValueNdArray<Complex>
  : D extends 'int64' | 'uint64'
    ? ValueNdArray<bigint>
    : NdArray<ScijsData<D>>;

/** What a {@link LocalArray} is made of. */
export interface LocalArrayOptions<D extends Dtype> {
  /** Element type; default `float64`. */
  readonly dtype?: D;
  /** Memory to use, without a copy, in C order; default: new memory full of zeros. */
  readonly data?: TypedArrayOf<D>;
  /** Processes that share the array; rank r is target r. Default `COMM_WORLD`. */
  readonly comm?: Comm;
}

/**
 * The local part of a distributed array: a distribution, this process's rank in it, and one typed
 * array in C order.
 *
 * @remarks Making one communicates nothing, but every process of the communicator should: those
 * that are no targets of the distribution hold an empty part and take part in what is collective.
 */
export class LocalArray<D extends Dtype = Dtype> {
  readonly distribution: Distribution;
  readonly comm: Comm;
  readonly dtype: D;
  /** The local elements in C order; of a complex dtype as pairs (re, im). */
  readonly data: TypedArrayOf<D>;
  /** Rank of this process in the distribution; -1 when it holds nothing of it. */
  readonly rank: number;
  /** Number of local indices in each dimension; all 0 when the rank is -1. */
  readonly localShape: readonly number[];
  #ndarray: LocalNdArray<D> | undefined;

  /**
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when `data` does not fit the
   * local shape and dtype, or the communicator has fewer processes than the distribution
   */
  constructor(distribution: Distribution, options: LocalArrayOptions<D> = {}) {
    if (!(distribution instanceof Distribution)) {
      throw new ArgumentTypeError('distribution', 'a Distribution', distribution);
    }
    this.distribution = distribution;
    this.comm = options.comm ?? COMM_WORLD;
    if (!(this.comm instanceof Comm)) {
      throw new ArgumentTypeError('options.comm', 'a communicator', options.comm);
    }
    checkTargets(distribution, this.comm);
    this.dtype = parseDtype(options.dtype ?? 'float64', 'options.dtype') as D;
    this.rank = distribution.rankOfTarget(this.comm.rank);
    this.localShape = Object.freeze(
      this.rank < 0 ? distribution.shape.map(() => 0) : distribution.localShape(this.rank),
    );
    this.data = options.data ?? allocateLocal(this.dtype, this.localSize);
    checkData(this.data, this.dtype, this.localSize);
  }

  /** Shape of the whole array. */
  get globalShape(): readonly number[] {
    return this.distribution.shape;
  }

  /** Number of elements of the whole array. */
  get globalSize(): number {
    return this.distribution.size;
  }

  /** Number of local elements. */
  get localSize(): number {
    if (this.rank < 0) return 0;
    return this.localShape.reduce((product, extent) => product * extent, 1);
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.distribution.ndim;
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return DTYPES[this.dtype].itemsize;
  }

  /** This process's place in the process grid; empty when the rank is -1. */
  get coords(): readonly number[] {
    return this.rank < 0 ? [] : this.distribution.coordsFromRank(this.rank);
  }

  /**
   * The local elements as a scijs ndarray over the same memory: writing to one writes to the other.
   * @throws {@link ArgumentRangeError} beyond 2³¹ − 1 elements, where scijs computes wrong offsets
   */
  get ndarray(): LocalNdArray<D> {
    this.#ndarray ??= this.#makeNdarray();
    return this.#ndarray;
  }

  /** Real parts of a complex array, or the array itself: a scijs ndarray over the same memory. */
  get real(): NdArray<ScijsData<D>> {
    return this.#lane(0);
  }

  /**
   * Imaginary parts of a complex array: a scijs ndarray over the same memory.
   * @throws {@link ArgumentTypeError} when the array is not complex
   */
  get imag(): NdArray<ScijsData<D>> {
    if (DTYPES[this.dtype].lanes === 1) {
      throw new ArgumentTypeError('this array', 'a complex dtype', this.dtype);
    }
    return this.#lane(1);
  }

  /** Returns the global indices of the local elements along a dimension, in local order. */
  globalIndices(axis: number): number[] {
    if (!(axis in this.distribution.maps)) {
      throw new ArgumentRangeError('axis', `an integer in [0, ${this.ndim - 1}]`, axis);
    }
    if (this.rank < 0) return [];
    return [...this.distribution.maps[axis].globalIndices(this.coords[axis])];
  }

  /** Returns the global index of a local element. */
  globalFromLocal(localIndex: readonly number[]): number[] {
    return this.distribution.globalFromLocal(this.rank, localIndex);
  }

  /** Gives every local element this value; communicates nothing. */
  fill(value: number | bigint | boolean | Complex): this {
    const { kind, arrayType } = DTYPES[this.dtype];
    if (kind === 'complex') {
      const { re, im } = typeof value === 'object' ? value : { re: Number(value), im: 0 };
      const parts = this.data as Float64Array;
      for (let i = 0; i < parts.length; i += 2) {
        parts[i] = re;
        parts[i + 1] = im;
      }
    } else if (typeof value === 'object') {
      throw new ArgumentTypeError('value', `a number for dtype ${this.dtype}`, value);
    } else if (
      (arrayType as unknown) === BigInt64Array ||
      (arrayType as unknown) === BigUint64Array
    ) {
      (this.data as BigInt64Array).fill(BigInt(value));
    } else {
      (this.data as Float64Array).fill(Number(value));
    }
    return this;
  }

  /** Describes the local part; communicates nothing. */
  toString(): string {
    const extents = (shape: readonly number[]) => `[${shape.join(', ')}]`;
    return (
      `LocalArray ${this.dtype} ${extents(this.localShape)} of ${extents(this.globalShape)}, ` +
      `rank ${this.rank} of grid ${extents(this.distribution.gridShape)}, ` +
      `dist ${this.distribution.dist.join('')}`
    );
  }

  [inspectCustom](): string {
    const shown = Array.from(this.data.subarray(0, 8), String).join(', ');
    return `${this.toString()}\n  ${shown}${this.data.length > 8 ? ', …' : ''}`;
  }

  #makeNdarray(): LocalNdArray<D> {
    const data =
      DTYPES[this.dtype].lanes === 2
        ? new ComplexStore(this.data as Float32Array | Float64Array)
        : this.data;
    checkScijs(this.data.length);
    return ndarray(data as Float64Array, [...this.localShape]) as unknown as LocalNdArray<D>;
  }

  #lane(lane: number): NdArray<ScijsData<D>> {
    const { lanes } = DTYPES[this.dtype];
    checkScijs(this.data.length);
    const stride = cOrderStrides(this.localShape).map((step) => step * lanes);
    const view = ndarray(this.data as Float64Array, [...this.localShape], stride, lane);
    return view as unknown as NdArray<ScijsData<D>>;
  }
}

function cOrderStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

function checkScijs(length: number): void {
  if (length > 2 ** 31 - 1) {
    throw new ArgumentRangeError(
      'this array',
      'at most 2147483647 local elements for an ndarray (use .data beyond)',
      length,
    );
  }
}

function checkTargets(distribution: Distribution, comm: Comm): void {
  const last = distribution.targetOf(distribution.numProcesses - 1);
  if (last >= comm.size) {
    throw new ArgumentRangeError(
      'distribution',
      `targets below ${comm.size}, the size of the communicator`,
      `target ${last}`,
    );
  }
}

function checkData(data: unknown, dtype: Dtype, localSize: number): void {
  const { arrayType, lanes } = DTYPES[dtype];
  const name = (arrayType as { name?: string }).name;
  if (!(data instanceof (arrayType as unknown as abstract new () => object))) {
    throw new ArgumentTypeError('options.data', `a ${name} for dtype ${dtype}`, data);
  }
  const { length } = data as unknown as Float64Array;
  if (length !== localSize * lanes) {
    throw new ArgumentRangeError(
      'options.data',
      `${localSize * lanes} elements, as the local shape wants`,
      length,
    );
  }
}
