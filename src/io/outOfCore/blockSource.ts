/** Arrays in files that are read block by block. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { Comm } from '../../mpi/communicator.ts';
import type { Slab, StoredArray } from './slab.ts';

/** An array in a file. It holds nothing open: what is computed opens the file, and closes it. */
export interface BlockSource extends StoredArray {
  /** Name of the file, and of the dataset if there are several, for people and to tell sources apart. */
  readonly name: string;
  readonly dtype: Dtype;
  /** Whether a slab is on its way while something else is done; otherwise it is read when it is waited for. */
  readonly readsAhead: boolean;
  /** Bytes that reading needs beside the memory that slabs go to. */
  readonly overhead: number;
  /** What blocks should begin at multiples of along each axis, so that nothing is read twice; 1 if it does not matter. */
  readonly granularity: readonly number[];
  /** @remarks Collective. What is opened each process reads by itself. */
  open(comm: Comm): OpenSource;
}

/** A file that is open for reading. */
export interface OpenSource {
  /**
   * Begins to read a slab into memory, which nobody else uses until {@link PendingSlab.wait}.
   *
   * @param elements - of the source's dtype; as many as the slab has, or more
   */
  start(slab: Slab, elements: ArrayBufferView): PendingSlab;
  /** @remarks Collective. Nothing may be on its way. */
  close(): void;
}

/** A slab on its way. */
export interface PendingSlab {
  /**
   * Comes back when the elements are there, in the memory's byte order.
   * @throws {@link DistArrayError} on this process alone
   */
  wait(): void;
}
