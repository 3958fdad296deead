/** The part of a distributed array that one process holds. */
import { DTYPES, type Dtype, dtypeOf, parseDtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { allocateLocal } from '../kernels/allocation.ts';
import { copyTo } from '../kernels/copy.ts';
import { sameShape, sizeOfShape } from '../kernels/stridedView.ts';
import type { Distribution } from '../maps/distribution.ts';
import { resolveSlice } from '../maps/resolveSlice.ts';
import type { SliceSpec } from '../maps/sliceSpec.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import { readBuffer } from '../protocol/buffer.ts';
import type { ScijsBuffer, StridedBuffer } from '../protocol/structure.ts';
import { checkData, LocalMemory } from './localMemory.ts';
import { type PartMemory, Placement, paddedShape } from './placement.ts';

const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Memory that a {@link LocalArray} can be made over: see {@link LocalArrayOptions}. */
export type LocalBuffer<D extends Dtype> =
  | TypedArrayOf<D>
  | ArrayBuffer
  | ScijsBuffer
  | StridedBuffer<D>;

/** What a {@link LocalArray} is made of. */
export interface LocalArrayOptions<D extends Dtype> {
  /** Element type; default that of `data`, `float64` without. */
  readonly dtype?: D;
  /**
   * Memory to use, without a copy: a typed array or an array buffer with the elements in C order, a scijs
   * ndarray, or memory with shape, strides and offset in elements. It includes the halo where the
   * distribution has communication padding. Default: new memory full of zeros.
   */
  readonly data?: LocalBuffer<D>;
  /** Processes that share the array; rank r is target r. Default `COMM_WORLD`. */
  readonly comm?: Comm;
}

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

  /**
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when `data` does not fit the
   * local shape and dtype, or the communicator has fewer processes than the distribution
   */
  constructor(distribution: Distribution, options: LocalArrayOptions<D> | PlacedPart<D> = {}) {
    const { comm = COMM_WORLD } = options;
    if ('placement' in options) {
      super(distribution, comm, () => options.placement);
      this.base = options.base;
    } else {
      super(distribution, comm, (rank) =>
        Placement.inMemory(distribution, rank, memoryFor(distribution, rank, options)),
      );
      this.base = null;
    }
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

  /** Returns a copy of another dtype (`ndarray.astype`): in C order, with a halo as this one has. */
  astype<E extends Dtype>(dtype: E): LocalArray<E> {
    const { distribution, comm } = this;
    const result = new LocalArray<E>(distribution, { dtype, comm });
    const padded = this.hasHalo && result.hasHalo;
    if (padded) copyTo(result.paddedStrided, this.paddedStrided, { casting: 'unsafe' });
    else result.assignView(this.readView(), 'unsafe');
    return result;
  }

  /** Returns a copy in memory of its own, halo included. */
  copy(): LocalArray<D> {
    return this.astype(this.dtype);
  }

  /** Describes the local part; communicates nothing. */
  override toString(): string {
    const extents = (shape: readonly number[]) => `[${shape.join(', ')}]`;
    return (
      `LocalArray ${this.dtype} ${extents(this.localShape)} of ${extents(this.globalShape)}, ` +
      `rank ${this.rank} of grid ${extents(this.distribution.gridShape)}, ` +
      `dist ${this.distribution.dist.join('')}`
    );
  }

  [inspectCustom](): string {
    const elements = this.toContiguous();
    const shown = Array.from(elements.subarray(0, 8), String).join(', ');
    return `${this.toString()}\n  ${shown}${elements.length > 8 ? ', …' : ''}`;
  }

  /** Returns an array of these elements, which lie in this one's memory. */
  protected placed<E extends Dtype>(
    distribution: Distribution,
    placement: Placement<E>,
  ): LocalArray<E> {
    const base = (this.base ?? this) as LocalArray<Dtype>;
    return new LocalArray<E>(distribution, { placement, comm: this.comm, base });
  }
}

/** The memory that the options name, checked, or new memory. */
function memoryFor<D extends Dtype>(
  distribution: Distribution,
  rank: number,
  { data, dtype: given }: LocalArrayOptions<D>,
): PartMemory<D> {
  const shape = paddedShape(distribution, rank);
  const count = rank < 0 ? 0 : sizeOfShape(shape);
  if (given !== undefined) parseDtype(given, 'options.dtype');
  if (data === undefined) {
    const dtype = given ?? ('float64' as D);
    return { data: allocateLocal(dtype, count), dtype };
  }
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) {
    const dtype = given ?? (dtypeOf(data) as D);
    checkData(data, dtype, count, 'options.data');
    return { data, dtype };
  }
  if (data instanceof ArrayBuffer) {
    const dtype = given ?? ('float64' as D);
    return { data: overBuffer(data, dtype, count), dtype };
  }
  const view = readBuffer(data);
  if (typeof view === 'string') {
    throw new ArgumentTypeError('options.data', `a typed array or an ndarray (${view})`, data);
  }
  // Scijs knows no bools and no complex numbers: their dtype is what the options say.
  if (given !== undefined && given !== view.dtype && !storesAlike(given, view.dtype)) {
    throw new ArgumentTypeError('options.data', `elements of dtype ${given}`, view.dtype);
  }
  if (!sameShape(view.shape, shape)) {
    throw new ArgumentRangeError('options.data', `shape [${shape.join(', ')}]`, view.shape);
  }
  const dtype = (given ?? view.dtype) as D;
  return { ...view, data: view.data as TypedArrayOf<D>, dtype };
}

/** Whether elements of both dtypes are one element each of one kind of typed array: bool and uint8. */
function storesAlike(a: Dtype, b: Dtype): boolean {
  return DTYPES[a].arrayType === DTYPES[b].arrayType && DTYPES[a].lanes === DTYPES[b].lanes;
}

function overBuffer<D extends Dtype>(
  buffer: ArrayBuffer,
  dtype: D,
  count: number,
): TypedArrayOf<D> {
  const { arrayType, itemsize, lanes } = DTYPES[dtype];
  if (buffer.byteLength !== count * itemsize) {
    const expected = `${count * itemsize} bytes, as the local shape wants`;
    throw new ArgumentRangeError('options.data', expected, buffer.byteLength);
  }
  return new arrayType(buffer, 0, count * lanes) as TypedArrayOf<D>;
}
