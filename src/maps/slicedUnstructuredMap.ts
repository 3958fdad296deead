/** Views of unstructured maps. */

import { ArgumentRangeError } from '../errors.ts';
import type { UnstructuredDimData } from './dimData.ts';
import { checkIndex, type DimensionMap } from './dimensionMap.ts';
import { IndexList, protocolIndices } from './indexList.ts';
import type { IndexRun } from './indexRun.ts';
import { type LocalSelection, listed } from './localSelection.ts';
import { type AffineSlice, SlicedMap } from './slicedMap.ts';
import type { UnstructuredMap } from './unstructuredMap.ts';

/** The local elements of one grid rank that a view shows. */
interface Shown {
  /** Their indices in the view. */
  readonly indices: IndexList;
  /** Their positions in the base's local part. */
  readonly positions: readonly number[];
}

/** A view of an unstructured map; its local order is that of the base. */
export class SlicedUnstructuredMap extends SlicedMap {
  readonly base: UnstructuredMap;
  /** By grid rank, once somebody has asked. */
  readonly #shown = new Map<number, Shown>();

  constructor(base: UnstructuredMap, slice: AffineSlice) {
    super(base, slice);
    this.base = base;
    Object.freeze(this);
  }

  localSize(gridRank: number): number {
    return this.#of(gridRank).indices.length;
  }

  localFromGlobal(globalIndex: number, gridRank = this.owner(globalIndex)): number {
    checkIndex('globalIndex', globalIndex, this.size);
    const position = this.#of(gridRank).indices.positionOf(globalIndex);
    if (position >= 0) return position;
    const expected = `an index of grid rank ${gridRank} of ${this}`;
    throw new ArgumentRangeError('globalIndex', expected, globalIndex);
  }

  globalFromLocal(gridRank: number, localIndex: number): number {
    const { values } = this.#of(gridRank).indices;
    checkIndex('localIndex', localIndex, values.length);
    return values[localIndex];
  }

  globalIndices(gridRank: number): IterableIterator<number> {
    return this.#of(gridRank).indices.values.values();
  }

  runs(gridRank: number): readonly IndexRun[] {
    return this.#of(gridRank).indices.runs();
  }

  localSelection(gridRank: number): LocalSelection {
    return listed(this.#of(gridRank).positions);
  }

  dimData(gridRank: number): UnstructuredDimData {
    return {
      dist_type: 'u',
      size: this.size,
      proc_grid_size: this.gridSize,
      proc_grid_rank: gridRank,
      indices: protocolIndices(this.#of(gridRank).indices.values),
      ...(this.base.oneToOne ? { one_to_one: true } : {}),
    };
  }

  equals(other: DimensionMap): boolean {
    return (
      other instanceof SlicedUnstructuredMap &&
      this.size === other.size &&
      this.start === other.start &&
      this.step === other.step &&
      this.base.equals(other.base)
    );
  }

  #of(gridRank: number): Shown {
    let shown = this.#shown.get(gridRank);
    if (shown === undefined) {
      shown = this.#select(this.base.indices(gridRank));
      this.#shown.set(gridRank, shown);
    }
    return shown;
  }

  #select(values: Int32Array | Float64Array): Shown {
    const indices: number[] = [];
    const positions: number[] = [];
    values.forEach((value, position) => {
      const index = (value - this.start) / this.step;
      if (index < 0 || index >= this.size || !Number.isInteger(index)) return;
      indices.push(index + 0);
      positions.push(position);
    });
    return { indices: IndexList.from(indices, 'indices'), positions };
  }
}
