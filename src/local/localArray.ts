/** The part of a distributed array that one process holds. */
import { type Dtype, parseDtype } from '../dtype/dtype.ts';
import { ArgumentTypeError } from '../errors.ts';
import { copyTo } from '../kernels/copy.ts';
import type { Distribution } from '../maps/distribution.ts';
import { permutationOf } from '../maps/permutation.ts';
import { resolveSlice } from '../maps/resolveSlice.ts';
import type { SliceSpec } from '../maps/sliceSpec.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import { refuseInstances } from '../mpi/objects/registry.ts';
import { checkOptions, optionNames } from '../options.ts';
import type { DistArrayExporter, DistributedArrayStructure } from '../protocol/structure.ts';
import { checkDimensions } from './checkDimensions.ts';
import { areCompatible, checkCompatible } from './compatibility.ts';
import { exportPart, importParts } from './distArrayProtocol.ts';
import { arrayToString } from './format/arrayToString.ts';
import { GlobalIndex } from './globalIndex.ts';
import { LocalMemory } from './localMemory.ts';
import type { LocalNdArray } from './localNdArray.ts';
import { checkPart } from './localPart.ts';
import { type MemoryOptions, memoryFor } from './memory.ts';
import { Placement } from './placement.ts';
import { reinterpreted } from './reinterpret.ts';

const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Number of elements that `console.log` shows whole. */
const SHOWN = 32;

/** What a {@link LocalArray} is made of. */
export interface LocalArrayOptions<D extends Dtype> extends MemoryOptions<D> {
  /** Processes that share the array; rank r is target r. Default `COMM_WORLD`. */
  readonly comm?: Comm;
}

const ARRAY_OPTIONS = optionNames<LocalArrayOptions<Dtype>>({
  comm: true,
  dtype: true,
  data: true,
  zeroed: true,
  isOwn: true,
});

/**
 * Elements that are placed already: what views are made of.
 * @internal
 */
export interface PlacedPart<D extends Dtype> {
  readonly placement: Placement<D>;
  readonly comm: Comm;
  readonly base: LocalArray<Dtype> | null;
}

/**
 * The local part of a distributed array: a distribution, this process's rank in it, and memory.
 *
 * @remarks Making one communicates nothing, but every process of the communicator should: those
 * that are no targets of the distribution hold an empty part and take part in what is collective.
 */
export class LocalArray<D extends Dtype = Dtype> extends LocalMemory<D> {
  /** The array whose memory this one is a view of; null when it has its own. */
  readonly base: LocalArray<Dtype> | null;
  #globalIndex: GlobalIndex<D> | undefined;

  /**
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when `data` does not fit the
   * local shape and dtype, or the communicator has fewer processes than the distribution
   */
  constructor(distribution: Distribution, options: LocalArrayOptions<D> | PlacedPart<D> = {}) {
    if (typeof options !== 'object' || options === null) {
      throw new ArgumentTypeError('options', 'an object', options);
    }
    const { comm = COMM_WORLD } = options;
    checkPart(distribution, comm);
    // Also where this process holds no elements: all are told the same.
    checkDimensions(distribution);
    if ('placement' in options) {
      super(distribution, comm, options.placement, true);
      this.base = options.base;
      return;
    }
    // The library's own calls say what is to be zeroed, and are many.
    if (options.zeroed === undefined) {
      checkOptions(options, ARRAY_OPTIONS, "{ dtype: 'int32' }");
    }
    const rank = distribution.rankOfTarget(comm.rank);
    const placement = Placement.inMemory(
      distribution,
      rank,
      memoryFor(distribution, rank, options),
    );
    super(distribution, comm, placement, options.data !== undefined && !options.isOwn);
    this.base = null;
  }

  /**
   * Returns a slice of the whole array as a view: the part of it that this process holds, in the same
   * memory. Communicates nothing; views of views are views of the base.
   *
   * @param spec - global, as between NumPy's brackets: `'1:-1, ::2'`, or its entries
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  slice(spec: SliceSpec): LocalArray<D> {
    const items = resolveSlice(spec, this.globalShape);
    const distribution = this.distribution.slice(spec);
    const rank = distribution.rankOfTarget(this.comm.rank);
    const placement = this.placement.slice(items, distribution, rank);
    return this.placed(distribution, placement);
  }

  /**
   * Returns the transposed array as a view (`ndarray.transpose`): the same part in the same memory, with its halo.
   * Communicates nothing.
   *
   * @param axes - axis k of the view is axis `axes[k]` of this array; by default all in reverse order
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless every axis is named once
   */
  transpose(axes?: readonly number[] | null): LocalArray<D> {
    const order = permutationOf(axes, this.ndim);
    return this.placed(this.distribution.transpose(order), this.placement.transpose(order));
  }

  /** Returns a copy of another dtype (`ndarray.astype`): in C order, with a halo as this one has. */
  astype<E extends Dtype>(dtype: E): LocalArray<E> {
    const { distribution, comm } = this;
    const result = new LocalArray<E>(distribution, { dtype, comm, zeroed: false });
    const padded = this.hasHalo && result.hasHalo;
    if (padded) copyTo(result.paddedStrided, this.paddedStrided, { casting: 'unsafe' });
    else result.assignView(this.readView(), 'unsafe');
    return result;
  }

  /** Returns a copy in memory of its own, halo included. */
  copy(): LocalArray<D> {
    return this.astype(this.dtype);
  }

  /**
   * Returns an array over the same memory (`ndarray.view`): its bytes as elements of another dtype. Where
   * those are smaller or larger, the last dimension has more or fewer of them.
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the bytes of a row are no whole
   * number of elements on every process, or do not lie one after the other
   */
  view<E extends Dtype = D>(dtype?: E): LocalArray<E> {
    const { distribution, placement } = reinterpreted(
      this,
      this.placement,
      parseDtype(dtype ?? this.dtype) as E,
    );
    return this.placed(distribution, placement);
  }

  /** The local elements' bytes as an ndarray of another dtype, over the same memory; see `view`. */
  localView<E extends Dtype = D>(dtype?: E): LocalNdArray<E> {
    return this.view(dtype).ndarray;
  }

  /** Whether the parts of both can be combined element by element: see {@link areCompatible}. */
  isCompatible(other: LocalArray): boolean {
    return areCompatible(this, other);
  }

  /**
   * Returns this array, if `other` is distributed alike (DistArray 0.5 `asdist_like`).
   * @throws {@link IncompatibleArrayError} when it is not
   */
  asDistLike(other: LocalArray): this {
    checkCompatible(this, other, 'other');
    return this;
  }

  /** Access by global indices, to elements that this process owns. */
  get globalIndex(): GlobalIndex<D> {
    this.#globalIndex ??= new GlobalIndex(this);
    return this.#globalIndex;
  }

  /**
   * Returns this process's part as the Distributed Array Protocol has it, over the same memory.
   *
   * @remarks Only elements that are no strided view of memory (`isStrided`) are copied.
   * @throws {@link DistArrayError} `ERR_NO_PART` on a process that is no target of the distribution
   */
  __distarray__(): DistributedArrayStructure {
    return exportPart(this);
  }

  /**
   * Returns the array that the processes of a communicator export, over the same memory: writing to one
   * writes to the other.
   *
   * @param object - what has a `__distarray__()`, or a structure of the protocol
   * @remarks Collective over `comm`: the parts are checked to fit together.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike, when a structure
   * is not valid or the parts make no array
   */
  static fromDistArray(
    comm: Comm,
    object: DistArrayExporter | DistributedArrayStructure,
  ): LocalArray {
    const { distribution, ...memory } = importParts(comm, object);
    const rank = distribution.rankOfTarget(comm.rank);
    const placement = Placement.inMemory(distribution, rank, memory);
    return new LocalArray(distribution, { placement, comm, base: null });
  }

  /** Returns the local elements as text, as NumPy shows an array; see {@link arrayToString}. */
  override toString(): string {
    return arrayToString(this);
  }

  /** Describes the local part, and shows its ends; communicates nothing. */
  [inspectCustom](): string {
    const extents = (shape: readonly number[]) => `[${shape.join(', ')}]`;
    const text = arrayToString(this, { threshold: SHOWN, edgeItems: 2 }, 2);
    return (
      `LocalArray ${this.dtype} ${extents(this.localShape)} of ${extents(this.globalShape)}, ` +
      `rank ${this.rank} of grid ${extents(this.distribution.gridShape)}, ` +
      `dist ${this.distribution.dist.join('')}\n  ${text}`
    );
  }

  /** Returns an array of these elements, which lie in this one's memory. */
  protected placed<E extends Dtype>(
    distribution: Distribution,
    placement: Placement<E>,
  ): LocalArray<E> {
    const base = (this.base ?? this) as LocalArray<Dtype>;
    base.handOut();
    return new LocalArray<E>(distribution, { placement, comm: this.comm, base });
  }
}

refuseInstances(
  LocalArray,
  'data (a LocalArray belongs to its process: send its ndarray, or keep it there by proxyize())',
);
