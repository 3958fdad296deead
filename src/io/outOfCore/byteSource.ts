/** Arrays whose elements lie in a file one after the other, such as those of .npy files. */
import { closeSync, openSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { DTYPES, type Dtype, type TypedArray } from '../../dtype/dtype.ts';
import type { ByteOrder } from '../../dtype/numpyNames.ts';
import { DistArrayError } from '../../errors.ts';
import { agree } from '../../mpi/agreement.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { registerClass } from '../../mpi/objects/registry.ts';
import { loadNative } from '../../native.ts';
import { bytesOf, normalizeBools, swapBytes } from '../byteOrder.ts';
import type { StorageOrder } from '../slabs.ts';
import type { BlockSource, OpenSource, PendingSlab } from './blockSource.ts';
import type { Slab } from './slab.ts';

const raw = loadNative().files;

/** Where the elements of a {@link ByteSource} lie. */
export interface ByteSourceOptions {
  /** Path of the file. */
  readonly path: string;
  /** Name of the array in errors. */
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly byteOrder: ByteOrder;
  readonly order: StorageOrder;
  /** Bytes before the first element. */
  readonly dataOffset: number;
  /** Code of the error when the file ends early. */
  readonly truncated: string;
}

/**
 * An array whose elements lie in a file one after the other. Each process reads for itself; a thread beside JavaScript's
 * does it, one slab after the other.
 */
export class ByteSource implements BlockSource {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly order: StorageOrder;
  readonly itemsize: number;
  readonly readsGaps = true;
  readonly readsAhead = true;
  readonly overhead = 0;
  readonly granularity: readonly number[];
  readonly options: ByteSourceOptions;

  constructor(options: ByteSourceOptions) {
    this.options = options;
    this.name = options.name;
    this.dtype = options.dtype;
    this.shape = options.shape;
    this.order = options.order;
    this.itemsize = DTYPES[options.dtype].itemsize;
    this.granularity = options.shape.map(() => 1);
  }

  open(comm: Comm): OpenSource {
    const descriptor = openedEverywhere(comm, this.options.path);
    return new OpenBytes(this.options, descriptor);
  }
}

// A program that is elsewhere has it, too, to say what is to be read.
registerClass(ByteSource, {
  name: 'distarray.ByteSource',
  serialize: ({ options }) => options,
  deserialize: (options: ByteSourceOptions) => new ByteSource(options),
});

/** Opens a file for reading on all processes, or on none. */
function openedEverywhere(comm: Comm, path: string): number {
  let descriptor: number | undefined;
  try {
    agree(comm, () => {
      descriptor = openSync(path, 'r');
    });
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw error;
  }
  return descriptor as number;
}

/** What is on its way: the memory must not be collected, also when nobody waits. */
const onTheirWay = new Set<PendingSlab>();

class OpenBytes implements OpenSource {
  readonly #options: ByteSourceOptions;
  readonly #descriptor: number;

  constructor(options: ByteSourceOptions, descriptor: number) {
    this.#options = options;
    this.#descriptor = descriptor;
  }

  start(slab: Slab, elements: ArrayBufferView): PendingSlab {
    const { dtype, dataOffset } = this.#options;
    const { itemsize } = DTYPES[dtype];
    if (slab.size === 0) return { wait: () => {} };
    const reading = raw.startReading(
      this.#descriptor,
      elements,
      dataOffset + slab.first * itemsize,
      slab.run * itemsize,
      slab.counts,
      slab.strides.map((stride) => stride * itemsize),
    );
    const pending = {
      wait: () => {
        onTheirWay.delete(pending);
        const told = raw.finishReading(reading);
        const bytes = slab.size * itemsize;
        if (told !== bytes) throw this.#failure(told, bytes);
        this.#convert(elements, slab.size);
      },
      elements,
    };
    onTheirWay.add(pending);
    return pending;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Makes what was read elements as the memory has them. */
  #convert(elements: ArrayBufferView, size: number): void {
    const { dtype, byteOrder } = this.#options;
    if (byteOrder !== 'big' && dtype !== 'bool') return;
    const { itemsize, lanes } = DTYPES[dtype];
    if (byteOrder === 'big') swapBytes(bytesOf(elements).subarray(0, size * itemsize), dtype);
    normalizeBools((elements as TypedArray).subarray(0, size * lanes) as never, dtype);
  }

  #failure(told: number, bytes: number): DistArrayError {
    const { name, truncated } = this.#options;
    if (told < 0) {
      const code = getSystemErrorName(told);
      return new DistArrayError(code, `'${name}' cannot be read: ${code}`);
    }
    const message = `'${name}' ends early: of ${bytes} bytes that were read there are ${told}`;
    return new DistArrayError(truncated, message);
  }
}
