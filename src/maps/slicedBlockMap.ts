/** Views of maps whose parts are one block each: block maps and undistributed ones. */

import type { DimData } from './dimData.ts';
import { bothOnOneProcess, checkIndex, checkOwned, type DimensionMap } from './dimensionMap.ts';
import { protocolIndices } from './indexList.ts';
import { contiguousRuns, type IndexRun, indicesOfRuns } from './indexRun.ts';
import { type LocalSelection, stridedSelection } from './localSelection.ts';
import { ceilDiv, floorDiv } from './numberTheory.ts';
import { type AffineSlice, SlicedMap } from './slicedMap.ts';

/** A map where the part of `gridRank` is `start` ≤ index < `stop`. */
interface ContiguousMap extends DimensionMap {
  start(gridRank: number): number;
  stop(gridRank: number): number;
}

/** Returns whether each part of a map is one block, as the map itself or its one process says. */
export function isContiguous(map: DimensionMap): boolean {
  return hasBlocks(map) || (map.gridSize === 1 && map.dist !== 'u');
}

/** A view of a map with one block a part: its parts are blocks, too. */
export class SlicedBlockMap extends SlicedMap {
  readonly base: DimensionMap;

  constructor(base: DimensionMap, slice: AffineSlice) {
    super(base, slice);
    this.base = base;
    Object.freeze(this);
  }

  /** Returns the view's indices of `gridRank`: `first` ≤ index < `end`. */
  range(gridRank: number): readonly [first: number, end: number] {
    const [low, high] = this.#block(gridRank);
    const { start, step } = this;
    if (step > 0) {
      return [this.#clip(ceilDiv(low - start, step)), this.#clip(ceilDiv(high - start, step))];
    }
    const first = ceilDiv(start - high + 1, -step);
    return [this.#clip(first), this.#clip(floorDiv(start - low, -step) + 1)];
  }

  localSize(gridRank: number): number {
    const [first, end] = this.range(gridRank);
    return end - first;
  }

  localFromGlobal(globalIndex: number, gridRank?: number): number {
    const owner = this.owner(globalIndex);
    checkOwned(this, globalIndex, gridRank);
    return globalIndex - this.range(owner)[0];
  }

  globalFromLocal(gridRank: number, localIndex: number): number {
    const [first, end] = this.range(gridRank);
    checkIndex('localIndex', localIndex, end - first);
    return first + localIndex;
  }

  globalIndices(gridRank: number): IterableIterator<number> {
    return indicesOfRuns(this.runs(gridRank));
  }

  runs(gridRank: number): readonly IndexRun[] {
    return contiguousRuns(...this.range(gridRank));
  }

  localSelection(gridRank: number): LocalSelection {
    const [first, end] = this.range(gridRank);
    const position = this.baseIndex(first) - this.#block(gridRank)[0];
    return stridedSelection(position, this.step, end - first);
  }

  /**
   * Returns the protocol's dictionary for `gridRank`: a block, or indices where the blocks
   * descend, which the protocol's blocks cannot.
   */
  dimData(gridRank: number): DimData {
    const [first, end] = this.range(gridRank);
    const { size, gridSize } = this;
    const common = { size, proc_grid_size: gridSize, proc_grid_rank: gridRank };
    if (this.dist === 'n') return { dist_type: 'n', size, proc_grid_size: 1, proc_grid_rank: 0 };
    if (this.step > 0 || gridSize === 1) {
      return { dist_type: 'b', ...common, start: first, stop: end, padding: [0, 0] };
    }
    const indices = protocolIndices(Array.from({ length: end - first }, (_, i) => first + i));
    return { dist_type: 'u', ...common, indices, one_to_one: true };
  }

  equals(other: DimensionMap): boolean {
    if (bothOnOneProcess(this, other)) return true;
    if (other.size !== this.size || other.gridSize !== this.gridSize) return false;
    const sameSlice =
      other instanceof SlicedBlockMap && this.start === other.start && this.step === other.step;
    if (sameSlice && this.base.equals(other.base)) return true;
    if (!hasPlainBlocks(other)) return false;
    const [ours, theirs] = [lineOf(this), lineOf(other)];
    if (ours !== undefined && ours.offset === theirs?.offset && ours.width === theirs.width) {
      return true;
    }
    // From one part to the next; where both are regular but different, soon over.
    for (let index = 0; index < this.size; ) {
      const owner = this.owner(index);
      const held = this.localSize(owner);
      if (other.owner(index) !== owner || other.localSize(owner) !== held) return false;
      index += held;
    }
    return true;
  }

  /** The base's indices of `gridRank`. */
  #block(gridRank: number): readonly [start: number, stop: number] {
    const { base } = this;
    if (hasBlocks(base)) return [base.start(gridRank), base.stop(gridRank)];
    checkIndex('gridRank', gridRank, 1);
    return [0, base.size];
  }

  #clip(index: number): number {
    return Math.max(0, Math.min(this.size, index));
  }
}

function hasBlocks(map: DimensionMap): map is ContiguousMap {
  const { start, stop } = map as Partial<ContiguousMap>;
  return typeof start === 'function' && typeof stop === 'function';
}

/** Whether each part of a map is one block, and there is no padding. */
function hasPlainBlocks(map: DimensionMap): boolean {
  if (map instanceof SlicedBlockMap) return true;
  return hasBlocks(map) && !(map as { isPadded?: boolean }).isPadded;
}

/**
 * The bounds of a regular map's parts: `offset + width * gridRank`, those outside of the map moved
 * to its ends; in a descending view the width is negative. Undefined where bounds lie in no line.
 */
function lineOf(
  map: DimensionMap,
): { readonly offset: number; readonly width: number } | undefined {
  const { base } = map;
  if (base.size === 0 || !(base as { isEven?: boolean }).isEven) return undefined;
  const block = base.localSize(0);
  const { start, step } = map instanceof SlicedBlockMap ? map : { start: 0, step: 1 };
  if (block % step !== 0) return undefined;
  const offset = step > 0 ? ceilDiv(-start, step) : ceilDiv(start + 1, -step);
  return { offset, width: block / step };
}
