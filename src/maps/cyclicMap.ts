/** Cyclic and block-cyclic maps: blocks are dealt to the processes in turn. */

import { ArgumentRangeError, checkInteger } from '../errors.ts';
import type { CyclicDimData } from './dimData.ts';
import {
  bothOnOneProcess,
  checkIndex,
  checkOwned,
  type DimensionMap,
  inspectCustom,
} from './dimensionMap.ts';
import { contiguousRuns, type IndexRun, indicesOfRuns, repeatedRun } from './indexRun.ts';
import { type LocalSelection, stridedSelection } from './localSelection.ts';
import { SlicedCyclicMap } from './slicedCyclicMap.ts';

/** Options of a {@link CyclicMap}. */
export interface CyclicMapOptions {
  /** Indices per block; 1 (the default) is plain cyclic. */
  readonly blockSize?: number;
}

/**
 * A map that deals blocks of `blockSize` indices to the processes in turn.
 *
 * @remarks Block k belongs to grid rank k mod gridSize, the trailing partial block included
 * (DistArray 0.5 counts that one for rank 0; the protocol's text is followed here).
 */
export class CyclicMap implements DimensionMap {
  readonly dist = 'c';
  readonly size: number;
  readonly gridSize: number;
  readonly blockSize: number;

  /** @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} */
  constructor(size: number, gridSize: number, options: CyclicMapOptions = {}) {
    const { blockSize = 1 } = options;
    checkInteger('size', size, 0);
    checkInteger('gridSize', gridSize, 1);
    checkInteger('options.blockSize', blockSize, 1);
    if (!Number.isSafeInteger(gridSize * blockSize)) {
      const expected = 'a block size whose product with gridSize is below 2^53';
      throw new ArgumentRangeError('options.blockSize', expected, blockSize);
    }
    this.size = size;
    this.gridSize = gridSize;
    this.blockSize = blockSize;
    Object.freeze(this);
  }

  get base(): DimensionMap {
    return this;
  }

  get key(): string {
    return `c${this.size}/${this.gridSize}*${this.blockSize}`;
  }

  localSize(gridRank: number): number {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.#fullBlocks(gridRank) * this.blockSize + this.#partialBlock(gridRank);
  }

  owner(globalIndex: number): number {
    checkIndex('globalIndex', globalIndex, this.size);
    return Math.floor(globalIndex / this.blockSize) % this.gridSize;
  }

  owners(globalIndex: number): readonly number[] {
    return [this.owner(globalIndex)];
  }

  owns(gridRank: number, globalIndex: number): boolean {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.owner(globalIndex) === gridRank;
  }

  localFromGlobal(globalIndex: number, gridRank?: number): number {
    checkIndex('globalIndex', globalIndex, this.size);
    checkOwned(this, globalIndex, gridRank);
    const round = Math.floor(globalIndex / this.#stride);
    return round * this.blockSize + (globalIndex % this.blockSize);
  }

  globalFromLocal(gridRank: number, localIndex: number): number {
    checkIndex('localIndex', localIndex, this.localSize(gridRank));
    const round = Math.floor(localIndex / this.blockSize);
    const offset = localIndex % this.blockSize;
    return round * this.#stride + gridRank * this.blockSize + offset;
  }

  globalIndices(gridRank: number): IterableIterator<number> {
    return indicesOfRuns(this.runs(gridRank));
  }

  runs(gridRank: number): readonly IndexRun[] {
    checkIndex('gridRank', gridRank, this.gridSize);
    if (this.gridSize === 1) return contiguousRuns(0, this.size);
    const { blockSize } = this;
    const start = gridRank * blockSize;
    const count = this.#fullBlocks(gridRank);
    const partial = this.#partialBlock(gridRank);
    return [
      ...repeatedRun(start, blockSize, this.#stride, count),
      ...contiguousRuns(this.size - partial, this.size),
    ];
  }

  localSelection(gridRank: number): LocalSelection {
    return stridedSelection(0, 1, this.localSize(gridRank));
  }

  halo(gridRank: number): readonly [number, number] {
    checkIndex('gridRank', gridRank, this.gridSize);
    return [0, 0];
  }

  dimData(gridRank: number): CyclicDimData {
    checkIndex('gridRank', gridRank, this.gridSize);
    return {
      dist_type: 'c',
      size: this.size,
      proc_grid_size: this.gridSize,
      proc_grid_rank: gridRank,
      start: gridRank * this.blockSize,
      block_size: this.blockSize,
    };
  }

  equals(other: DimensionMap): boolean {
    if (bothOnOneProcess(this, other)) return true;
    if (other instanceof SlicedCyclicMap) return other.equals(this);
    return (
      other instanceof CyclicMap &&
      other.size === this.size &&
      other.gridSize === this.gridSize &&
      other.blockSize === this.blockSize
    );
  }

  toString(): string {
    const blocks = this.blockSize === 1 ? '' : `, blocks of ${this.blockSize}`;
    return `cyclic(${this.size} over ${this.gridSize}${blocks})`;
  }

  [inspectCustom](): string {
    return this.toString();
  }

  /** Global indices from one block of a process to its next. */
  get #stride(): number {
    return this.gridSize * this.blockSize;
  }

  /** Number of whole blocks that `gridRank` owns. */
  #fullBlocks(gridRank: number): number {
    const blocks = Math.floor(this.size / this.blockSize);
    return Math.floor(blocks / this.gridSize) + (gridRank < blocks % this.gridSize ? 1 : 0);
  }

  /** Number of indices of the trailing partial block if `gridRank` owns it, otherwise 0. */
  #partialBlock(gridRank: number): number {
    const blocks = Math.floor(this.size / this.blockSize);
    return blocks % this.gridSize === gridRank ? this.size % this.blockSize : 0;
  }
}
