/** Going through an array in files block by block, with the next one on its way while the present one is used. */
import type { TypedArray, TypedArrayOf } from '../../dtype/dtype.ts';
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { newaxis } from '../../maps/sliceSpec.ts';
import { agree, checkSame } from '../../mpi/agreement.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { alignTo } from '../../ops/align.ts';
import type { Traffic } from '../../ops/redistribute/traffic.ts';
import { axesInOrder, type StorageOrder } from '../slabs.ts';
import { sliceItems } from './basicView.ts';
import {
  type BlockPlan,
  boxOfBlock,
  distributionOfBlock,
  planBlocks,
  shareOfBox,
} from './blockPlan.ts';
import type { OpenSource, PendingSlab } from './blockSource.ts';
import { describe, type Expression, localPart, partsOf, type StoredPart } from './expression.ts';
import { type Leaf, Program } from './program.ts';
import { type Box, type BoxAxis, type Slab, slabOf } from './slab.ts';
import { WorkMemory } from './workMemory.ts';

/** Where a lazy array is computed, and with how much memory. */
export interface Evaluation {
  readonly comm: Comm;
  /** Bytes that each process may use. */
  readonly memory: number;
  readonly traffic: Traffic;
}

/** How an expression is gone through. */
export interface BlockRunOptions {
  /** Bytes that a process needs beside what is read, for its share of a block of this shape; default none. */
  readonly extra?: (share: readonly number[]) => number;
  /** Whether a process has room for what it keeps from block to block of this shape; default it has. */
  readonly keeps?: (share: readonly number[]) => boolean;
  /** Whether blocks are as large as memory allows, instead of as large as caches and disks like. */
  readonly isLarge?: boolean;
  /** Axes along which blocks follow each other last. */
  readonly outerAxes?: readonly number[];
  /** Indices of a block along the first axis. */
  readonly rows?: number;
  /** What this process goes through by itself, instead of its share of every block. */
  readonly own?: Box;
}

/** What a process has of a block. */
export interface BlockPart {
  /** The block. */
  readonly box: Box;
  /** The process's share of it. */
  readonly share: Box;
  /** Shape of the share. */
  readonly shape: readonly number[];
  /** The elements of each leaf of the program. */
  readonly elements: readonly StridedView[];
}

/** Bytes of a slab that caches like: what a thread has read, another one finds there. */
const CACHED_BYTES = 2 ** 22;
/** Part of the memory that intermediate results may use. */
const PROGRAM_SHARE = 1 / 8;

/**
 * An expression that is being computed in blocks. What fails on one process is kept until all agree on it
 * ({@link agreeOnFailure}), so that the others do not wait for it.
 */
export class BlockRun {
  readonly plan: BlockPlan;
  readonly program: Program;
  /** Order of the elements of the largest file, which blocks follow. */
  readonly order: StorageOrder;
  readonly memory = new WorkMemory();
  readonly #expression: Expression;
  readonly #evaluation: Evaluation;
  readonly #options: BlockRunOptions;
  /** One a leaf of the program; null for arrays in memory. */
  #readers: readonly (Reader | null)[] = [];
  readonly #opened: OpenSource[] = [];
  #failure: { readonly error: unknown } | undefined;

  /**
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: what opening the files says, `ERR_ARGUMENT_RANGE` when there is too little
   * memory
   */
  constructor(expression: Expression, evaluation: Evaluation, options: BlockRunOptions = {}) {
    const { comm, memory } = evaluation;
    this.#expression = expression;
    this.#evaluation = evaluation;
    this.#options = options;
    checkSame(comm, { array: describe(expression), 'options.memory': String(memory) });
    const { stored } = partsOf(expression);
    const primary = largest(stored);
    this.order = primary?.source.order ?? 'C';
    this.plan = this.#planned(stored, primary);
    this.program = agree(comm, () => {
      return new Program(expression, memory * PROGRAM_SHARE, this.memory);
    });
    try {
      const sources = new Map<string, OpenSource>();
      for (const { source } of stored) {
        if (sources.has(source.name)) continue;
        const opened = source.open(comm);
        this.#opened.push(opened);
        sources.set(source.name, opened);
      }
      const largestShare = this.largestShare.map(firstIndices);
      this.#readers = agree(comm, () =>
        this.program.leaves.map((leaf) => {
          if (leaf.kind === 'array') return null;
          const open = sources.get(leaf.source.name) as OpenSource;
          const slab = slabOf(leaf.source, leaf.view, this.#boxOfLeaf(leaf, largestShare));
          return new Reader(leaf, open, slab.size, this.memory);
        }),
      );
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Shape of the largest share that a process has of a block. */
  get largestShare(): readonly number[] {
    return shareOfBox(this.plan, this.plan.block.map(firstIndices), 0).map(({ count }) => count);
  }

  /** How the processes share a block. */
  distributionOf(box: Box): Distribution {
    return distributionOfBlock(this.plan, box);
  }

  /**
   * What this process has of each block, one after the other. The elements are there until the next one is asked for.
   * @remarks Every process goes through all; collective where arrays in memory take part.
   */
  *parts(): Generator<BlockPart> {
    const { count } = this.plan;
    const readers = this.#readers.filter((reader) => reader !== null);
    const start = (number: number) => {
      const { share } = this.#boxes(number);
      for (const reader of readers) {
        this.attempt(() => reader.start(number, this.#boxOfLeaf(reader.leaf, share)));
      }
    };
    if (count > 0) start(0);
    for (let number = 0; number < count; number++) {
      const { box, share } = this.#boxes(number);
      if (number + 1 < count) start(number + 1);
      for (const reader of readers) this.attempt(() => reader.wait(number));
      const shape = share.map((axis) => axis.count);
      const distribution = this.distributionOf(box);
      const elements = this.program.leaves.map((leaf, index) =>
        leaf.kind === 'array'
          ? this.#aligned(leaf, box, distribution)
          : (this.#readers[index] as Reader).elements(number),
      );
      yield { box, share, shape, elements };
    }
  }

  /** Does something on this process; what fails, is told by {@link agreeOnFailure}. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  /**
   * Throws on all processes what has failed on one.
   * @remarks Collective.
   */
  agreeOnFailure(): void {
    agree(this.#evaluation.comm, () => {
      if (this.#failure !== undefined) throw this.#failure.error;
    });
  }

  /** Closes the files, and gives the memory back. @remarks Collective. */
  close(): void {
    for (const reader of this.#readers) reader?.finish();
    for (const opened of this.#opened) opened.close();
    this.#opened.length = 0;
    this.memory.release();
  }

  #boxes(number: number): { readonly box: Box; readonly share: Box } {
    const { own } = this.#options;
    const box = boxOfBlock(this.plan, number);
    if (own === undefined) return { box, share: shareOfBox(this.plan, box, this.#rank) };
    const share = box.map(({ start, count }, axis) => ({ start: start + own[axis].start, count }));
    return { box: share, share };
  }

  get #rank(): number {
    return this.#evaluation.comm.rank;
  }

  #planned(stored: readonly StoredPart[], primary: StoredPart | undefined): BlockPlan {
    const { comm, memory } = this.#evaluation;
    const { own, extra = () => 0, keeps = () => true, isLarge, outerAxes, rows } = this.#options;
    const { shape } = this.#expression;
    const { arrays } = partsOf(this.#expression);
    const room = Math.floor(memory * (1 - PROGRAM_SHARE));
    const isWhole = primary === undefined || stored.every(({ source }) => source.readsAhead);
    const most = isLarge || !isWhole ? Number.POSITIVE_INFINITY : CACHED_BYTES;
    const fits = (share: readonly number[]) => {
      if (!keeps(share)) return false;
      const box = share.map(firstIndices);
      let bytes = extra(share);
      for (const leaf of stored) {
        const { source } = leaf;
        const slab = slabOf(source, leaf.view, this.#boxOfLeaf(leaf, box)).size * source.itemsize;
        if (slab > most) return false;
        bytes += slab * (source.readsAhead ? 2 : 1) + source.overhead;
      }
      for (const leaf of arrays) {
        const elements = sizeOfShape(this.#boxOfLeaf(leaf, box).map(({ count }) => count));
        bytes += elements * DTYPES[leaf.dtype].itemsize;
      }
      return bytes <= room;
    };
    const axes = axesOf(shape, primary);
    const sequence =
      outerAxes === undefined
        ? axes
        : [...axes].sort((a, b) => Number(outerAxes.includes(b)) - Number(outerAxes.includes(a)));
    const goals = {
      axes,
      sequence,
      processes: own === undefined ? comm.size : 1,
      fits,
      granularity: granularityOf(shape, primary),
      rows,
    };
    return planBlocks(own === undefined ? shape : own.map(({ count }) => count), goals);
  }

  /** What a box takes of a leaf, which may be broadcast. */
  #boxOfLeaf(leaf: Leaf, box: Box): Box {
    const { shape } = this.#expression;
    const lead = shape.length - leaf.shape.length;
    const isEmpty = box.some(({ count }) => count === 0);
    return leaf.shape.map((extent, axis) => {
      const along = box[axis + lead];
      if (extent !== 1 || shape[axis + lead] === 1) return along;
      return { start: 0, count: isEmpty ? 0 : 1 };
    });
  }

  /** The elements of an array in memory that this process needs for its share of a block. */
  #aligned(leaf: Leaf, box: Box, distribution: Distribution): StridedView {
    if (leaf.kind !== 'array') throw new TypeError('an array in memory was expected');
    const items = leaf.shape.map((extent, axis) => {
      const lead = box.length - leaf.shape.length;
      const isWhole = extent === 1 && this.#expression.shape[axis + lead] !== 1;
      const { start, count } = isWhole ? { start: 0, count: 1 } : box[axis + lead];
      return { kind: 'range', axis, start, step: 1, count } as const;
    });
    const { traffic } = this.#evaluation;
    const part = localPart(leaf).slice(sliceItems(items, newaxis));
    return alignTo(part, distribution, { comm: this.#evaluation.comm, traffic });
  }
}

/** Reads the slabs of a leaf in turns into two memories. */
class Reader {
  readonly leaf: StoredPart;
  readonly #source: OpenSource;
  readonly #memory: WorkMemory;
  readonly #slots: TypedArray[] = [];
  readonly #slabs: Slab[] = [];
  readonly #pending: (PendingSlab | null)[] = [null, null];

  constructor(leaf: StoredPart, source: OpenSource, size: number, memory: WorkMemory) {
    this.leaf = leaf;
    this.#source = source;
    this.#memory = memory;
    const { readsAhead, dtype } = leaf.source;
    this.#slots.push(memory.take(dtype, size));
    this.#slots.push(readsAhead ? memory.take(dtype, size) : this.#slots[0]);
  }

  start(number: number, box: Box): void {
    const slot = number % 2;
    const { source, view } = this.leaf;
    const slab = slabOf(source, view, box);
    this.#slabs[slot] = slab;
    // Where gaps are read, a smaller block may need more.
    if (slab.size * DTYPES[source.dtype].lanes > this.#slots[slot].length) {
      this.#slots[slot] = this.#memory.take(source.dtype, slab.size);
    }
    this.#pending[slot] = this.#source.start(slab, this.#slots[slot]);
  }

  wait(number: number): void {
    const pending = this.#pending[number % 2];
    this.#pending[number % 2] = null;
    pending?.wait();
  }

  elements(number: number): StridedView {
    const { shape, offset, viewStrides } = this.#slabs[number % 2];
    const data = this.#slots[number % 2] as TypedArrayOf<Dtype>;
    return { data, dtype: this.leaf.dtype, shape, offset, strides: viewStrides };
  }

  /** Waits for what is on its way, and wants none of it. */
  finish(): void {
    for (const number of [0, 1]) {
      try {
        this.wait(number);
      } catch {
        // Nobody will look at these elements.
      }
    }
  }
}

function firstIndices(count: number): BoxAxis {
  return { start: 0, count };
}

function largest(stored: readonly StoredPart[]): StoredPart | undefined {
  const bytes = ({ shape, source }: StoredPart) => sizeOfShape(shape) * source.itemsize;
  return stored.reduce<StoredPart | undefined>(
    (best, each) => (best === undefined || bytes(each) > bytes(best) ? each : best),
    undefined,
  );
}

/** The axes from the one along which elements lie farthest apart in the file to the one along which they lie closest. */
function axesOf(shape: readonly number[], primary: StoredPart | undefined): number[] {
  const inOrder = axesInOrder(shape.length, 'C');
  if (primary === undefined) return inOrder;
  const { source, view } = primary;
  const lead = shape.length - view.shape.length;
  const slow = axesInOrder(source.shape.length, source.order)
    .map((axis) => view.axes[axis].axis)
    .filter((axis) => axis !== null)
    .map((axis) => axis + lead);
  // Axes that the file does not have: what is read for one index is used for all.
  return [...inOrder.filter((axis) => !slow.includes(axis)), ...slow];
}

function granularityOf(shape: readonly number[], primary: StoredPart | undefined): number[] {
  const granularity = shape.map(() => 1);
  if (primary === undefined) return granularity;
  const { source, view } = primary;
  const lead = shape.length - view.shape.length;
  view.axes.forEach(({ axis, step }, stored) => {
    const each = source.granularity[stored];
    if (axis !== null && each % step === 0) granularity[axis + lead] = Math.abs(each / step);
  });
  return granularity;
}
