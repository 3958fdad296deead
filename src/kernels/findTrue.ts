/** The true elements of local masks. */
import { addressOfArray } from '../mpi/buffer.ts';
import {
  block,
  checkKernel,
  FIND_COUNT,
  FIND_LENGTH,
  FIND_MASK,
  FIND_OUT,
  FIND_START,
  FIND_STEP,
  raw,
} from './block.ts';

/** Returns how many elements of a mask are true. @remarks Local. */
export function countTrue(mask: Uint8Array): number {
  block[FIND_OUT] = 0;
  return search(mask, 0, mask.length);
}

/**
 * Writes `start + k * step` for each true element k of a part of a mask, and returns how many there are.
 *
 * @param begin - of the part; k counts from there
 * @param out - where the first goes; there is room for all
 * @remarks Local.
 */
export function findTrue(
  mask: Uint8Array,
  begin: number,
  length: number,
  start: number,
  step: number,
  out: Float64Array,
  at: number,
): number {
  if (out.length === at) return 0;
  block[FIND_OUT] = addressOfArray(out, 'out') + at * out.BYTES_PER_ELEMENT;
  block[FIND_START] = start;
  block[FIND_STEP] = step;
  return search(mask, begin, length);
}

function search(mask: Uint8Array, begin: number, length: number): number {
  if (length === 0) return 0;
  block[FIND_MASK] = addressOfArray(mask, 'mask') + begin;
  block[FIND_LENGTH] = length;
  raw.findTrue();
  checkKernel('findTrue');
  return block[FIND_COUNT];
}
