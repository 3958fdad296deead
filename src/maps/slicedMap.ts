/** What the views of all kinds of maps have in common. */

import type { DimData } from './dimData.ts';
import { checkIndex, type DimensionMap, inspectCustom } from './dimensionMap.ts';
import type { IndexRun } from './indexRun.ts';
import type { LocalSelection } from './localSelection.ts';
import type { DistLetter } from './normalizeDist.ts';

/** Which indices of its base a view shows: `start`, `start + step`, …, `count` in all. */
export interface AffineSlice {
  readonly start: number;
  /** Not 0; negative for a view in descending order. */
  readonly step: number;
  readonly count: number;
}

/**
 * An affine view of a map: index i is index `start + i * step` of the base. It has the base's
 * grid and leaves every index where it is; `localSelection` tells where that is in the base's
 * local part. Views of views collapse into one; `sliceMap` makes them.
 */
export abstract class SlicedMap implements DimensionMap {
  abstract readonly base: DimensionMap;
  readonly dist: DistLetter;
  readonly size: number;
  readonly gridSize: number;
  readonly start: number;
  readonly step: number;

  protected constructor(base: DimensionMap, { start, step, count }: AffineSlice) {
    this.dist = base.dist;
    this.size = count;
    this.gridSize = base.gridSize;
    this.start = count > 0 ? start : 0;
    this.step = count > 1 ? step : 1;
  }

  get key(): string {
    return `${this.base.key}[${this.start}+${this.step}*${this.size}]`;
  }

  /** Returns the base's index of a view's index. */
  baseIndex(globalIndex: number): number {
    return this.start + globalIndex * this.step;
  }

  owner(globalIndex: number): number {
    checkIndex('globalIndex', globalIndex, this.size);
    return this.base.owner(this.baseIndex(globalIndex));
  }

  owners(globalIndex: number): readonly number[] {
    checkIndex('globalIndex', globalIndex, this.size);
    return this.base.owners(this.baseIndex(globalIndex));
  }

  owns(gridRank: number, globalIndex: number): boolean {
    checkIndex('globalIndex', globalIndex, this.size);
    return this.base.owns(gridRank, this.baseIndex(globalIndex));
  }

  /** A view has no room of its own for indices of its neighbours; its base may have. */
  halo(gridRank: number): readonly [number, number] {
    checkIndex('gridRank', gridRank, this.gridSize);
    return [0, 0];
  }

  abstract localSize(gridRank: number): number;
  abstract localFromGlobal(globalIndex: number, gridRank?: number): number;
  abstract globalFromLocal(gridRank: number, localIndex: number): number;
  abstract globalIndices(gridRank: number): IterableIterator<number>;
  abstract runs(gridRank: number): readonly IndexRun[];
  abstract localSelection(gridRank: number): LocalSelection;
  abstract dimData(gridRank: number): DimData;
  abstract equals(other: DimensionMap): boolean;

  toString(): string {
    const { start, step, size, base } = this;
    const stop = start + step * size;
    return `${base}[${start}:${stop < 0 ? '' : stop}${step === 1 ? '' : `:${step}`}]`;
  }

  [inspectCustom](): string {
    return this.toString();
  }
}
