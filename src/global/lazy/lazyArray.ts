/** Arrays that are computed from files block by block. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { ELEMENTWISE, ELEMENTWISE_NAMES, type ElementwiseName } from '../../dtype/elementwise.ts';
import { REDUCTIONS, type ReductionName } from '../../dtype/reductions.ts';
import { isScalar, type Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import {
  checkFileName,
  checkOptions as checkObject,
  checkWriteMode,
  type WriteMode,
} from '../../io/fileArguments.ts';
import { checkHdf5Mode, datasetPath, type Hdf5Mode } from '../../io/hdf5/intoFile.ts';
import {
  arrayPart,
  astype,
  call,
  describe,
  type Expression,
  type Operand,
  round,
  slice,
} from '../../io/outOfCore/expression.ts';
import { withoutArrays } from '../../io/outOfCore/expressionArrays.ts';
import { type Bins, checkHistogram } from '../../io/outOfCore/histogram.ts';
import {
  beginBlocks,
  computeLazy,
  endBlocks,
  histogramLazy,
  type LazyParams,
  nextBlock,
  reduceLazy,
  storeLazyHdf5,
  storeLazyNpy,
} from '../../io/outOfCore/lazyOperations.ts';
import { showMemorySize } from '../../io/outOfCore/memorySize.ts';
import type { BlockReduceOptions } from '../../io/outOfCore/reduceBlocks.ts';
import { sameShape } from '../../kernels/stridedView.ts';
import { Distribution } from '../../maps/distribution.ts';
import { resolveSlice } from '../../maps/resolveSlice.ts';
import type { SliceSpec } from '../../maps/sliceSpec.ts';
import { checkOptions, optionNames } from '../../options.ts';
import type { Context } from '../context.ts';
import type { DistributionOptions } from '../contextBase.ts';
import { taken } from '../discovered.ts';
import { DistArray } from '../distArray.ts';
import { otherContext } from '../isDistArray.ts';
import type { ArrayHandle } from '../session.ts';
import type { LazyElementwiseMethods } from './methods.ts';

const REDUCTION_NAMES = Object.keys(REDUCTIONS) as ReductionName[];

const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** What an elementwise function of lazy arrays takes: such arrays, small ones in memory, numbers. */
export type LazyOperand = LazyArray | DistArray<Dtype> | Scalar;

/** Options of elementwise functions of lazy arrays. */
export interface LazyFunctionOptions {
  /** What is computed in, instead of what the operands' dtypes tell. */
  readonly dtype?: Dtype;
}

/** Options of reductions of lazy arrays, as NumPy's. */
export type LazyReductionOptions = BlockReduceOptions;

/** A block of a lazy array. */
export interface Block {
  /** First index along each axis of the whole. */
  readonly offset: readonly number[];
  /** The elements, spread over the processes, until the next block is asked for. */
  readonly array: DistArray;
}

/** A histogram. */
export interface Histogram {
  /** How many elements are in each bin; known to every process. */
  readonly counts: DistArray<'int64'>;
  /** The edges of the bins, one more than bins. */
  readonly edges: DistArray;
}

/** Options of {@link LazyArray.blocks}. */
export interface BlocksOptions {
  /** Indices of a block along the first axis; by default blocks fill the memory. */
  readonly rows?: number;
}

const FUNCTION_OPTIONS = optionNames<LazyFunctionOptions>({ dtype: true });
const ROUND_OPTIONS = optionNames<LazyFunctionOptions & { readonly decimals?: number }>({
  dtype: true,
  decimals: true,
});
const REDUCTION_OPTIONS = optionNames<LazyReductionOptions>({
  axis: true,
  keepdims: true,
  dtype: true,
  ddof: true,
});
const BLOCKS_OPTIONS = optionNames<BlocksOptions>({ rows: true });
const TO_NPY_OPTIONS = optionNames<{ readonly mode?: WriteMode }>({ mode: true });
const TO_HDF5_OPTIONS = optionNames<{ readonly key?: string; readonly mode?: Hdf5Mode }>({
  key: true,
  mode: true,
});

/**
 * An array in a file, a slice of one, or an elementwise function of such arrays, of which nothing is in memory: what is
 * computed from it is computed block by block, with the next block on its way from the file while the present one is
 * used. No process needs more memory than the array was opened with, beside results.
 *
 *     const a = ctx.openNpy('a.npy', { memory: '256MiB' });
 *     const b = a.slice('1:-1, ::2').sub(a.mean()).square();
 *     b.mean({ axis: 0 });                  // a DistArray
 *     b.toNpy('b.npy');
 *     for (const { array, offset } of b.blocks()) ctx.print(offset, array.max());
 *
 * @remarks What describes the array is local, and so is making new lazy arrays; nothing is read and nothing sent. What
 * reads is collective: all processes of the context call it, in the same order. The files must stay as they are until
 * then.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are put on the prototype from tables
export class LazyArray {
  readonly context: Context;
  readonly dtype: Dtype;
  /** Number of indices in each dimension. */
  readonly shape: readonly number[];
  /** Bytes that a process may use. */
  readonly memory: number;
  /** What is computed. @internal */
  readonly expression: Expression;

  /** Lazy arrays are made by a context: `ctx.openNpy(…)`, `ctx.openHdf5(…)`. @internal */
  constructor(context: Context, expression: Expression, memory: number) {
    this.context = context;
    this.expression = expression;
    this.memory = memory;
    this.dtype = expression.dtype;
    this.shape = Object.freeze([...expression.shape]);
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, extent) => product * extent, 1);
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return DTYPES[this.dtype].itemsize;
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.size * this.itemsize;
  }

  /**
   * Returns a basic slice, lazily: only what is in it will be read.
   *
   * @param spec - as between NumPy's brackets: `'1:-1, ::2'`, or indices, ranges `{ start, stop, step }`,
   * `null` (all), `'...'` and `newaxis`
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  slice(spec: SliceSpec): LazyArray {
    return this.#derived(slice(this.expression, resolveSlice(spec, this.shape)));
  }

  /** Returns the elements as another dtype, lazily (`ndarray.astype`). */
  astype(dtype: Dtype): LazyArray {
    return this.#derived(astype(this.expression, dtype));
  }

  /**
   * Returns the elements as an array in memory, which every process has its part of.
   *
   * @param target - a distribution, or how to distribute the shape: `{ dist: 'bc', gridShape, targets }`; by default in
   * blocks along the first axis
   * @remarks Collective. Parts that are boxes are read by the processes that want them; otherwise blocks are
   * redistributed one by one.
   * @throws {@link DistArrayError} on every process alike
   */
  compute(target: Distribution | DistributionOptions = {}): DistArray {
    const { context } = this;
    const distribution = context.session.agree(() => {
      checkObject(target, 'target');
      if (!(target instanceof Distribution)) return context.distribution(this.shape, target);
      context.checkDistribution(target, 'target');
      checkShape(target, this.shape);
      return target;
    });
    context.session.checkSame({ target: String(distribution) });
    const [handles, params] = this.#operands({ distribution });
    return new DistArray(context, context.session.discover(computeLazy, handles, params));
  }

  /** Returns the elements as an array in memory: {@link LazyArray.compute}. */
  load(target: Distribution | DistributionOptions = {}): DistArray {
    return this.compute(target);
  }

  /**
   * Goes through the array block by block: arrays of the context that all processes share, as large as the memory allows,
   * with where they begin. A block's memory is given back when the next one is asked for; `array.copy()` stays.
   *
   *     for (const { array, offset } of lazy.blocks()) …
   *
   * @remarks Collective: every process goes through all blocks, or leaves the loop at the same one.
   * @throws {@link DistArrayError} on every process alike
   */
  *blocks(options: BlocksOptions = {}): Generator<Block> {
    const { context } = this;
    context.session.agree(() => {
      checkOptions(options, BLOCKS_OPTIONS, '{ rows: 100 }');
      if (options.rows !== undefined) checkInteger('options.rows', options.rows, 1);
    });
    context.session.checkSame({ 'options.rows': String(options.rows) });
    const { session } = context;
    const [handles, params] = this.#operands({ rows: options.rows });
    const blocks = session.evaluate(beginBlocks, handles, params);
    try {
      let next = session.evaluate(nextBlock, [], blocks);
      while (next !== null) {
        yield { array: taken(context, next.array), offset: next.offset };
        next = session.evaluate(nextBlock, [], blocks);
      }
    } finally {
      session.evaluate(endBlocks, [], blocks);
    }
  }

  /**
   * Returns several reductions over the same axes, by name, from one pass over the files: `{ mean, std }`.
   *
   * @remarks Collective.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
   */
  reductions<Name extends ReductionName>(
    names: readonly Name[],
    options: LazyReductionOptions = {},
  ): { [K in Name]: DistArray } {
    const { context } = this;
    context.session.agree(() => {
      checkOptions(options, REDUCTION_OPTIONS, '{ axis: 0 }');
      if (!Array.isArray(names) || names.length === 0) {
        throw new ArgumentTypeError('names', "a list of reductions such as ['mean', 'std']", names);
      }
      const stranger = names.find((name) => !REDUCTION_NAMES.includes(name));
      if (stranger !== undefined) {
        throw new ArgumentTypeError('names', `some of ${REDUCTION_NAMES.join(', ')}`, stranger);
      }
    });
    const { axis, keepdims, dtype, ddof } = options;
    const wanted = { axis, keepdims, dtype, ddof };
    context.session.checkSame({ names: names.join(), options: JSON.stringify(wanted) });
    const [handles, params] = this.#operands({ names, options: wanted });
    const results = context.session.evaluate(reduceLazy, handles, params);
    const entries = results.map((number, k) => [names[k], taken(context, number)]);
    return Object.fromEntries(entries);
  }

  /**
   * Returns how many elements are in bins (`numpy.histogram`), on every process. Bins include their lower edge, the last one
   * its upper edge, too; elements outside of them, and NaN, are not counted.
   *
   * @param bins - how many of equal width (default 10), or their edges, ascending
   * @param range - of bins of equal width: `[first, last]` edge. By default from the smallest element to the largest, for
   * which the files are read once more
   * @remarks Collective.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
   */
  histogram(bins: Bins = 10, range?: readonly [number, number]): Histogram {
    const { context } = this;
    context.session.agree(() => checkHistogram(this.dtype, bins, range));
    context.session.checkSame({ bins: JSON.stringify(bins), range: JSON.stringify(range) ?? '' });
    const [handles, params] = this.#operands({ bins, range });
    const { counts, edges } = context.session.evaluate(histogramLazy, handles, params);
    return { counts: taken(context, counts), edges: taken(context, edges) };
  }

  /**
   * Computes the array into a .npy file, block by block. The file gets its name only when it is complete and on disk; it
   * may be one of those that are read. It has their order, C or Fortran.
   *
   * @param options - `mode`: `'w'` replaces a file (the default), `'w-'` fails when there is one
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST`, `EACCES`, `ENOSPC`, …
   */
  toNpy(name: string, options: { readonly mode?: WriteMode } = {}): void {
    const { session } = this.context;
    session.agree(() => {
      checkFileName(name, 'name');
      checkOptions(options, TO_NPY_OPTIONS, "{ mode: 'w-' }");
      checkWriteMode(options.mode ?? 'w');
    });
    const { mode = 'w' } = options;
    session.checkSame({ name, mode });
    const [handles, params] = this.#operands({ name, mode });
    session.evaluate(storeLazyNpy, handles, params);
  }

  /**
   * Computes the array into a new dataset of an HDF5 file, block by block.
   *
   * @param options - `key` (default `buffer`) and `mode`, as those of `ctx.saveHdf5`: `'a'` adds to a file (the default),
   * `'w'` replaces it, `'w-'` fails when there is one
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST`, `EACCES`, `ENOSPC`, …, `ERR_HDF5`
   */
  toHdf5(name: string, options: { readonly key?: string; readonly mode?: Hdf5Mode } = {}): void {
    const { session } = this.context;
    session.agree(() => {
      checkOptions(options, TO_HDF5_OPTIONS, "{ key: 'buffer' }");
      checkFileName(name, 'name');
      datasetPath(options.key ?? 'buffer');
      checkHdf5Mode(options.mode ?? 'a');
    });
    const { key = 'buffer', mode = 'a' } = options;
    session.checkSame({ name, key, mode });
    const [handles, params] = this.#operands({ name, key, mode });
    session.evaluate(storeLazyHdf5, handles, params);
  }

  /** Returns what describes the array. */
  toString(): string {
    const { dtype, shape, memory } = this;
    return `LazyArray ${dtype} [${shape.join(', ')}], memory ${showMemorySize(memory)}`;
  }

  /** Describes the array, and what it is computed from; communicates nothing. */
  [inspectCustom](): string {
    return `${this}\n  ${describe(this.expression)}`;
  }

  /** Returns an elementwise function of this array and others. @internal */
  applied(
    name: ElementwiseName,
    others: readonly LazyOperand[],
    options: LazyFunctionOptions = {},
  ): LazyArray {
    checkOptions(options, FUNCTION_OPTIONS, "{ dtype: 'float32' }");
    let { memory } = this;
    const operands = others.map((other): Operand => {
      if (isScalar(other)) return other;
      if (other instanceof LazyArray || other instanceof DistArray) {
        if (other.context !== this.context) throw otherContext(this.context, other.context);
      }
      if (other instanceof LazyArray) {
        memory = Math.min(memory, other.memory);
        return other.expression;
      }
      if (other instanceof DistArray) return arrayPart(other);
      const expected = 'a LazyArray, a DistArray or a number';
      throw new ArgumentTypeError(`operand of ${name}`, expected, other);
    });
    const result = call(name, [this.expression, ...operands], options.dtype);
    return new LazyArray(this.context, result, memory);
  }

  /** Returns the elements rounded to decimals, lazily; see `numpy.round`. */
  round(options: number | (LazyFunctionOptions & { readonly decimals?: number }) = {}): LazyArray {
    if (typeof options !== 'number') checkOptions(options, ROUND_OPTIONS, '{ decimals: 2 }');
    const { decimals = 0, dtype } = typeof options === 'number' ? { decimals: options } : options;
    if (decimals === 0) return this.applied('round', [], { dtype });
    if (dtype !== undefined) {
      throw new ArgumentTypeError('options.dtype', 'undefined beside decimals', dtype);
    }
    return this.#derived(round(this.expression, decimals));
  }

  /** What operations take of it: the arrays in memory, and all else as plain values. */
  #operands<Params>(others: Params): readonly [readonly ArrayHandle[], LazyParams & Params] {
    const { memory } = this;
    const { expression, arrays } = withoutArrays<DistArray<Dtype>>(this.expression);
    return [arrays.map(({ handle }) => handle), { expression, memory, ...others }];
  }

  #derived(expression: Expression): LazyArray {
    return new LazyArray(this.context, expression, this.memory);
  }
}

export interface LazyArray extends LazyElementwiseMethods, LazyReductionMethods {}

/** The methods of lazy arrays that are reductions, as those of arrays in memory. @remarks Collective. */
export type LazyReductionMethods = {
  [Name in ReductionName]: (options?: LazyReductionOptions) => DistArray;
};

function checkShape(target: Distribution, shape: readonly number[]): void {
  if (sameShape(target.shape, shape)) return;
  const expected = `a distribution of shape (${shape.join(', ')})`;
  throw new ArgumentRangeError('target', expected, `(${target.shape.join(', ')})`);
}

for (const name of ELEMENTWISE_NAMES.keys()) {
  const method = ELEMENTWISE_NAMES.get(name) as ElementwiseName;
  if (method === 'round') continue;
  const { arity } = ELEMENTWISE[method];
  const value = function (this: LazyArray, ...args: unknown[]): LazyArray {
    const others = args.slice(0, arity - 1) as LazyOperand[];
    const options = args[arity - 1] as LazyFunctionOptions | undefined;
    if (method === 'clip') return clipped(this, others, options);
    return this.applied(method, others, options);
  };
  define(name, value);
}

for (const name of REDUCTION_NAMES) {
  define(name, function (this: LazyArray, options?: LazyReductionOptions): DistArray {
    return this.reductions([name], options)[name];
  });
}

/** A bound that is left out bounds nothing. */
function clipped(
  array: LazyArray,
  bounds: readonly (LazyOperand | null | undefined)[],
  options?: LazyFunctionOptions,
): LazyArray {
  const [low, high] = [bounds[0] ?? null, bounds[1] ?? null];
  if (low !== null && high !== null) return array.applied('clip', [low, high], options);
  if (low !== null) return array.applied('maximum', [low], options);
  return high !== null
    ? array.applied('minimum', [high], options)
    : array.applied('positive', [], options);
}

function define(name: string, value: unknown): void {
  Object.defineProperty(LazyArray.prototype, name, { value, writable: true, configurable: true });
}
