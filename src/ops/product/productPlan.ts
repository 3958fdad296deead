/** Where the result of a product of matrices lies, and where its factors are brought to. */
import { DTYPES } from '../../dtype/dtype.ts';
import { promoteTypes } from '../../dtype/promotion.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { isAligned } from '../align.ts';
import type { ArrayMeta } from '../operation.ts';

/** How one factor takes part in a product. */
export interface FactorPlan {
  /** Where it is brought to. */
  readonly distribution: Distribution;
  /** Axes of the result along whose processes its inner dimension is spread. */
  readonly spread: readonly number[];
}

/** How a product of matrices, or of stacks of them, is computed. */
export interface ProductPlan {
  readonly result: Distribution;
  readonly a: FactorPlan;
  readonly b: FactorPlan;
  /**
   * The axis of the result along which each process gets its block of the sums of all, each of which has made those
   * of its inner indices; null when factors travel instead.
   */
  readonly mergedAxis: number | null;
}

/**
 * Returns the plan of a product of arrays of two or more dimensions, whose shapes fit. Pure.
 *
 * - Factors that lie on one grid stay there: rows of the result are spread as those of `a`, columns as those of
 *   `b`. One grid it is also for a matrix on `[P · R, C]` and a stack of them on `[P, R, C]`.
 * - Otherwise the result is on the grid of one of them, its rows and columns as that one's where it has them and
 *   in blocks where not, or, without stacks, in blocks on a grid that is as square as the result: wherever fewest
 *   bytes have to travel, of equals the first. A replicated factor goes to the other one's grid.
 * - Where two matrices are spread along the inner dimension alone, and alike, that may be sums of them: each process
 *   multiplies what it has, and gets a block of rows (or columns, if there are more) of the sum of all.
 * - The product of two replicated arrays is replicated.
 *
 * @param batch - the dimensions of the stack, to which those of the factors are broadcast
 */
export function planProduct(a: ArrayMeta, b: ArrayMeta, batch: readonly number[]): ProductPlan {
  let ofFirst = known.get(a.distribution);
  if (ofFirst === undefined) {
    ofFirst = new WeakMap();
    known.set(a.distribution, ofFirst);
  }
  let plans = ofFirst.get(b.distribution);
  if (plans === undefined) {
    plans = new Map();
    ofFirst.set(b.distribution, plans);
  }
  // What travels, and so where the result lies, depends on the dtypes.
  const key = `${a.dtype} ${b.dtype}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    plan = makePlan(a, b, batch);
    plans.set(key, plan);
  }
  return plan;
}

/** Plans are kept: those of redistributions are found by the distributions in them. */
const known = new WeakMap<Distribution, WeakMap<Distribution, Map<string, ProductPlan>>>();

function makePlan(a: ArrayMeta, b: ArrayMeta, batch: readonly number[]): ProductPlan {
  const call = new ProductCall(a, b, batch);
  const [first, second] = [a.distribution, b.distribution];
  if (first.isReplicated && second.isReplicated) return call.replicated();
  const common = call.onCommonGrid();
  if (common !== null) return call.planFor(common);
  const candidates: ProductPlan[] = [];
  if (!first.isReplicated) candidates.push(call.planFor(call.led('a')));
  if (!second.isReplicated) candidates.push(call.planFor(call.led('b')));
  if (batch.length === 0 && candidates.length === 2) candidates.push(call.planFor(call.inBlocks()));
  const merged = batch.length === 0 ? call.merged() : null;
  if (merged !== null) candidates.push(merged);
  const costs = candidates.map((plan) => call.bytesOf(plan));
  return candidates[costs.indexOf(Math.min(...costs))];
}

/** Both factors with all dimensions of the result: rows and the inner one, the inner one and columns. */
class ProductCall {
  readonly #a: ArrayMeta;
  readonly #b: ArrayMeta;
  readonly #batch: readonly number[];
  readonly #first: Distribution;
  readonly #second: Distribution;
  readonly #lead: number;

  constructor(a: ArrayMeta, b: ArrayMeta, batch: readonly number[]) {
    this.#a = a;
    this.#b = b;
    this.#batch = batch;
    this.#lead = batch.length;
    this.#first = expanded(a.distribution, batch.length + 2);
    this.#second = expanded(b.distribution, batch.length + 2);
  }

  get #rows(): number {
    return this.#first.shape[this.#lead];
  }

  get #inner(): number {
    return this.#second.shape[this.#lead];
  }

  get #columns(): number {
    return this.#second.shape[this.#lead + 1];
  }

  replicated(): ProductPlan {
    const { targets } = this.#a.distribution;
    const shape = [...this.#batch, this.#rows, this.#columns];
    const onSame = this.#a.distribution.targetsKey === this.#b.distribution.targetsKey;
    return {
      result: Distribution.replicated(shape, { targets }),
      a: { distribution: this.#a.distribution, spread: [] },
      b: {
        distribution: onSame
          ? this.#b.distribution
          : Distribution.replicated(this.#b.distribution.shape, { targets }),
        spread: [],
      },
      mergedAxis: null,
    };
  }

  /** The result's distribution when both factors are where a product on one grid has them; else null. */
  onCommonGrid(): Distribution | null {
    const [first, second, lead] = [this.#first, this.#second, this.#lead];
    if (first.isReplicated || second.isReplicated) return null;
    if (first.targetsKey !== second.targetsKey) return null;
    const [gridA, gridB] = [first.gridShape, second.gridShape];
    const rowMap = first.maps[lead];
    const columnMap = second.maps[lead + 1];
    const fits = (() => {
      if (lead > 0 && isFlat(second, lead) && !isFlat(first, lead)) {
        const rows = gridA.slice(0, -1).reduce((product, extent) => product * extent, 1);
        return gridB[lead] === rows && gridB[lead + 1] === gridA[lead + 1];
      }
      if (lead > 0 && isFlat(first, lead) && !isFlat(second, lead)) {
        const all = gridB.reduce((product, extent) => product * extent, 1);
        return gridA[lead] === 1 && gridB[lead] === 1 && gridA[lead + 1] === all;
      }
      return gridA.every((extent, axis) => extent === gridB[axis]);
    })();
    if (!fits) return null;
    const leader = lead > 0 && isFlat(first, lead) ? second : first;
    const maps = [...this.#batchMaps(leader), rowMap, columnMap];
    return first.withMaps(maps);
  }

  /** The result's distribution on the grid of one factor. */
  led(by: 'a' | 'b'): Distribution {
    const leader = by === 'a' ? this.#first : this.#second;
    const lead = this.#lead;
    const [rowGrid, columnGrid] = leader.gridShape.slice(lead);
    const rowMap = by === 'a' ? leader.maps[lead] : blocks(this.#rows, rowGrid);
    const columnMap = by === 'b' ? leader.maps[lead + 1] : blocks(this.#columns, columnGrid);
    const maps = [...this.#batchMaps(leader), rowMap, columnMap];
    return leader.withMaps(maps);
  }

  /** The result in blocks, on the processes of the factor that has more of them. */
  inBlocks(): Distribution {
    const [first, second] = [this.#first, this.#second];
    const { targets } = second.numProcesses > first.numProcesses ? second : first;
    return Distribution.fromShape([this.#rows, this.#columns], { dist: 'bb', targets });
  }

  planFor(result: Distribution): ProductPlan {
    return { result, a: this.#planA(result), b: this.#planB(result), mergedAxis: null };
  }

  /** The plan by which sums travel; null unless both factors are spread alike along the inner dimension alone. */
  merged(): ProductPlan | null {
    const [first, second] = [this.#a.distribution, this.#b.distribution];
    const [inner, other] = [first.maps[1], second.maps[0]];
    const isSpread = first.gridShape[0] === 1 && second.gridShape[1] === 1 && inner.gridSize > 1;
    const isAlike = first.targetsKey === second.targetsKey && inner.dist !== 'u';
    if (first.isReplicated || second.isReplicated || !isSpread || !isAlike) return null;
    if (!inner.equals(other)) return null;
    const shape = [this.#rows, this.#columns];
    const mergedAxis = shape[1] > shape[0] ? 1 : 0;
    const maps = shape.map((extent, axis) =>
      axis === mergedAxis ? BlockMap.even(extent, inner.gridSize) : new UndistributedMap(extent),
    );
    return {
      result: first.withMaps(maps),
      a: { distribution: first, spread: [] },
      b: { distribution: second, spread: [] },
      mergedAxis,
    };
  }

  /** What travels: factors that do not lie as they should, and panels; or sums. */
  bytesOf({ result, a, b, mergedAxis }: ProductPlan): number {
    if (mergedAxis !== null) {
      // Sums travel with their rounding errors.
      const { itemsize } = DTYPES[promoteTypes(this.#a.dtype, this.#b.dtype)];
      return 2 * itemsize * result.size * (result.numProcesses - 1);
    }
    return [
      [this.#a, a],
      [this.#b, b],
    ].reduce((sum, [meta, plan]) => {
      const { dtype, distribution: from } = meta as ArrayMeta;
      const { distribution: to, spread } = plan as FactorPlan;
      const bytes = from.size * DTYPES[dtype].itemsize;
      const copies = spread.reduce((product, axis) => product * result.gridShape[axis], 1) - 1;
      const moved = from.isReplicated || isAligned(from, to) ? 0 : 1;
      return sum + bytes * (moved + copies);
    }, 0);
  }

  #planA(result: Distribution): FactorPlan {
    const lead = this.#lead;
    const rowMap = result.maps[lead];
    const isSpread = lead > 0 && isFlat(this.#first, lead) && rowMap.gridSize === 1;
    const spread = [...(isSpread ? [...Array(lead).keys()] : []), lead + 1];
    if (isWhole(this.#first, result, spread, [lead]))
      return { distribution: this.#first, spread: [] };
    const inner = this.#innerMap(this.#first.maps[lead + 1], result, spread);
    const maps = [...this.#stackMaps(result, isSpread), rowMap, inner];
    return { distribution: result.withMaps(maps), spread };
  }

  #planB(result: Distribution): FactorPlan {
    const lead = this.#lead;
    const columnMap = result.maps[lead + 1];
    const isSpread = lead > 0 && isFlat(this.#second, lead);
    const spread = [...(isSpread ? [...Array(lead).keys()] : []), lead];
    if (isWhole(this.#second, result, spread, [lead + 1])) {
      return { distribution: this.#second, spread: [] };
    }
    const inner = this.#innerMap(this.#second.maps[lead], result, spread);
    const maps = [...this.#stackMaps(result, isSpread), inner, columnMap];
    return { distribution: result.withMaps(maps), spread };
  }

  /** The factor's own map of the inner dimension where it can stay. */
  #innerMap(
    own: DimensionMap,
    { gridShape }: Distribution,
    spread: readonly number[],
  ): DimensionMap {
    const gridSize = spread.reduce((product, axis) => product * gridShape[axis], 1);
    return own.gridSize === gridSize && own.dist !== 'u' ? own : blocks(this.#inner, gridSize);
  }

  /** Of a factor that is one matrix for all of the stack, dimensions of length 1. */
  #stackMaps(result: Distribution, isSpread: boolean): readonly DimensionMap[] {
    if (isSpread) return this.#batch.map(() => new UndistributedMap(1));
    return result.maps.slice(0, this.#lead);
  }

  #batchMaps(leader: Distribution): readonly DimensionMap[] {
    const other = leader === this.#first ? this.#second : this.#first;
    return this.#batch.map((extent, axis) => {
      const gridSize = leader.gridShape[axis];
      for (const { maps } of [leader, other]) {
        if (maps[axis].size === extent && maps[axis].gridSize === gridSize) return maps[axis];
      }
      return blocks(extent, gridSize);
    });
  }
}

/** A distribution with leading dimensions of length 1. */
function expanded(distribution: Distribution, ndim: number): Distribution {
  const lead = ndim - distribution.ndim;
  if (lead === 0) return distribution;
  return distribution.slice([...new Array<SliceItem>(lead).fill(newaxis), '...']);
}

/** Whether the leading dimensions have one index each: one matrix for all of a stack. */
function isFlat({ shape }: Distribution, lead: number): boolean {
  return shape.slice(0, lead).every((extent) => extent === 1);
}

/** Whether a replicated factor can stay as it is: every process needs all of its rows, or columns. */
function isWhole(
  factor: Distribution,
  result: Distribution,
  spread: readonly number[],
  own: readonly number[],
): boolean {
  if (!factor.isReplicated) return false;
  const isAlone = own.every((axis) => result.gridShape[axis] === 1);
  const isForAll = spread.length > 1 || result.ndim === 2;
  return isAlone && isForAll && result.targets.every((target) => factor.rankOfTarget(target) >= 0);
}

function blocks(extent: number, gridSize: number): DimensionMap {
  return gridSize === 1 ? new UndistributedMap(extent) : BlockMap.even(extent, gridSize);
}
