/** Makes derived datatypes: checks the numbers, hands them over and returns the new handle. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  ARGUMENT2,
  command,
  OUTPUT,
  RECV_ADDRESS,
  RECV_COUNTS,
  RESULT,
  raw,
  SEND_ADDRESS,
  SEND_COUNTS,
  SEND_DISPLS,
  SEND_TYPE,
} from './command.ts';
import { classError, commandError } from './errors.ts';

/** Order of the elements of an array: the last (`C`) or the first index (`F`) varies fastest. */
export interface OrderOptions {
  /** Default `C`. */
  readonly order?: 'C' | 'F';
}

/** How a dimension of an array is distributed ({@link Datatype.darray}). */
export type DarrayDistribution = 'none' | 'block' | 'cyclic';

/** How a datatype was made (`MPI_Type_get_envelope`). */
export interface TypeEnvelope {
  /** Constructor, such as `vector`; `named` for predefined ones, `other` for those of no name here. */
  readonly combiner: string;
  /** Numbers of integers, addresses and datatypes that it was given. */
  readonly integers: number;
  readonly addresses: number;
  readonly datatypes: number;
}

const MAX_INT = 2 ** 31 - 1;

// In the order of native/mpi/datatype.cc.
const combiners = [
  'named',
  'dup',
  'contiguous',
  'vector',
  'hvector',
  'indexed',
  'hindexed',
  'subarray',
  'darray',
  'indexedBlock',
  'struct',
  'resized',
  'hindexedBlock',
  'f90Integer',
  'f90Real',
  'f90Complex',
];
const distributions: readonly string[] = ['none', 'block', 'cyclic'];

/** `name`, `type`: what is made of which handle. `numbers`: up to three integers of the constructor. */
export function makeType(
  name: string,
  action: () => void,
  type: number,
  ...numbers: readonly number[]
): number {
  if (type === 0) throw classError(name, 'MPI_ERR_TYPE', 'the datatype was freed');
  command[SEND_TYPE] = type;
  [ARGUMENT0, ARGUMENT1, ARGUMENT2].forEach((slot, k) => {
    command[slot] = numbers[k] ?? 0;
  });
  action();
  if (command[RESULT] !== 0) throw commandError(name);
  return command[OUTPUT];
}

export function makeContiguous(type: number, count: number): number {
  checkInteger('count', count, 0);
  return makeType('MPI_Type_contiguous', raw.typeContiguous, type, count);
}

/** `bytes`: whether the stride is in bytes. */
export function makeVector(
  type: number,
  count: number,
  blocklength: number,
  stride: number,
  bytes: boolean,
): number {
  checkInt('count', count, 0);
  checkInt('blocklength', blocklength, 0);
  if (!bytes) {
    checkInt('stride', stride, -MAX_INT);
    return makeType('MPI_Type_vector', raw.typeVector, type, count, blocklength, stride);
  }
  checkInteger('stride', stride);
  return makeType('MPI_Type_create_hvector', raw.typeHvector, type, count, blocklength, stride);
}

/** `bytes`: whether the displacements are in bytes. */
export function makeIndexed(
  type: number,
  blocklengths: readonly number[],
  displacements: readonly number[],
  bytes: boolean,
): number {
  const lengths = ints('blocklengths', blocklengths, 0);
  checkLength('displacements', displacements, lengths.length);
  setArray(SEND_COUNTS, lengths);
  if (bytes) {
    const places = addresses('displacements', displacements);
    setArray(SEND_ADDRESS, places);
    return makeType('MPI_Type_create_hindexed', raw.typeHindexed, type, lengths.length);
  }
  const places = ints('displacements', displacements, -MAX_INT);
  setArray(SEND_DISPLS, places);
  return makeType('MPI_Type_indexed', raw.typeIndexed, type, lengths.length);
}

export function makeIndexedBlock(
  type: number,
  blocklength: number,
  displacements: readonly number[],
): number {
  checkInt('blocklength', blocklength, 0);
  const places = ints('displacements', displacements, -MAX_INT);
  setArray(SEND_DISPLS, places);
  const name = 'MPI_Type_create_indexed_block';
  return makeType(name, raw.typeIndexedBlock, type, places.length, blocklength);
}

/** The same with displacements in bytes. */
export function makeHindexedBlock(
  type: number,
  blocklength: number,
  displacements: readonly number[],
): number {
  checkInt('blocklength', blocklength, 0);
  const places = addresses('displacements', displacements);
  setArray(SEND_ADDRESS, places);
  const name = 'MPI_Type_create_hindexed_block';
  return makeType(name, raw.typeHindexedBlock, type, places.length, blocklength);
}

export function makeSubarray(
  type: number,
  sizes: readonly number[],
  subsizes: readonly number[],
  starts: readonly number[],
  options: OrderOptions | undefined,
): number {
  const wholes = ints('sizes', sizes, 1);
  const dims = wholes.length;
  checkLength('subsizes', subsizes, dims);
  checkLength('starts', starts, dims);
  if (dims === 0) throw new ArgumentRangeError('sizes', 'at least one dimension', sizes);
  const numbers = new Int32Array(3 * dims);
  for (let d = 0; d < dims; d++) {
    checkInteger(`subsizes[${d}]`, subsizes[d], 1, sizes[d]);
    checkInteger(`starts[${d}]`, starts[d], 0, sizes[d] - subsizes[d]);
  }
  numbers.set(wholes);
  numbers.set(subsizes, dims);
  numbers.set(starts, 2 * dims);
  setArray(SEND_COUNTS, numbers);
  return makeType('MPI_Type_create_subarray', raw.typeSubarray, type, dims, fortran(options));
}

export function makeDarray(
  type: number,
  size: number,
  rank: number,
  gsizes: readonly number[],
  distribs: readonly DarrayDistribution[],
  dargs: readonly (number | undefined)[],
  psizes: readonly number[],
  options: OrderOptions | undefined,
): number {
  checkInt('size', size, 1);
  checkInteger('rank', rank, 0, size - 1);
  const globals = ints('gsizes', gsizes, 1);
  const dims = globals.length;
  checkLength('distribs', distribs, dims);
  checkLength('dargs', dargs, dims);
  checkLength('psizes', psizes, dims);
  const grid = ints('psizes', psizes, 1);
  if (grid.reduce((a, b) => a * b, 1) !== size) {
    throw new ArgumentRangeError('psizes', `extents whose product is ${size}`, psizes);
  }
  const numbers = new Int32Array(2 + 4 * dims);
  numbers.set([size, rank, ...globals]);
  for (let d = 0; d < dims; d++) {
    const kind = distributions.indexOf(distribs[d]);
    if (kind < 0) {
      throw new ArgumentRangeError(`distribs[${d}]`, "'none', 'block' or 'cyclic'", distribs[d]);
    }
    if (kind === 0 && grid[d] !== 1) {
      throw new ArgumentRangeError(`psizes[${d}]`, '1 where nothing is distributed', grid[d]);
    }
    const argument = dargs[d] ?? 0;
    if (argument !== 0) checkInt(`dargs[${d}]`, argument, 1);
    // The blocks have to hold all of the dimension.
    if (kind === 1 && argument !== 0 && argument * grid[d] < globals[d]) {
      const least = Math.ceil(globals[d] / grid[d]);
      throw new ArgumentRangeError(`dargs[${d}]`, `a block of at least ${least}`, argument);
    }
    numbers[2 + dims + d] = kind;
    numbers[2 + 2 * dims + d] = argument;
  }
  numbers.set(grid, 2 + 3 * dims);
  setArray(SEND_COUNTS, numbers);
  return makeType('MPI_Type_create_darray', raw.typeDarray, type, dims, fortran(options));
}

export function makeStruct(
  blocklengths: readonly number[],
  displacements: readonly number[],
  types: readonly number[],
): number {
  const lengths = ints('blocklengths', blocklengths, 0);
  checkLength('displacements', displacements, lengths.length);
  checkLength('datatypes', types, lengths.length);
  const places = addresses('displacements', displacements);
  const handles = Int32Array.from(types);
  setArray(SEND_COUNTS, lengths);
  setArray(SEND_ADDRESS, places);
  setArray(RECV_COUNTS, handles);
  const name = 'MPI_Type_create_struct';
  if (types.includes(0)) throw classError(name, 'MPI_ERR_TYPE', 'a datatype was freed');
  return makeType(name, raw.typeStruct, -1, lengths.length);
}

export function makeResized(type: number, lb: number, extent: number): number {
  checkInteger('lb', lb);
  checkInteger('extent', extent);
  return makeType('MPI_Type_create_resized', raw.typeResized, type, lb, extent);
}

/** Lower bound, extent, true lower bound, true extent and size, in bytes. */
export function typeExtents(type: number): Float64Array {
  const out = new Float64Array(5);
  setArray(RECV_ADDRESS, out);
  makeType('MPI_Type_get_extent', raw.typeExtents, type);
  return out;
}

export function typeEnvelope(type: number): TypeEnvelope {
  const out = new Float64Array(3);
  setArray(RECV_ADDRESS, out);
  const combiner = combiners[makeType('MPI_Type_get_envelope', raw.typeEnvelope, type)] ?? 'other';
  return { combiner, integers: out[0], addresses: out[1], datatypes: out[2] };
}

/** What a datatype was made of, with the addon's handles; of those that are to be freed negative. */
export interface RawContents {
  readonly combiner: string;
  readonly integers: number[];
  readonly addresses: number[];
  readonly handles: number[];
}

export function typeContents(type: number): RawContents {
  const { combiner, integers, addresses, datatypes } = typeEnvelope(type);
  const name = 'MPI_Type_get_contents';
  if (combiner === 'named') throw classError(name, 'MPI_ERR_TYPE', 'it is a predefined datatype');
  const ints = new Int32Array(integers + 1);
  const places = new Float64Array(addresses + 1);
  const handles = new Int32Array(datatypes + 1);
  setArray(SEND_COUNTS, ints);
  setArray(RECV_ADDRESS, places);
  setArray(RECV_COUNTS, handles);
  makeType(name, raw.typeContents, type, integers, addresses, datatypes);
  return {
    combiner,
    integers: [...ints.subarray(0, integers)],
    addresses: [...places.subarray(0, addresses)],
    handles: [...handles.subarray(0, datatypes)],
  };
}

// What the command block points to must stay in memory until the call.
const pointedTo: Record<number, ArrayBufferView> = {};

function setArray(slot: number, array: ArrayBufferView): void {
  pointedTo[slot] = array;
  command[slot] = raw.addressOf(array);
}

function fortran(options: OrderOptions | undefined): 0 | 1 {
  const order = options?.order ?? 'C';
  if (order !== 'C' && order !== 'F') {
    throw new ArgumentRangeError('options.order', "'C' or 'F'", order);
  }
  return order === 'F' ? 1 : 0;
}

function checkInt(argument: string, value: number, low: number): void {
  checkInteger(argument, value, low, MAX_INT);
}

function checkLength(argument: string, values: readonly unknown[], length: number): void {
  if (!Array.isArray(values)) throw new ArgumentTypeError(argument, 'an array', values);
  if (values.length !== length) {
    throw new ArgumentRangeError(argument, `${length} values`, values);
  }
}

function ints(argument: string, values: readonly number[], low: number): Int32Array {
  if (!Array.isArray(values)) throw new ArgumentTypeError(argument, 'an array', values);
  for (const [k, value] of values.entries()) checkInt(`${argument}[${k}]`, value, low);
  return Int32Array.from(values);
}

function addresses(argument: string, values: readonly number[]): Float64Array {
  if (!Array.isArray(values)) throw new ArgumentTypeError(argument, 'an array', values);
  for (const [k, value] of values.entries()) checkInteger(`${argument}[${k}]`, value);
  return Float64Array.from(values);
}
