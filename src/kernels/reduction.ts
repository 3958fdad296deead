/**
 * Reductions of local strided views. What is kept of elements is a *state* (`native/kernels/
 * reduction_table.h`): states can be merged, also with those of other ranks, and tell the result in
 * the end.
 */
import { DTYPE_NAMES, type Dtype } from '../dtype/dtype.ts';
import { addressOfArray } from '../mpi/buffer.ts';
import type { RawReduction } from '../rawKernels.ts';
import * as kernelBlock from './block.ts';
import {
  contiguousStrides,
  newView,
  type StridedView,
  sizeOfShape,
  writeShape,
  writeView,
} from './stridedView.ts';

const { block, checkKernel, COMPUTE, CONSTANTS, DIMENSIONS, DTYPE_NUMBERS } = kernelBlock;
const { MASKED, OPERANDS, OPERATION, raw, SHAPE } = kernelBlock;

/** Names of the kernels' reductions: those of NumPy, and the mean of elements under a mask. */
export type StateName =
  | 'sum'
  | 'prod'
  | 'mean'
  | 'var'
  | 'std'
  | 'maskedMean'
  | 'min'
  | 'max'
  | 'argmin'
  | 'argmax'
  | 'any'
  | 'all'
  | 'countNonzero';

const reductions = raw.reductions() as Readonly<Record<StateName, RawReduction>>;

/** States of a reduction, one a result. */
export class States {
  readonly name: StateName;
  /** What the elements are computed in. */
  readonly compute: Dtype;
  /** Number of states. */
  readonly count: number;
  /** The states; of `argmin` and `argmax` the last number of each is the place. */
  readonly data: Float64Array | Uint8Array;
  /** Bytes of a state. */
  readonly size: number;
  /** The reduction's number. */
  readonly number: number;
  /** Dtype of what `finish` returns. */
  readonly output: Dtype;

  /** The states of no elements at all. */
  constructor(name: StateName, compute: Dtype, count: number) {
    const { number, loops } = reductions[name];
    const loop = loops[DTYPE_NUMBERS[compute]];
    this.name = name;
    this.compute = compute;
    this.count = count;
    this.size = loop.stateSize;
    this.number = number;
    this.output = DTYPE_NAMES[loop.output];
    // An array of length 0 has no address.
    const bytes = Math.max(1, count) * loop.stateSize;
    this.data = bytes % 8 === 0 ? new Float64Array(bytes / 8) : new Uint8Array(bytes);
    this.#select();
    block[CONSTANTS] = addressOfArray(this.data, 'states');
    block[CONSTANTS + 1] = count;
    raw.clearStates();
    checkKernel(name);
  }

  /**
   * Adds the elements of a view to the states, which are those of its other axes in C order.
   *
   * @param axes - that are reduced, ascending
   * @param places - of `argmin` and `argmax`: the place of the view's first element, and the distance of
   * places along each axis
   * @param where - which elements count
   * @param first - the state that the view's first elements are added to
   */
  add(
    view: StridedView,
    axes: readonly number[],
    places: { readonly start: number; readonly steps: readonly number[] } | null = null,
    where?: StridedView<'bool'>,
    first = 0,
  ): void {
    const { shape } = view;
    const ndim = shape.length;
    let slot = writeView(view, shape, writeShape(shape, SHAPE), 'view');
    slot = this.#writeOperand(slot, shape, axes, first);
    block[slot] = places?.start ?? 0;
    block[slot + 1] = 0;
    for (let dim = 0; dim < ndim; dim++) block[slot + 2 + dim] = places?.steps[dim] ?? 0;
    slot += 2 + ndim;
    if (where !== undefined) writeView(where, shape, slot, 'where');
    this.#select();
    block[DIMENSIONS] = ndim;
    block[OPERANDS] = where === undefined ? 3 : 4;
    block[MASKED] = where === undefined ? 0 : 1;
    raw.addToStates();
    checkKernel(this.name);
  }

  /** Merges states of the same reduction, of elements before these, into these. */
  merge(before: States): void {
    this.#select();
    block[CONSTANTS] = addressOfArray(before.data, 'states');
    block[CONSTANTS + 1] = addressOfArray(this.data, 'states');
    block[CONSTANTS + 2] = this.count;
    raw.mergeStates();
    checkKernel(this.name);
  }

  /**
   * Returns what the states tell, as a view of this shape.
   *
   * @param parameter - of `mean` the number of elements, of `var` and `std` the degrees of freedom that are taken off
   */
  finish(shape: readonly number[], parameter: number): StridedView {
    const result = newView(this.output, shape);
    if (this.count === 0) return result;
    this.#select();
    block[CONSTANTS] = addressOfArray(this.data, 'states');
    block[CONSTANTS + 1] = addressOfArray(result.data, 'result');
    block[CONSTANTS + 2] = this.count;
    block[CONSTANTS + 3] = parameter;
    raw.finishStates();
    checkKernel(this.name);
    return result;
  }

  /**
   * Adds the elements of a view one after the other along an axis, and returns what the states tell after
   * each: a view of its shape, `into` or a new one.
   *
   * @param into - of the states' output dtype, in memory apart from the view's
   * @remarks For `sum` and `prod`. The states are those of the other axes in C order.
   */
  scan(view: StridedView, axis: number, into?: StridedView): StridedView {
    const result = into ?? newView(this.output, view.shape);
    const ndim = view.shape.length;
    if (sizeOfShape(view.shape) === 0) return result;
    const order = [...view.shape.keys()].filter((dim) => dim !== axis).concat(axis);
    const shape = order.map((dim) => view.shape[dim]);
    const turned = (from: StridedView): StridedView => ({
      ...from,
      shape,
      strides: order.map((dim) => from.strides[dim]),
    });
    let slot = writeView(turned(view), shape, writeShape(shape, SHAPE), 'view');
    slot = writeView(turned(result), shape, slot, 'result');
    this.#writeOperand(slot, shape, [ndim - 1]);
    this.#select();
    block[DIMENSIONS] = ndim;
    block[OPERANDS] = 3;
    block[MASKED] = 0;
    raw.scanWithStates();
    checkKernel(this.name);
    return result;
  }

  #select(): void {
    block[OPERATION] = this.number;
    block[COMPUTE] = DTYPE_NUMBERS[this.compute];
  }

  /** Writes the states as an operand over a shape, all of whose axes but the reduced ones they have. */
  #writeOperand(
    slot: number,
    shape: readonly number[],
    axes: readonly number[],
    first = 0,
  ): number {
    const strides = contiguousStrides(
      shape.map((extent, dim) => (axes.includes(dim) ? 1 : extent)),
    );
    block[slot] = addressOfArray(this.data, 'states') + first * this.size;
    block[slot + 1] = 0;
    for (let dim = 0; dim < shape.length; dim++) {
      block[slot + 2 + dim] = axes.includes(dim) ? 0 : strides[dim] * this.size;
    }
    return slot + 2 + shape.length;
  }
}
