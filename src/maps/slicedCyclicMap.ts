/** Views of cyclic and block-cyclic maps. */

import type { CyclicMap } from './cyclicMap.ts';
import type { DimData } from './dimData.ts';
import { bothOnOneProcess, checkIndex, checkOwned, type DimensionMap } from './dimensionMap.ts';
import { protocolIndices } from './indexList.ts';
import { contiguousRuns, type IndexRun, repeatedRun } from './indexRun.ts';
import {
  type LocalSelection,
  type PeriodicSelection,
  type StridedRun,
  simplified,
  stridedSelection,
} from './localSelection.ts';
import { ceilDiv, countInWindow, gcd, mod, solveCongruence } from './numberTheory.ts';
import { type AffineSlice, SlicedMap } from './slicedMap.ts';

/** Consecutive indices of the view that one process owns. */
interface Group {
  readonly first: number;
  readonly length: number;
}

/** How blocks are dealt: index i is at place `phase + i * advance` of a round over all processes. */
interface Turns {
  readonly blockSize: number;
  readonly phase: number;
  readonly advance: number;
}

/**
 * A view of a cyclic map. Ownership repeats after `period` indices, in which a process owns
 * groups of consecutive indices; nothing is counted one by one.
 */
export class SlicedCyclicMap extends SlicedMap {
  readonly base: CyclicMap;
  /** Indices of the base in one round over all processes. */
  readonly #round: number;
  /** Start and step modulo the round. */
  readonly #phase: number;
  readonly #advance: number;
  readonly #period: number;

  constructor(base: CyclicMap, slice: AffineSlice) {
    super(base, slice);
    this.base = base;
    this.#round = base.gridSize * base.blockSize;
    this.#phase = mod(this.start, this.#round);
    this.#advance = mod(this.step, this.#round);
    this.#period = this.#round / gcd(this.#advance, this.#round);
    Object.freeze(this);
  }

  localSize(gridRank: number): number {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.#ownedBelow(gridRank, this.size);
  }

  localFromGlobal(globalIndex: number, gridRank?: number): number {
    const owner = this.owner(globalIndex);
    checkOwned(this, globalIndex, gridRank);
    return this.#ownedBelow(owner, globalIndex);
  }

  globalFromLocal(gridRank: number, localIndex: number): number {
    checkIndex('localIndex', localIndex, this.localSize(gridRank));
    const perPeriod = this.#ownedInPeriod(gridRank);
    const begin = Math.floor(localIndex / perPeriod) * this.#period;
    const wanted = localIndex % perPeriod;
    // The smallest index with `wanted` owned ones of its period before it, itself owned.
    let [low, high] = [0, Math.min(this.#period, this.size - begin) - 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ownedBelow(gridRank, middle + 1) > wanted) high = middle;
      else low = middle + 1;
    }
    return begin + low;
  }

  *globalIndices(gridRank: number): IterableIterator<number> {
    checkIndex('gridRank', gridRank, this.gridSize);
    const groups = this.#groups(gridRank);
    if (groups.length === 0) return;
    for (let begin = 0; begin < this.size; begin += this.#period) {
      for (const { first, length } of groups) {
        const end = Math.min(begin + first + length, this.size);
        for (let index = begin + first; index < end; index++) yield index;
      }
    }
  }

  runs(gridRank: number): readonly IndexRun[] {
    checkIndex('gridRank', gridRank, this.gridSize);
    const { size } = this;
    const period = this.#period;
    const runs = this.#groups(gridRank).flatMap(({ first, length }) => {
      const whole = Math.max(0, Math.floor((size - first - length) / period) + 1);
      const rest = first + whole * period;
      return [
        ...repeatedRun(first, length, period, whole),
        ...contiguousRuns(rest, Math.min(rest + length, size)),
      ];
    });
    return runs.sort((a, b) => a.start - b.start);
  }

  localSelection(gridRank: number): LocalSelection {
    const count = this.localSize(gridRank);
    if (count === 0) return stridedSelection(0, 1, 0);
    const groups = this.#groups(gridRank);
    const position = (index: number) => this.base.localFromGlobal(this.baseIndex(index));
    const runs = groups.map(({ first, length }): StridedRun => {
      const start = position(first);
      const step = length > 1 ? position(first + 1) - start : 1;
      return { start, step, count: length };
    });
    // A whole period is a multiple of the round, of which each process has blockSize elements.
    const advance = ((this.#period * this.step) / this.#round) * this.base.blockSize;
    const selection: PeriodicSelection = { kind: 'periodic', runs, advance, count };
    return simplified(selection);
  }

  /**
   * Returns the protocol's dictionary for `gridRank`: cyclic where the view deals blocks in turn
   * from grid rank 0 on, otherwise indices.
   */
  dimData(gridRank: number): DimData {
    checkIndex('gridRank', gridRank, this.gridSize);
    const { size, gridSize } = this;
    const common = { size, proc_grid_size: gridSize, proc_grid_rank: gridRank };
    if (this.#phase === 0 && this.#advance === 1) {
      const { blockSize } = this.base;
      const start = gridRank * blockSize;
      return { dist_type: 'c', ...common, start, block_size: blockSize };
    }
    const indices = protocolIndices(Float64Array.from(this.globalIndices(gridRank)));
    return { dist_type: 'u', ...common, indices, one_to_one: true };
  }

  equals(other: DimensionMap): boolean {
    if (bothOnOneProcess(this, other)) return true;
    if (other.size !== this.size || other.gridSize !== this.gridSize) return false;
    const theirs = other instanceof SlicedCyclicMap ? other.#turns : turnsOfBase(other);
    if (theirs === undefined) return false;
    if (this.size < 2) return this.size === 0 || this.owner(0) === other.owner(0);
    const ours = this.#turns;
    return (
      ours.blockSize === theirs.blockSize &&
      ours.phase === theirs.phase &&
      ours.advance === theirs.advance
    );
  }

  /** In lowest terms: every other index of blocks of 6 is every index of blocks of 3. */
  get #turns(): Turns {
    const { blockSize } = this.base;
    const divisor = gcd(this.#advance, blockSize);
    return {
      blockSize: blockSize / divisor,
      phase: Math.floor(this.#phase / divisor),
      advance: this.#advance / divisor,
    };
  }

  /** Number of indices below `end` that `gridRank` owns. */
  #ownedBelow(gridRank: number, end: number): number {
    const { blockSize } = this.base;
    const low = gridRank * blockSize;
    const periods = Math.floor(end / this.#period);
    const rest = end % this.#period;
    const whole = periods > 0 ? periods * this.#ownedInPeriod(gridRank) : 0;
    if (rest === 0) return whole;
    const round = this.#round;
    return whole + countInWindow(this.#phase, this.#advance, round, rest, low, low + blockSize);
  }

  /** Over a period the view meets each place of the round with the phase's residue once. */
  #ownedInPeriod(gridRank: number): number {
    const { blockSize } = this.base;
    const divisor = this.#round / this.#period;
    const residuesBelow = (place: number) => ceilDiv(place - mod(this.#phase, divisor), divisor);
    const low = gridRank * blockSize;
    return residuesBelow(low + blockSize) - residuesBelow(low);
  }

  /** The groups of `gridRank` in the first period, ascending, cut at the size. */
  #groups(gridRank: number): Group[] {
    const step = Math.min(this.#advance, this.#round - this.#advance);
    const divisor = this.#round / this.#period;
    const end = Math.min(this.size, this.#period);
    const laps = Math.ceil((end * step) / this.#round);
    const places = this.base.blockSize / divisor;
    const groups = places < laps || step === 0 ? this.#single(gridRank) : this.#laps(gridRank, end);
    return groups
      .filter(({ first }) => first < end)
      .map(({ first, length }) => ({ first, length: Math.min(length, end - first) }))
      .sort((a, b) => a.first - b.first);
  }

  /** Each owned place of the round, and the index at which the view meets it. */
  #single(gridRank: number): Group[] {
    const divisor = this.#round / this.#period;
    const low = gridRank * this.base.blockSize;
    const groups: Group[] = [];
    const first = low + mod(this.#phase - low, divisor);
    for (let place = first; place < low + this.base.blockSize; place += divisor) {
      const index = solveCongruence(this.#advance, place - this.#phase, this.#round);
      groups.push({ first: index, length: 1 });
    }
    return groups;
  }

  /** Each pass over the round, and the indices below `stop` that meet the block in it. */
  #laps(gridRank: number, stop: number): Group[] {
    const { blockSize } = this.base;
    const ascending = this.#advance <= this.#round - this.#advance;
    const step = ascending ? this.#advance : this.#round - this.#advance;
    // Seen from the top, a descending view ascends.
    const phase = ascending ? this.#phase : this.#round - 1 - this.#phase;
    const low = ascending ? gridRank * blockSize : this.#round - (gridRank + 1) * blockSize;
    const groups: Group[] = [];
    for (let lap = 0; ; lap++) {
      const from = lap * this.#round + low - phase;
      const first = Math.max(0, ceilDiv(from, step));
      if (first >= stop) return groups;
      const end = Math.min(stop, ceilDiv(from + blockSize, step));
      if (end > first) groups.push({ first, length: end - first });
    }
  }
}

/** How a cyclic map that is no view deals its blocks; undefined for maps of other kinds. */
function turnsOfBase(map: DimensionMap): Turns | undefined {
  if (map.dist !== 'c' || map.base !== map) return undefined;
  return { blockSize: (map as CyclicMap).blockSize, phase: 0, advance: 1 };
}
