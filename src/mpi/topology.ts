/** Cartesian process topologies. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { addressOfInts } from './buffer.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  COMM,
  command,
  OUTPUT,
  OUTPUT2,
  RECV_ADDRESS,
  RESULT,
  raw,
  SEND_ADDRESS,
} from './command.ts';
import { type Comm, communicatorKinds, KIND } from './communicator.ts';
import { UNDEFINED } from './environment.ts';
import { commandError } from './errors.ts';
import { NeighborhoodComm, type Neighbors } from './neighborhood.ts';

/** Options of {@link Comm.createCart}. */
export interface CartOptions {
  /** Whether each dimension is closed to a ring. Default: none is. */
  readonly periods?: readonly boolean[];
  /** Whether MPI may give the processes other ranks, nearer to the machine's shape. Default false. */
  readonly reorder?: boolean;
}

/** Neighbours along a dimension; `PROC_NULL` beyond the edge of one that is not periodic. */
export interface CartShift {
  /** Rank whose data arrive here when all send to `dest`. */
  readonly source: number;
  readonly dest: number;
}

/** A communicator with a Cartesian topology. */
export class CartComm extends NeighborhoodComm {
  /** Processes along each dimension. */
  readonly dims: readonly number[];
  /** Whether each dimension is closed to a ring. */
  readonly periods: readonly boolean[];
  private readonly ownCoords: readonly number[];

  /** @internal */
  constructor(handle: number) {
    super(handle);
    const [dims, periods, coords] = cartGet(handle);
    this.dims = dims;
    this.periods = periods.map(Boolean);
    this.ownCoords = coords;
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.dims.length;
  }

  /**
   * Returns where on the grid a rank stands (`MPI_Cart_coords`).
   * @param rank default: this process
   */
  coords(rank?: number): number[] {
    if (rank === undefined) return [...this.ownCoords];
    this.checkRank('rank', rank);
    const coords = new Int32Array(this.ndim);
    command[COMM] = this.handle;
    command[ARGUMENT0] = rank;
    command[ARGUMENT1] = this.ndim;
    command[SEND_ADDRESS] = addressOfInts(coords);
    raw.cartCoords();
    if (command[RESULT] !== 0) throw commandError('MPI_Cart_coords', ARGUMENT0);
    return [...coords];
  }

  /**
   * Returns the rank at some coordinates (`MPI_Cart_rank`).
   * @param coords one a dimension; along periodic dimensions any integer
   */
  rankOf(coords: readonly number[]): number {
    if (!Array.isArray(coords) || coords.length !== this.ndim) {
      throw new ArgumentRangeError('coords', `${this.ndim} coordinates`, coords);
    }
    for (const [d, coord] of coords.entries()) {
      if (this.periods[d]) checkInteger(`coords[${d}]`, coord);
      else checkInteger(`coords[${d}]`, coord, 0, this.dims[d] - 1);
    }
    command[COMM] = this.handle;
    command[SEND_ADDRESS] = addressOfInts(Int32Array.from(coords));
    raw.cartRank();
    if (command[RESULT] !== 0) throw commandError('MPI_Cart_rank');
    return command[OUTPUT];
  }

  /**
   * Returns the partners for a shift along a dimension (`MPI_Cart_shift`), for
   * {@link Comm.sendrecv}.
   * @param displacement steps upwards, or downwards when negative; default 1
   */
  shift(dimension: number, displacement = 1): CartShift {
    checkInteger('dimension', dimension, 0, this.ndim - 1);
    checkInteger('displacement', displacement, -(2 ** 31), 2 ** 31 - 1);
    command[COMM] = this.handle;
    command[ARGUMENT0] = dimension;
    command[ARGUMENT1] = displacement;
    raw.cartShift();
    if (command[RESULT] !== 0) throw commandError('MPI_Cart_shift');
    return { source: command[OUTPUT], dest: command[OUTPUT2] };
  }

  /**
   * Returns the neighbours along each dimension, the one below and the one above in turn; `PROC_NULL`
   * beyond the edges.
   */
  neighbors(): Neighbors {
    const ranks = this.dims.flatMap((_, d) => {
      const { source, dest } = this.shift(d);
      return [source, dest];
    });
    return { sources: ranks, destinations: [...ranks] };
  }

  /**
   * Returns the communicator of this process's line, plane, … of the grid (`MPI_Cart_sub`).
   * @param keep whether each dimension stays
   * @remarks Collective.
   */
  sub(keep: readonly boolean[]): CartComm {
    if (!Array.isArray(keep) || keep.length !== this.ndim) {
      throw new ArgumentRangeError('keep', `${this.ndim} booleans`, keep);
    }
    command[COMM] = this.handle;
    command[SEND_ADDRESS] = addressOfInts(Int32Array.from(keep, Number));
    raw.cartSub();
    if (command[RESULT] !== 0) throw commandError('MPI_Cart_sub');
    return new CartComm(command[OUTPUT]);
  }
}

communicatorKinds.ofHandle[KIND.cart] = (handle) => new CartComm(handle);

communicatorKinds.createCart = (comm, dims, options) => {
  const periods = checkGrid(dims, options?.periods, comm.size);
  command[COMM] = comm.handle;
  command[ARGUMENT0] = dims.length;
  command[ARGUMENT1] = options?.reorder ? 1 : 0;
  command[SEND_ADDRESS] = addressOfInts(Int32Array.from(dims));
  command[RECV_ADDRESS] = addressOfInts(Int32Array.from(periods, Number));
  raw.createCart();
  if (command[RESULT] !== 0) throw commandError('MPI_Cart_create');
  return new CartComm(command[OUTPUT]);
};

/**
 * Returns the rank that MPI would give this process on a grid (`MPI_Cart_map`), null when the grid
 * does not need it.
 * @param dims processes along each dimension
 * @remarks Collective.
 */
export function cartMap(
  comm: Comm,
  dims: readonly number[],
  options?: Pick<CartOptions, 'periods'>,
): number | null {
  const periods = options?.periods ?? dims.map(() => false);
  checkGrid(dims, periods, comm.size);
  command[COMM] = comm.handle;
  command[ARGUMENT0] = dims.length;
  command[SEND_ADDRESS] = addressOfInts(Int32Array.from(dims));
  command[RECV_ADDRESS] = addressOfInts(Int32Array.from(periods, Number));
  raw.cartMap();
  if (command[RESULT] !== 0) throw commandError('MPI_Cart_map');
  const rank = command[OUTPUT];
  // Open MPI 4.1 gives ranks beyond the grid to those that it leaves out.
  return rank === UNDEFINED || rank >= dims.reduce((a, b) => a * b, 1) ? null : rank;
}

/**
 * Returns a balanced grid of processes, larger extents first (`MPI_Dims_create`).
 * @param size number of processes
 * @param dims number of dimensions, or one extent a dimension with 0 where MPI may choose
 * @throws {@link ArgumentRangeError} when the given extents do not divide `size`
 */
export function dimsCreate(size: number, dims: number | readonly number[]): number[] {
  checkInteger('size', size, 1, 2 ** 31 - 1);
  if (typeof dims === 'number') checkInteger('dims', dims, 1, 1000);
  else if (!Array.isArray(dims)) throw new ArgumentTypeError('dims', 'a number or an array', dims);
  else for (const [d, extent] of dims.entries()) checkInteger(`dims[${d}]`, extent);
  const extents = typeof dims === 'number' ? new Int32Array(dims) : Int32Array.from(dims);
  const given = [...extents].filter((extent) => extent !== 0).reduce((a, b) => a * b, 1);
  const open = extents.includes(0);
  if (extents.some((extent) => extent < 0) || (open ? size % given !== 0 : given !== size)) {
    throw new ArgumentRangeError('dims', `extents whose product divides ${size}`, [...extents]);
  }
  command[ARGUMENT0] = size;
  command[ARGUMENT1] = extents.length;
  command[SEND_ADDRESS] = addressOfInts(extents);
  raw.dimsCreate();
  if (command[RESULT] !== 0) throw commandError('MPI_Dims_create', ARGUMENT0);
  return [...extents];
}

/** Checks a grid and returns its periods. */
function checkGrid(
  dims: readonly number[],
  periods: readonly boolean[] | undefined,
  size: number,
): readonly boolean[] {
  if (!Array.isArray(dims)) throw new ArgumentTypeError('dims', 'an array of integers', dims);
  for (const [d, extent] of dims.entries()) checkInteger(`dims[${d}]`, extent, 1, 2 ** 31 - 1);
  const product = dims.reduce((a, b) => a * b, 1);
  if (product > size) {
    throw new ArgumentRangeError('dims', `a grid of at most ${size} processes`, dims);
  }
  if (periods === undefined) return dims.map(() => false);
  if (!Array.isArray(periods) || periods.length !== dims.length) {
    throw new ArgumentRangeError('options.periods', `${dims.length} booleans`, periods);
  }
  return periods;
}

/** Extents, periods (0 or 1) and own coordinates of a Cartesian communicator. */
function cartGet(handle: number): [number[], number[], number[]] {
  if (handle === 0) return [[], [], []];
  command[COMM] = handle;
  raw.cartDimensions();
  if (command[RESULT] !== 0) throw commandError('MPI_Cartdim_get');
  const ndim = command[OUTPUT];
  const out = new Int32Array(3 * ndim);
  command[COMM] = handle;
  command[ARGUMENT0] = ndim;
  command[SEND_ADDRESS] = addressOfInts(out);
  raw.cartGet();
  if (command[RESULT] !== 0) throw commandError('MPI_Cart_get');
  return [0, 1, 2].map((k) => [...out.subarray(k * ndim, (k + 1) * ndim)]) as [
    number[],
    number[],
    number[],
  ];
}
