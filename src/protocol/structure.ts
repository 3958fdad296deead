/**
 * The exchanged structure of the Distributed Array Protocol 0.10: what `__distarray__()` returns.
 * The keys are the protocol's own. `docs/protocol.md` defines what they mean in JavaScript.
 *
 * How a local array speaks it:
 * - `__distarray__()` returns `exportDistArray({ dimData, data, shape, dtype })` of its own part, where
 *   the extent of a block dimension is `stop - start`. Copies around a periodic edge lie outside of
 *   that: an array with such cells hands out `shape`, `strides` and `offset` of the rest.
 * - `LocalArray.fromDistArray(comm, object)` calls `importDistArray(structureOf(object))` inside
 *   `agree`, so that a bad structure on one rank is an error on all; gives `part.dimData` to
 *   `checkPiecesTogether` of `src/local`, which returns what every rank has; makes its distribution of
 *   that (regular dimensions by `mapsFromDimDataPerRank`, unstructured ones by `UnstructuredMap.ofRank`
 *   with its own indices and everybody's `count`); and keeps `part.data` from `part.offset` on, the
 *   producer's memory. When `part.contiguous` is false it needs `part.strides` as well.
 */
import type { Dtype, TypedArray } from '../dtype/dtype.ts';

/** The version of the protocol that structures are exported with. */
export const PROTOCOL_VERSION = '0.10.0';

/** What all dimension dictionaries tell, apart from the empty one. */
export interface CommonDimDict {
  /** Number of global indices along this dimension. */
  readonly size: number;
  /** Extent of the process grid along this dimension, ≥ 1. */
  readonly proc_grid_size: number;
  /** This process's coordinate in the grid along this dimension. */
  readonly proc_grid_rank: number;
}

/** A block: this process has `start` ≤ index < `stop`, communication padding included. */
export interface BlockDimDict extends CommonDimDict {
  readonly dist_type: 'b';
  readonly start: number;
  readonly stop: number;
  /**
   * Cells at the lower and the upper end that are set aside: at the edges of the grid for boundary
   * values (owned), elsewhere copies of the neighbour's cells (not owned). Default (0, 0).
   */
  readonly padding?: readonly [number, number];
  /** Whether the dimension closes to a ring. Default false. */
  readonly periodic?: boolean;
}

/** Cyclic or block-cyclic: blocks of `block_size` (default 1) are dealt out in turn. */
export interface CyclicDimDict extends CommonDimDict {
  readonly dist_type: 'c';
  /** Where this process's first block begins: `proc_grid_rank * block_size`. */
  readonly start: number;
  readonly block_size?: number;
}

/** Unstructured: this process has these global indices, in this order. */
export interface UnstructuredDimDict extends CommonDimDict {
  readonly dist_type: 'u';
  /** Integers, each once: a typed array, or any {@link ProtocolBuffer} of one dimension. */
  readonly indices: ProtocolBuffer;
  /** Whether no other process has any of them. Default false. */
  readonly one_to_one?: boolean;
}

/** The empty dictionary stands for a dimension that is not distributed. */
export type EmptyDimDict = Readonly<Record<string, never>>;

/** A dimension that is not distributed, in the words of `src/maps`; the protocol has none. */
export interface UndistributedDimDict {
  readonly dist_type: 'n';
  readonly size: number;
}

/** A dimension dictionary of the protocol, other than the empty one. */
export type DimDict = BlockDimDict | CyclicDimDict | UnstructuredDimDict;

/** A dimension dictionary whose indices, if it has any, are a typed array; never empty. */
export type PlainDimDict =
  | BlockDimDict
  | CyclicDimDict
  | (Omit<UnstructuredDimDict, 'indices'> & { readonly indices: TypedArray });

/**
 * What plays the part of Python's buffers: memory, and how the elements of an array lie in it.
 * Strides and offset count elements (pairs of a complex dtype), not bytes; strides may be negative.
 */
export interface StridedBuffer<D extends Dtype = Dtype> {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  /** Default: C order. */
  readonly strides?: readonly number[];
  /** Element of `data` at index (0, …, 0). Default 0. */
  readonly offset?: number;
  /** Default: what `data` stores; needed for bool and complex arrays. */
  readonly dtype?: D;
}

/** A scijs ndarray over a typed array. */
export interface ScijsBuffer {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** All that is taken as a buffer; typed arrays and bare memory (as bytes) have one dimension. */
export type ProtocolBuffer = StridedBuffer | ScijsBuffer | TypedArray | ArrayBuffer | DataView;

/** What `__distarray__()` returns: one process's part of a distributed array. */
export interface DistributedArrayStructure {
  /** Version of the protocol: `0.10.0`. */
  readonly __version__: string;
  readonly buffer: ProtocolBuffer;
  /** One dictionary a dimension. */
  readonly dim_data: readonly (DimDict | EmptyDimDict)[];
}

/** An object that exports its part of a distributed array. */
export interface DistArrayExporter {
  __distarray__(): DistributedArrayStructure;
}
