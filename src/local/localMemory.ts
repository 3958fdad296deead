/** The elements that one process holds, and the ways to reach them. */
import type { NdArray } from 'ndarray';
import {
  type Complex,
  DTYPES,
  type Dtype,
  type ScalarOf,
  type TypedArrayOf,
} from '../dtype/dtype.ts';
import type { Casting } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import { copyTo, fill, gather, scatter } from '../kernels/copy.ts';
import { contiguousStrides, newResult, type StridedView, viewOf } from '../kernels/stridedView.ts';
import type { Distribution } from '../maps/distribution.ts';
import { positiveIndices } from '../maps/processGrid.ts';
import type { Comm } from '../mpi/communicator.ts';
import { readElement, writeElement } from './elementAccess.ts';
import { type LocalNdArray, ndarrayOf, type ScijsData } from './localNdArray.ts';
import { LocalPart } from './localPart.ts';
import { checkData } from './memory.ts';
import type { Placement } from './placement.ts';

/** How many arrays there have been. */
let made = 0;

/** The part of a distributed array that one process has, with its elements. */
export class LocalMemory<D extends Dtype> extends LocalPart {
  readonly dtype: D;
  /**
   * The memory: of an array that is no view its elements in C order, with the halo around them where
   * the distribution has communication padding; of a view the memory of its base. Complex elements
   * are pairs (re, im).
   */
  readonly data: TypedArrayOf<D>;
  /** Where the elements are in the memory. @internal */
  readonly placement: Placement<D>;
  /** Tells the array from all others of this process, also from those that are gone. @internal */
  readonly serial: number;
  #ndarray: LocalNdArray<D> | undefined;
  #isHandedOut: boolean;

  /**
   * Takes elements that are placed already. Memory must be older than what refers to it: the collector sees young objects
   * only, and what is older would still keep the memory when both are garbage.
   */
  protected constructor(
    distribution: Distribution,
    comm: Comm,
    placement: Placement<D>,
    isHandedOut: boolean,
  ) {
    super(distribution, comm);
    this.#isHandedOut = isHandedOut;
    this.dtype = placement.dtype;
    this.data = placement.data;
    this.placement = placement;
    this.serial = ++made;
  }

  /**
   * Whether anything else may know the memory: views, or a program that was given it. Otherwise it can be used
   * again as soon as the array is gone. @internal
   */
  get isHandedOut(): boolean {
    return this.#isHandedOut;
  }

  /** From now on something else knows the memory. @internal */
  handOut(): void {
    this.#isHandedOut = true;
  }

  /** The memory, as DistArray calls it: `data`. */
  get localData(): TypedArrayOf<D> {
    return this.data;
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return DTYPES[this.dtype].itemsize;
  }

  /** Bytes of the elements of the whole array, as in DistArray. */
  get nbytes(): number {
    return this.globalSize * this.itemsize;
  }

  /** Bytes of the local elements, halo not counted. */
  get localNbytes(): number {
    return this.localSize * this.itemsize;
  }

  /**
   * Whether the local elements are one strided view of the memory: of all arrays but views of
   * block-cyclic and unstructured dimensions. Other processes may have another answer.
   */
  get isStrided(): boolean {
    return this.placement.isStrided;
  }

  /**
   * The local elements as a strided view of the memory, what kernels take. On a process without part
   * in a 0-d array it is one element that belongs to nobody.
   *
   * @throws {@link DistArrayError} `ERR_NOT_STRIDED` unless `isStrided`; see `toContiguous`
   */
  get strided(): StridedView<D> {
    if (this.placement.isStrided) return this.placement.indexed;
    throw new DistArrayError(
      'ERR_NOT_STRIDED',
      `The local elements of ${this.distribution} are no strided view of memory`,
    );
  }

  /** Whether the local elements lie one after the other in C order, without a halo between them. */
  get isContiguous(): boolean {
    const { isStrided, indexed } = this.placement;
    if (!isStrided) return false;
    const { shape, strides } = indexed;
    const wanted = contiguousStrides(shape);
    return (
      shape.includes(0) ||
      shape.every((extent, axis) => extent === 1 || strides[axis] === wanted[axis])
    );
  }

  /**
   * Returns the local elements in C order: over the memory itself where they lie so (`isContiguous`),
   * otherwise a copy. Of a view of an array it is the part of the base's memory.
   */
  toContiguous(): TypedArrayOf<D> {
    const { data, dtype, localSize } = this;
    const { lanes } = DTYPES[dtype];
    const { indexed, positions } = this.placement;
    if (localSize === 0) return data.subarray(0, 0) as TypedArrayOf<D>;
    if (this.isContiguous) {
      if (indexed.offset === 0 && data.length === localSize * lanes) return data;
      const begin = indexed.offset * lanes;
      return data.subarray(begin, begin + localSize * lanes) as TypedArrayOf<D>;
    }
    const packed = newResult(dtype, this.localShape);
    if (this.isStrided) copyTo(packed, indexed);
    else gather(packed, indexed, positions);
    return packed.data;
  }

  /**
   * Gives the local elements these values, in C order.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for another type or number of
   * elements
   */
  assignContiguous(values: TypedArrayOf<D>): this {
    const { dtype, localSize, localShape } = this;
    checkData(values, dtype, localSize, 'values');
    if (localSize === 0) return this;
    return this.assignView(viewOf(values, dtype, localShape));
  }

  /**
   * Returns the local elements as a strided view to read from: `strided` where they are one, otherwise
   * a packed copy.
   */
  readView(): StridedView<D> {
    if (this.isStrided) return this.placement.indexed;
    return viewOf(this.toContiguous(), this.dtype, this.localShape);
  }

  /**
   * Gives the local elements those of a view that broadcasts to their shape. Views may overlap.
   * @throws {@link ArgumentTypeError} for a cast that `casting` (default `'sameKind'`) does not allow
   * @throws {@link ArgumentRangeError} for a shape that does not fit
   */
  assignView(source: StridedView, casting?: Casting): this {
    const { indexed, positions, isStrided } = this.placement;
    if (isStrided) copyTo(indexed, source, { casting });
    else {
      const packed = newResult(this.dtype, this.localShape);
      copyTo(packed, source, { casting });
      scatter(indexed, packed, positions);
    }
    return this;
  }

  /**
   * The local elements as a scijs ndarray over the same memory: writing to one writes to the other.
   * Where they are no strided view of it, the ndarray's storage looks each element up.
   *
   * @remarks Scijs checks no bounds, and knows neither bools (0 and 1) nor complex numbers (`{ re, im }`).
   * @throws {@link ArgumentRangeError} beyond 2³¹ − 1 elements, where scijs computes wrong offsets
   */
  get ndarray(): LocalNdArray<D> {
    this.#ndarray ??= ndarrayOf(this.placement) as unknown as LocalNdArray<D>;
    return this.#ndarray;
  }

  /** The elements and the halo around them as a scijs ndarray; the same as `ndarray` without one. */
  get padded(): LocalNdArray<D> {
    if (!this.hasHalo) return this.ndarray;
    const { padded, positions } = this.placement;
    return ndarrayOf({ indexed: padded, positions }) as unknown as LocalNdArray<D>;
  }

  /**
   * The elements and the halo around them as a strided view of the memory.
   * @throws {@link DistArrayError} `ERR_NOT_STRIDED` unless `isStrided`
   */
  get paddedStrided(): StridedView<D> {
    return this.isStrided ? this.placement.padded : this.strided;
  }

  /** As `readView`, with the halo around the elements. */
  readPadded(): StridedView<D> {
    const { isStrided, padded, positions, dtype } = this.placement;
    if (isStrided) return padded;
    const packed = newResult(
      dtype,
      padded.shape.map((extent, axis) => positions[axis]?.length ?? extent),
    );
    gather(packed, padded, positions);
    return packed;
  }

  /** Cells of the neighbours that the memory has room for, before and after the elements of each axis. */
  get halo(): readonly (readonly [lower: number, upper: number])[] {
    return this.placement.halo;
  }

  /** Whether the memory has room for cells of neighbours. */
  get hasHalo(): boolean {
    return this.placement.halo.some(([lower, upper]) => lower + upper > 0);
  }

  /** Real parts of a complex array, or the array itself: a scijs ndarray over the same memory. */
  get real(): NdArray<ScijsData<D>> {
    return ndarrayOf(this.placement, 0) as unknown as NdArray<ScijsData<D>>;
  }

  /**
   * Imaginary parts of a complex array: a scijs ndarray over the same memory.
   * @throws {@link ArgumentTypeError} when the array is not complex
   */
  get imag(): NdArray<ScijsData<D>> {
    if (DTYPES[this.dtype].lanes === 1) {
      throw new ArgumentTypeError('this array', 'a complex dtype', this.dtype);
    }
    return ndarrayOf(this.placement, 1) as unknown as NdArray<ScijsData<D>>;
  }

  /**
   * Returns the local element at these local indices; negative ones count from the end.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when there is no such element
   */
  get(...localIndex: number[]): ScalarOf<D> {
    return readElement(this.data, this.dtype, this.#offsetOf(localIndex));
  }

  /**
   * Gives the local element at these local indices a value (first argument, as everywhere).
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when there is no such element, or the
   * dtype has no such value
   */
  set(value: Scalar, ...localIndex: number[]): this {
    writeElement(this.data, this.dtype, this.#offsetOf(localIndex), value);
    return this;
  }

  #offsetOf(localIndex: readonly number[]): number {
    const index = positiveIndices('localIndex', localIndex, this.localShape);
    if (this.rank < 0) {
      throw new ArgumentRangeError(
        'localIndex',
        'nothing (this process has no element)',
        localIndex,
      );
    }
    return this.placement.offsetAt(index);
  }

  /**
   * Gives every local element this value; the halo keeps its own.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the dtype has no such value
   */
  fill(value: number | bigint | boolean | Complex): this {
    if (this.isStrided) fill(this.placement.indexed, value);
    else {
      const packed = newResult(this.dtype, this.localShape);
      fill(packed, value);
      scatter(this.placement.indexed, packed, this.placement.positions);
    }
    return this;
  }

  /**
   * Whether both arrays have elements in one range of memory (`numpy.may_share_memory`): views that take
   * turns in one range are said to share it, too.
   */
  sharesMemoryWith(other: LocalMemory<Dtype>): boolean {
    if (this.data.buffer !== other.data.buffer) return false;
    const [mine, theirs] = [this, other].map((array: LocalMemory<Dtype>) => {
      const { extent } = array.placement;
      if (extent === null) return null;
      const { byteOffset } = array.data;
      return [
        byteOffset + extent[0] * array.itemsize,
        byteOffset + (extent[1] + 1) * array.itemsize,
      ];
    });
    return mine !== null && theirs !== null && mine[0] < theirs[1] && theirs[0] < mine[1];
  }
}
