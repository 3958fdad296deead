/** Blocks of an exchange that each have a datatype of their own (`MPI_Alltoallw`). */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { addressOfInts, type BufferLike, elementSize, memoryOf } from './buffer.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  command,
  RECV_COUNTS,
  RECV_DISPLS,
  raw,
  SEND_COUNTS,
  SEND_DISPLS,
} from './command.ts';
import { keepWithCounts } from './counts.ts';
import { Datatype } from './datatype.ts';
import { checkPart } from './layout.ts';

/** The blocks of one side, by partner. */
export interface TypedBlocks {
  readonly types: readonly Datatype[];
  readonly counts: ArrayLike<number>;
  /** Where each begins, in bytes. Default: one after the other. */
  readonly displs: ArrayLike<number> | undefined;
}

/**
 * Puts the counts, displacements and datatypes of the blocks into the command block.
 * @param available elements in `buffer`, which was put there already
 * @param size number of blocks
 * @param wide whether displacements are `MPI_Aint`s
 * @param prefix of the options in errors, `options.send` or `options.recv`
 */
export function setTypedBlocks(
  side: 'send' | 'recv',
  buffer: BufferLike,
  available: number,
  size: number,
  blocks: Partial<TypedBlocks>,
  wide: boolean,
): void {
  const option = (name: string) => `options.${side}${name}`;
  const { types, counts, displs } = blocks;
  if (!Array.isArray(types) || types.length !== size) {
    throw new ArgumentRangeError(option('Types'), `${size} datatypes, one a block`, types);
  }
  if (counts === undefined || counts.length !== size) {
    throw new ArgumentRangeError(option('Counts'), `${size} counts, one a block`, counts);
  }
  if (displs !== undefined && displs.length !== size) {
    throw new ArgumentRangeError(option('Displs'), `${size} displacements, one a block`, displs);
  }
  const bytes = Math.min(available * elementSize(buffer), memoryOf(buffer).byteLength);
  const handles = new BigInt64Array(size);
  const lengths = new Int32Array(size);
  const begins = wide ? new BigInt64Array(size) : new Int32Array(size);
  let next = 0;
  for (let k = 0; k < size; k++) {
    const type: unknown = types[k];
    if (!(type instanceof Datatype)) {
      throw new ArgumentTypeError(`${option('Types')}[${k}]`, 'an MPI.Datatype', type);
    }
    const displ = displs === undefined ? next : displs[k];
    checkInteger(`${option('Counts')}[${k}]`, counts[k], 0, 2 ** 31 - 1);
    checkInteger(
      `${option('Displs')}[${k}]`,
      displ,
      0,
      wide ? Number.MAX_SAFE_INTEGER : 2 ** 31 - 1,
    );
    checkPart(`${side}buf`, bytes, displ, type, counts[k]);
    next = displ + counts[k] * type.extent;
    handles[k] = BigInt(type.handle);
    lengths[k] = counts[k];
    if (begins instanceof BigInt64Array) begins[k] = BigInt(displ);
    else begins[k] = displ;
  }
  keepWithCounts([handles, lengths, begins], side);
  command[side === 'send' ? SEND_COUNTS : RECV_COUNTS] = addressOfInts(lengths);
  command[side === 'send' ? SEND_DISPLS : RECV_DISPLS] = raw.addressOf(begins);
  command[side === 'send' ? ARGUMENT0 : ARGUMENT1] = raw.addressOf(handles);
}
