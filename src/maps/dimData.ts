/**
 * The dimension dictionaries of the Distributed Array Protocol 0.10: what one process knows
 * about one dimension. The keys are the protocol's own.
 */

/**
 * A block-distributed dimension: this process holds `start` ≤ index < `stop`, of which
 * `padding` counts those at the lower and the upper end that are padding.
 */
export interface BlockDimData {
  readonly dist_type: 'b';
  readonly size: number;
  readonly proc_grid_size: number;
  readonly proc_grid_rank: number;
  readonly start: number;
  readonly stop: number;
  readonly padding: readonly [lower: number, upper: number];
  readonly periodic?: boolean;
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

/** Indices as the protocol takes them, integers: of 64 bits where 32 do not suffice. */
export type ProtocolIndices = Int32Array | BigInt64Array;

/** An unstructured dimension: this process holds `indices`, in this order. */
export interface UnstructuredDimData {
  readonly dist_type: 'u';
  readonly size: number;
  readonly proc_grid_size: number;
  readonly proc_grid_rank: number;
  readonly indices: ProtocolIndices;
  readonly one_to_one?: boolean;
}

/** A dimension that is not distributed. */
export interface UndistributedDimData {
  readonly dist_type: 'n';
  readonly size: number;
  readonly proc_grid_size: 1;
  readonly proc_grid_rank: 0;
}

/** What one process knows about one dimension, as a protocol dictionary. */
export type DimData = BlockDimData | CyclicDimData | UnstructuredDimData | UndistributedDimData;
