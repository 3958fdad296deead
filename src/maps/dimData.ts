/**
 * The dimension dictionaries of the Distributed Array Protocol 0.10: what one process knows
 * about one dimension. The keys are the protocol's own.
 */

/** A block-distributed dimension: this process holds `start` ≤ index < `stop`. */
export interface BlockDimData {
  readonly dist_type: 'b';
  readonly size: number;
  readonly proc_grid_size: number;
  readonly proc_grid_rank: number;
  readonly start: number;
  readonly stop: number;
  readonly padding: readonly [number, number];
}

/** A cyclic or block-cyclic dimension: this process's first block begins at `start`. */
export interface CyclicDimData {
  readonly dist_type: 'c';
  readonly size: number;
  readonly proc_grid_size: number;
  readonly proc_grid_rank: number;
  readonly start: number;
  readonly block_size: number;
}

/** A dimension that is not distributed. */
export interface UndistributedDimData {
  readonly dist_type: 'n';
  readonly size: number;
  readonly proc_grid_size: 1;
  readonly proc_grid_rank: 0;
}

/** What one process knows about one dimension, as a protocol dictionary. */
export type DimData = BlockDimData | CyclicDimData | UndistributedDimData;
