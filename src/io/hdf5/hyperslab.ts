/** Boxes of datasets that one process reads or writes, without the others. */

import { DTYPES, type Dtype, type TypedArray } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import { allocateForResult } from '../../kernels/allocation.ts';
import { type Connection, raw } from './connection.ts';
import { checkDataset } from './objects.ts';
import { checkParallelWrite } from './parallelWrites.ts';
import { checkTransfer, storedDtype, type TransferMode } from './transfer.ts';

/** A box of a dataset, an entry for each axis. */
export interface Hyperslab {
  /** First index. */
  readonly start: readonly number[];
  /** Number of indices. */
  readonly count: readonly number[];
  /** From one index to the next; default 1. */
  readonly stride?: readonly number[];
}

/** Reads a box; see `Dataset.readHyperslab`. */
export function readHyperslab(
  connection: Connection,
  path: string,
  slab: Hyperslab,
  options: { readonly transfer?: TransferMode; readonly out?: TypedArray },
): TypedArray {
  checkTransfer(options.transfer);
  return connection.ask(path, (file) => {
    const { dtype, elements, selection, info } = prepare(connection, file, path, slab);
    const memory = options.out ?? allocateForResult(dtype, elements);
    checkMemory(memory, dtype, elements, 'options.out');
    const collective = options.transfer === 'collective';
    // HDF5 has no place in the file for a dataset without elements.
    if (elements > 0 || collective) {
      raw.readDataset(file, path, memory, dtype, selection, collective && info.isAllocated);
    }
    return memory;
  });
}

/** Writes a box; see `Dataset.writeHyperslab`. */
export function writeHyperslab(
  connection: Connection,
  path: string,
  slab: Hyperslab,
  memory: TypedArray,
  options: { readonly transfer?: TransferMode },
): void {
  checkTransfer(options.transfer);
  connection.checkWritable();
  connection.ask(path, (file) => {
    const { dtype, elements, selection, info } = prepare(connection, file, path, slab);
    checkMemory(memory, dtype, elements, 'elements');
    const collective = options.transfer === 'collective';
    if (info.filters > 0 && !collective) {
      const expected = "'collective' for a dataset with filters";
      throw new ArgumentRangeError('options.transfer', expected, options.transfer);
    }
    checkParallelWrite(connection, path, info);
    if (elements > 0 || collective) {
      raw.writeDataset(file, path, memory, dtype, selection, collective);
    }
  });
}

function prepare(connection: Connection, file: number, path: string, slab: Hyperslab) {
  if (typeof slab !== 'object' || slab === null) {
    throw new ArgumentTypeError('slab', '{ start, count }', slab);
  }
  checkDataset(connection, file, path);
  const info = raw.describeDataset(file, path);
  const dtype = storedDtype(connection, path, info);
  const { shape } = info;
  const { start, count, stride = shape.map(() => 1) } = slab;
  for (const [name, list] of Object.entries({ start, count, stride })) {
    if (!Array.isArray(list) || list.length !== shape.length) {
      throw new ArgumentTypeError(`slab.${name}`, `${shape.length} numbers`, list);
    }
  }
  const selection = shape.map((extent, axis) => {
    checkInteger(`slab.start[${axis}]`, start[axis], 0, extent);
    checkInteger(`slab.stride[${axis}]`, stride[axis], 1);
    const most = Math.ceil((extent - start[axis]) / stride[axis]);
    checkInteger(`slab.count[${axis}]`, count[axis], 0, most);
    if (count[axis] === 0) return new Float64Array(0);
    return stride[axis] === 1
      ? Float64Array.of(start[axis], count[axis], 1, count[axis])
      : Float64Array.of(start[axis], stride[axis], count[axis], 1);
  });
  const elements = count.reduce((product, extent) => product * extent, 1);
  return { dtype, elements, selection, info };
}

function checkMemory(memory: TypedArray, dtype: Dtype, elements: number, argument: string): void {
  const { arrayType, lanes } = DTYPES[dtype];
  if (!(memory instanceof arrayType)) {
    throw new ArgumentTypeError(argument, `a ${arrayType.name}, for ${dtype}`, memory);
  }
  if (memory.length >= elements * lanes) return;
  throw new ArgumentRangeError(argument, `at least ${elements * lanes} numbers`, memory.length);
}
