/** Arrays that are spread over the processes of a context. */
import { DTYPES, type Dtype, type ScalarOf } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { ArgumentTypeError, DistArrayError } from '../errors.ts';
import type { PrintOptions } from '../local/format/printOptions.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { LocalNdArray } from '../local/localNdArray.ts';
import { Distribution } from '../maps/distribution.ts';
import { DISTRIBUTION_OPTIONS } from '../maps/distributionOptions.ts';
import type { DistLetter } from '../maps/normalizeDist.ts';
import type { SliceSpec } from '../maps/sliceSpec.ts';
import { refuseInstances } from '../mpi/objects/registry.ts';
import { getElement, setElement } from '../ops/index/element.ts';
import { astypeOperation, sliceOperation, viewOperation } from '../ops/index/views.ts';
import type { ArrayOperation } from '../ops/operation.ts';
import { relocate } from '../ops/relocate.ts';
import { checkOptions, optionNames } from '../options.ts';
import { type Assigned, assign } from './assign.ts';
import type { Context } from './context.ts';
import { type DistributionOptions, refuseBesideDistribution } from './contextBase.ts';
import type { ElementwiseMethods } from './elementwise/methods.ts';
import { type Gathered, gatherEverywhere, gatherOn, nested } from './gathered.ts';
import type { HaloMethods } from './halos.ts';
import type { IndexItem } from './indexItems.ts';
import { getIndexed, setIndexed } from './indexing.ts';
import { localArraysOf, type PartCopy } from './partCopies.ts';
import type { ToFileMethod } from './plainFiles.ts';
import type { ProductMethods } from './productTypes.ts';
import type { ReductionMethods } from './reductionTypes.ts';
import type { ArrayHandle } from './session.ts';
import type { ShapeMethods } from './shapes/types.ts';
import type { IndexingMethods } from './takes.ts';
import { inspected, textOf } from './text.ts';

const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Options of what brings elements to one process. */
export interface RootOptions {
  /** The process that gets the elements; the others get null. */
  readonly root: number;
}

/** Options of {@link DistArray.distributeAs}. */
export interface DistributeOptions extends DistributionOptions {
  /** Most memory, in bytes, that a process may use for messages on their way. Default 64 MiB. */
  readonly stagingBytes?: number;
}

const ROOT_OPTIONS = optionNames<RootOptions>({ root: true });
const DISTRIBUTE_OPTIONS = optionNames<DistributeOptions>({
  ...DISTRIBUTION_OPTIONS,
  stagingBytes: true,
});

/** What {@link DistArray.toJSON} tells. */
export interface ArraySummary {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly dist: readonly DistLetter[];
  readonly gridShape: readonly number[];
  readonly targets: readonly number[];
}

/**
 * An array whose elements are spread over the processes of a context (DistArray 0.5 `DistArray`).
 *
 * @remarks What describes the array is local: its properties, `console.log(array)`, `local`, and `item()` of the
 * result of a reduction. Every other method is collective: all processes of the context call it, in
 * the same order. Elementwise functions and reductions are methods, too.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are put on the prototype from tables
export class DistArray<D extends Dtype = Dtype> implements Disposable {
  readonly context: Context;
  /** How the elements are spread. */
  readonly distribution: Distribution;
  readonly dtype: D;
  /** What stands for the array in the context's session. @internal */
  readonly handle: ArrayHandle;

  /** Arrays are made by a context; see {@link Context}. @internal */
  constructor(context: Context, handle: ArrayHandle) {
    this.context = context;
    this.handle = handle;
    this.distribution = handle.distribution;
    this.dtype = handle.dtype as D;
  }

  /** Number of indices in each dimension. */
  get shape(): readonly number[] {
    return this.distribution.shape;
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.distribution.ndim;
  }

  /** Number of elements. */
  get size(): number {
    return this.distribution.size;
  }

  /** Number of elements, as DistArray calls it: `size`. */
  get globalSize(): number {
    return this.distribution.size;
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return DTYPES[this.dtype].itemsize;
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.size * this.itemsize;
  }

  /** Letter of each dimension's map. */
  get dist(): readonly DistLetter[] {
    return this.distribution.dist;
  }

  /** Processes along each dimension. */
  get gridShape(): readonly number[] {
    return this.distribution.gridShape;
  }

  /** The processes that hold the array, as the context numbers them. */
  get targets(): readonly number[] {
    return this.distribution.targets;
  }

  /**
   * The part that this process holds: the same memory, so that what is written to one shows in the other.
   * @throws {@link DistArrayError} `ERR_NO_LOCAL_DATA` where this process holds no elements
   */
  get local(): LocalArray<D> {
    const local = this.context.session.localOf(this.handle) as LocalArray<D>;
    local.handOut();
    return local;
  }

  /** Returns the shapes of the parts, by rank. Communicates nothing. */
  localShapes(): number[][] {
    return this.distribution.localShapes();
  }

  /**
   * Returns copies of all parts on every process, by rank (DistArray 0.5 `get_localarrays`).
   * @remarks Collective. Every process gets the whole array.
   */
  getLocalArrays(): PartCopy<D>[] {
    return localArraysOf(this);
  }

  /**
   * Returns copies of all parts as ndarrays, by rank, on every process (DistArray 0.5 `get_ndarrays`).
   * @remarks Collective. Every process gets the whole array.
   */
  getNdArrays(): LocalNdArray<D>[] {
    return localArraysOf(this).map(({ ndarray }) => ndarray);
  }

  /**
   * Returns the element at an index; negative ones count from the end. With an array of integers or booleans among
   * the entries it returns a new array of the elements at this index, by NumPy's rules (`a[…]`).
   *
   * @param index - integers, one a dimension; or also ranges, `null`, `'...'`, `newaxis`, text such as `'1:-1'`, and
   * arrays of any distribution or data that every process has
   * @remarks Collective. Of a single element: one broadcast from the owner. Otherwise requests go to the owners and
   * elements come back; axes without arrays keep their maps, and the dimensions of the arrays are distributed as the
   * first DistArray of integers is, or in even blocks.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
   */
  get(...index: number[]): ScalarOf<D>;
  get(...index: IndexItem[]): DistArray<D>;
  get(...index: IndexItem[]): ScalarOf<D> | DistArray<D> {
    const { context, handle } = this;
    if (areIntegers(index))
      return context.session.evaluate(getElement, [handle], index) as ScalarOf<D>;
    return new DistArray<D>(context, getIndexed(this, index));
  }

  /**
   * Gives the element at an index a value (first argument, as everywhere). With an array among the entries the
   * elements at this index get values, broadcast and cast as in NumPy's `a[…] = value`; of several for one element the
   * last in C order stays.
   *
   * @remarks Collective. With integers alone, or a number for a mask of the whole shape, elements do not travel.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
   */
  set(value: Scalar, ...index: number[]): this;
  set(value: Assigned, ...index: IndexItem[]): this;
  set(value: Assigned, ...index: IndexItem[]): this {
    if (areIntegers(index)) {
      const params = { value: value as Scalar, index };
      this.context.session.evaluate(setElement, [this.handle], params);
    } else setIndexed(this, value, index);
    return this;
  }

  /**
   * Returns a basic slice as a view over the same memory, whatever the distribution.
   *
   * @param spec - as between NumPy's brackets: `'1:-1, ::2'`, or indices, ranges `{ start, stop, step }`,
   * `null` (all), `'...'` and `newaxis`
   * @remarks Collective; sends nothing.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  slice(spec: SliceSpec): DistArray<D> {
    return this.#derived(sliceOperation, spec);
  }

  /**
   * Gives all elements those of `value`, broadcast and cast as in NumPy's `a[...] = value`: of a number, of data that
   * every process has, or of another array, whatever its distribution.
   *
   * @remarks Collective; elements travel where arrays do not lie alike.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the shape does not fit
   * @throws {@link ContextError} for an array of another context
   */
  assign(value: Assigned): this {
    assign(this, value);
    return this;
  }

  /** Gives all elements one value (`ndarray.fill`). @remarks Collective; sends nothing. */
  fill(value: Scalar): this {
    return this.assign(value);
  }

  /** Returns a copy as another dtype (`ndarray.astype`). @remarks Collective; sends nothing. */
  astype<E extends Dtype>(dtype: E): DistArray<E> {
    return this.#derived(astypeOperation, dtype);
  }

  /** Returns a copy (`ndarray.copy`). @remarks Collective; sends nothing. */
  copy(): DistArray<D> {
    return this.#derived(astypeOperation, this.dtype);
  }

  /**
   * Returns the same memory as elements of another dtype (`ndarray.view`); where those are smaller or larger,
   * the last dimension has more or fewer of them.
   *
   * @remarks Collective; sends nothing.
   * @throws {@link ArgumentRangeError} when the bytes of a row make no whole number of elements
   */
  view<E extends Dtype = D>(dtype?: E): DistArray<E> {
    return this.#derived(viewOperation, dtype ?? this.dtype);
  }

  /**
   * Returns a copy under another distribution, or with another shape of as many elements, which keep their order
   * (DistArray 0.6 `distribute_as`).
   *
   * @param target - a distribution, or the shape of a new one with these options
   * @remarks Collective. Elements travel straight to where they go; `context.stats` counts them.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for another number of elements
   */
  distributeAs(
    target: Distribution | readonly number[],
    options: DistributeOptions = {},
  ): DistArray<D> {
    checkOptions(options, DISTRIBUTE_OPTIONS, '{ dist }');
    const { stagingBytes, ...rest } = options;
    if (target instanceof Distribution) refuseBesideDistribution(rest);
    const distribution =
      target instanceof Distribution ? target : this.context.distribution(target, rest);
    this.context.checkDistribution(distribution, 'target');
    return this.#derived(relocate, { distribution, stagingBytes });
  }

  /**
   * Returns all elements as an ndarray of scijs: on every process, or on the `root` and null on the others.
   * @remarks Collective. An ndarray has bools as 0 and 1, which `fromArray` knows to be bools, and complex numbers as `{ re, im }`.
   */
  toArray(): LocalNdArray<D>;
  toArray(options: RootOptions): LocalNdArray<D> | null;
  toArray(options?: RootOptions): LocalNdArray<D> | null {
    if (options !== undefined) checkOptions(options, ROOT_OPTIONS, '{ root: 0 }');
    return options?.root === undefined ? gatherEverywhere(this).ndarray : gatherOn(this, options);
  }

  /** Returns all elements as an ndarray: {@link DistArray.toArray}. */
  toNdArray(): LocalNdArray<D>;
  toNdArray(options: RootOptions): LocalNdArray<D> | null;
  toNdArray(options?: RootOptions): LocalNdArray<D> | null {
    return options === undefined ? this.toArray() : this.toArray(options);
  }

  /** Returns all elements as arrays in arrays, on every process (`ndarray.tolist`). @remarks Collective. */
  toNested(): Gathered<D> {
    return nested(this);
  }

  /**
   * Returns the element of an array of one (`ndarray.item`): a bigint of int64 and uint64.
   *
   * @remarks Local for the result of a reduction over all axes, which every process knows; otherwise
   * collective.
   * @throws {@link ArgumentTypeError} for an array of another size
   */
  item(): ScalarOf<D> {
    if (this.size !== 1) {
      const shape = this.shape.join(', ');
      throw new ArgumentTypeError('this array', 'one element for item()', `shape (${shape})`);
    }
    return this.get(...this.shape.map(() => 0));
  }

  /**
   * Returns the element of an array of one as a number, so that `+a.sum()` and `a.sum() > 3` work.
   *
   * @remarks As {@link DistArray.item}.
   * @throws {@link ArgumentTypeError} for other sizes, and where no number has the value: use `item()`
   */
  valueOf(): number {
    if (this.size !== 1) {
      const expected = 'one element to be used as a number (use methods such as add(), less())';
      throw new ArgumentTypeError('this array', expected, `shape (${this.shape.join(', ')})`);
    }
    const item: Scalar = this.item();
    const number = Number(typeof item === 'object' ? Number.NaN : item);
    if (typeof item === 'object' || (typeof item === 'bigint' && BigInt(number) !== item)) {
      throw new ArgumentTypeError('this array', 'a value that a number has (use .item())', item);
    }
    return number;
  }

  /** The views `slice([0])`, `slice([1])`, … along the first axis. */
  *[Symbol.iterator](): IterableIterator<DistArray<D>> {
    if (this.ndim === 0) throw new ArgumentTypeError('this array', 'dimensions to iterate over', 0);
    for (let i = 0; i < this.shape[0]; i++) yield this.slice([i]);
  }

  /**
   * Returns all elements as text, as NumPy shows them; of a large array its corners.
   * @remarks Collective; only what is shown is sent.
   */
  toString(options?: Partial<PrintOptions>): string {
    return textOf(this, options);
  }

  /** Returns what describes the array, without its elements. Communicates nothing. */
  toJSON(): ArraySummary {
    const { shape, dtype, dist, gridShape, targets } = this;
    return { shape, dtype, dist, gridShape, targets };
  }

  /** Describes the array, and shows the ends of the local part; communicates nothing. */
  [inspectCustom](): string {
    return inspected(this);
  }

  /** Whether the array was disposed of. */
  get isDisposed(): boolean {
    return Object.getOwnPropertyDescriptor(this, 'handle')?.get !== undefined;
  }

  /**
   * Ends the use of the array on this process: its memory, when it is large and nothing else knows it, serves the next
   * array at once, instead of after a garbage collection. What describes the array stays; everything else is an error.
   * `using array = ctx.zeros([m, n])` does it at the end of the block.
   *
   * @remarks Communicates nothing; all processes should do it. Views of the array, and arrays that `reshape` made
   * of it, stay valid and keep the memory, as does whatever `local` or `apply` has handed out.
   */
  dispose(): void {
    if (this.isDisposed) return;
    const { context, handle } = this;
    if (!context.isClosed) context.session.release(handle);
    Object.defineProperty(this, 'handle', { get: usedAfterDispose });
  }

  /** {@link DistArray.dispose} */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #derived<Params, E extends Dtype>(
    operation: ArrayOperation<Params>,
    params: Params,
  ): DistArray<E> {
    const { context } = this;
    return new DistArray<E>(context, context.session.execute(operation, [this.handle], params));
  }
}

export interface DistArray<D extends Dtype = Dtype>
  extends ElementwiseMethods<D>,
    ProductMethods<D>,
    HaloMethods,
    ToFileMethod,
    IndexingMethods<D>,
    ReductionMethods<D>,
    ShapeMethods<D> {}

refuseInstances(
  DistArray,
  'data (a DistArray is a part on each process: give it as an argument of apply(), alone or in lists and object literals, or send what toArray() returns)',
);

function usedAfterDispose(this: DistArray): never {
  const what = `(${this.shape.join(', ')}) ${this.dtype}`;
  throw new DistArrayError('ERR_DISPOSED', `The array ${what} was disposed of and cannot be used`);
}

function areIntegers(index: readonly IndexItem[]): index is readonly number[] {
  for (let k = 0; k < index.length; k++) if (typeof index[k] !== 'number') return false;
  return true;
}
