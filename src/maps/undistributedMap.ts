/** The map of a dimension that is not distributed. */

import { checkInteger } from '../errors.ts';
import type { UndistributedDimData } from './dimData.ts';
import {
  bothOnOneProcess,
  checkIndex,
  checkOwned,
  type DimensionMap,
  inspectCustom,
} from './dimensionMap.ts';
import { contiguousRuns, type IndexRun, indicesOfRuns } from './indexRun.ts';
import { type LocalSelection, stridedSelection } from './localSelection.ts';

/** A map with all indices on the one process of its grid dimension (DistArray's `'n'`). */
export class UndistributedMap implements DimensionMap {
  readonly dist = 'n';
  readonly size: number;
  readonly gridSize = 1;

  /** @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} */
  constructor(size: number) {
    checkInteger('size', size, 0);
    this.size = size;
    Object.freeze(this);
  }

  get base(): DimensionMap {
    return this;
  }

  get key(): string {
    return `n${this.size}`;
  }

  /** Returns 0, the first index. */
  start(gridRank: number): number {
    checkIndex('gridRank', gridRank, 1);
    return 0;
  }

  /** Returns `size`, the index after the last one. */
  stop(gridRank: number): number {
    checkIndex('gridRank', gridRank, 1);
    return this.size;
  }

  localSize(gridRank: number): number {
    checkIndex('gridRank', gridRank, 1);
    return this.size;
  }

  owner(globalIndex: number): number {
    checkIndex('globalIndex', globalIndex, this.size);
    return 0;
  }

  owners(globalIndex: number): readonly number[] {
    return [this.owner(globalIndex)];
  }

  owns(gridRank: number, globalIndex: number): boolean {
    checkIndex('gridRank', gridRank, 1);
    return this.owner(globalIndex) === gridRank;
  }

  localFromGlobal(globalIndex: number, gridRank?: number): number {
    checkIndex('globalIndex', globalIndex, this.size);
    checkOwned(this, globalIndex, gridRank);
    return globalIndex;
  }

  globalFromLocal(gridRank: number, localIndex: number): number {
    checkIndex('localIndex', localIndex, this.localSize(gridRank));
    return localIndex;
  }

  globalIndices(gridRank: number): IterableIterator<number> {
    return indicesOfRuns(this.runs(gridRank));
  }

  runs(gridRank: number): readonly IndexRun[] {
    return contiguousRuns(0, this.localSize(gridRank));
  }

  localSelection(gridRank: number): LocalSelection {
    return stridedSelection(0, 1, this.localSize(gridRank));
  }

  halo(gridRank: number): readonly [number, number] {
    checkIndex('gridRank', gridRank, 1);
    return [0, 0];
  }

  dimData(gridRank: number): UndistributedDimData {
    checkIndex('gridRank', gridRank, 1);
    return { dist_type: 'n', size: this.size, proc_grid_size: 1, proc_grid_rank: 0 };
  }

  equals(other: DimensionMap): boolean {
    return bothOnOneProcess(this, other);
  }

  toString(): string {
    return `undistributed(${this.size})`;
  }

  [inspectCustom](): string {
    return this.toString();
  }
}
