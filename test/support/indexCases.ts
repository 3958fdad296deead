/** Random arrays and indices, as DistArrays take them and as NumPy does. */
import fc from 'fast-check';
import { allocate, DTYPES, type Dtype } from '../../src/dtype/dtype.ts';
import {
  type Context,
  DistArray,
  type Distribution,
  type IndexItem,
  LocalArray,
  newaxis,
  UnstructuredMap,
} from '../../src/entry/index.ts';
import { cast } from '../../src/kernels/copy.ts';
import { type StridedView, sizeOfShape, viewOf } from '../../src/kernels/stridedView.ts';
import { writeElement } from '../../src/local/elementAccess.ts';
import { partOfData } from '../../src/ops/partOfData.ts';
import { anyDistribution } from './maps.ts';
import { isClient } from './mode.ts';
import { encode } from './numpy.ts';

/** A source of numbers that is the same on every rank. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer in [0, `end`). */
  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * end);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(part: number): boolean {
    return this.below(1000) < 1000 * part;
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }
}

/** An entry of an index, as both sides take it. */
export interface Entry {
  readonly ours: IndexItem;
  readonly numpy: unknown;
}

/** Returns a contiguous view of a shape, filled by the flat index. */
export function filled<D extends Dtype>(
  dtype: D,
  shape: readonly number[],
  valueAt: (flat: number) => number,
): StridedView<D> {
  const size = sizeOfShape(shape);
  const data = allocate(dtype, size);
  for (let k = 0; k < size; k++) {
    const value = valueAt(k);
    const { kind } = DTYPES[dtype];
    if (kind === 'bool') writeElement(data, dtype, k, value % 2 !== 0);
    else if (kind === 'complex') writeElement(data, dtype, k, { re: value, im: -k });
    else writeElement(data, dtype, k, value);
  }
  return viewOf(data, dtype, shape);
}

/** Makes DistArrays of data under random distributions. */
export class Arrays {
  readonly #ctx: Context;
  readonly #dice: Dice;

  constructor(ctx: Context, dice: Dice) {
    this.#ctx = ctx;
    this.#dice = dice;
  }

  /** A random distribution of a shape; some know unstructured maps in parts only. */
  distribution(shape: readonly number[]): Distribution {
    const seed = this.#dice.below(2 ** 31);
    const [whole] = fc.sample(anyDistribution(shape, this.#ctx.size), { seed, numRuns: 1 });
    const isWhole = this.#dice.chance(0.5);
    const { rank } = this.#ctx;
    // A client knows all.
    return isWhole || rank === null ? whole : inParts(whole, rank);
  }

  /** An array of these elements. */
  of(view: StridedView, distribution = this.distribution(view.shape)): DistArray {
    if (isClient) {
      const { data, shape, dtype } = cast(view, view.dtype);
      return this.#ctx.fromArray({ data, shape }, { distribution, dtype });
    }
    const { comm } = this.#ctx;
    const local = new LocalArray(distribution, { dtype: view.dtype, comm });
    if (local.localSize > 0) local.assignView(partOfData(view, distribution, local.rank), 'no');
    return new DistArray(this.#ctx, local);
  }
}

/** The distribution as one process knows it that knows its own indices only. */
function inParts(distribution: Distribution, process: number): Distribution {
  const { maps, isReplicated } = distribution;
  const rank = distribution.rankOfTarget(process);
  if (isReplicated || !distribution.dist.includes('u')) return distribution;
  const coords = rank < 0 ? maps.map(() => 0) : distribution.coordsFromRank(rank);
  const known = maps.map((map, axis) => {
    if (!(map instanceof UnstructuredMap)) return map;
    const { size, gridSize, oneToOne } = map;
    const gridRank = coords[axis];
    return UnstructuredMap.ofRank({
      size,
      gridSize,
      gridRank,
      indices: map.indices(gridRank),
      oneToOne,
    });
  });
  return distribution.withMaps(known);
}

/** Returns a random index of an array of this shape with at least one array in it. */
export function anyIndex(shape: readonly number[], dice: Dice, arrays: Arrays): Entry[] {
  const withMask = dice.chance(0.35);
  const common = Array.from({ length: dice.between(0, 2) }, () => dice.oneOf([0, 1, 2, 3, 5]));
  const entries: Entry[] = [];
  let hasArray = false;
  let hasEllipsis = false;
  let axis = 0;
  let maskCount: number | null = null;
  while (axis < shape.length) {
    const left = shape.length - axis;
    if (dice.chance(0.1)) entries.push({ ours: newaxis, numpy: { newaxis: true } });
    if (!hasEllipsis && dice.chance(0.1)) {
      entries.push({ ours: '...', numpy: { ellipsis: true } });
      hasEllipsis = true;
      axis += dice.between(0, hasArray ? left : left - 1);
      if (axis === shape.length) break;
    }
    const extent = shape[axis];
    const mustBeArray = !hasArray && axis === shape.length - 1;
    const kind = dice.below(10);
    if (mustBeArray || kind < 5) {
      if (withMask && maskCount === null) {
        const axes = dice.between(1, shape.length - axis);
        const mask = filled('bool', shape.slice(axis, axis + axes), () => dice.below(2));
        maskCount = mask.data.reduce((sum: number, bit) => sum + Number(bit), 0);
        entries.push(arrayEntry(mask, dice, arrays));
        axis += axes;
      } else {
        const of = withMask ? (dice.chance(0.5) ? [] : [1]) : partOfShape(common, dice);
        // An axis without indices can only be asked for none.
        const fits = extent > 0 ? of : [0];
        if (extent === 0 && (withMask || common.length !== 1)) {
          entries.push({ ours: null, numpy: { slice: [null, null, null] } });
          axis++;
          if (!hasArray && axis === shape.length) return anyIndex(shape, dice, arrays);
          continue;
        }
        if (extent === 0 && common[0] > 1) return anyIndex(shape, dice, arrays);
        const dtype = dice.oneOf<Dtype>(['int64', 'int32', 'int8']);
        const view = filled(dtype, fits, () => dice.between(-extent, extent - 1));
        entries.push(arrayEntry(view, dice, arrays));
        axis++;
      }
      hasArray = true;
    } else if (kind < 7 && extent > 0) {
      const number = dice.between(-extent, extent - 1);
      entries.push({ ours: number, numpy: number });
      axis++;
    } else {
      const end = () => (dice.chance(0.4) ? null : dice.between(-extent - 1, extent + 1));
      const [start, stop] = [end(), end()];
      const step = dice.oneOf([null, 1, 2, -1, -2]);
      entries.push({ ours: { start, stop, step }, numpy: { slice: [start, stop, step] } });
      axis++;
    }
  }
  return hasArray ? entries : anyIndex(shape, dice, arrays);
}

/** A shape that broadcasts to `shape`. */
function partOfShape(shape: readonly number[], dice: Dice): number[] {
  const part = shape.slice(dice.chance(0.7) ? 0 : dice.between(0, shape.length));
  return part.map((extent) => (dice.chance(0.2) ? 1 : extent));
}

/** An array entry, as DistArray, as typed data, or as nested arrays. */
function arrayEntry(view: StridedView, dice: Dice, arrays: Arrays): Entry {
  const numpy = { array: encode(view) };
  const isEmptyMask = view.dtype === 'bool' && view.shape.includes(0);
  if (isEmptyMask || dice.chance(0.6)) return { ours: arrays.of(view), numpy };
  if (view.dtype === 'bool' || dice.chance(0.4)) return { ours: nestedOf(view) as never, numpy };
  return { ours: { data: view.data, shape: view.shape } as never, numpy };
}

/** A view as nested arrays; 0-d ones stay shaped data. */
function nestedOf({ data, dtype, shape }: StridedView): unknown {
  if (shape.length === 0) return { data, shape };
  const element = (k: number) =>
    dtype === 'bool' ? data[k] !== 0 : dtype === 'int64' ? data[k] : Number(data[k]);
  const level = (axis: number, begin: number): unknown => {
    if (axis === shape.length) return element(begin);
    const step = sizeOfShape(shape.slice(axis + 1));
    return Array.from({ length: shape[axis] }, (_, k) => level(axis + 1, begin + k * step));
  };
  // Arrays of arrays without elements do not tell their shape.
  if (shape.includes(0)) return { data: new Int32Array(0), shape };
  return level(0, 0);
}
