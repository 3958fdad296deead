/** Random numbers in local strided views: Philox4x64-10 by global index. */
import { addressOfArray } from '../mpi/buffer.ts';
import * as kernelBlock from './block.ts';
import { type StridedView, writeShape, writeView } from './stridedView.ts';

const { block, checkKernel, CONSTANTS, DIMENSIONS, OPERANDS, OPERATION, raw, SHAPE } = kernelBlock;

/** Distributions of the kernels (`native/kernels/distributions.cc`). */
export type DistributionName =
  | 'uniform'
  | 'uniform24'
  | 'normal'
  | 'lognormal'
  | 'exponential'
  | 'integers'
  | 'gamma'
  | 'beta'
  | 'poisson'
  | 'permutation';

const names = raw.distributions() as readonly DistributionName[];
const words = new BigUint64Array(block.buffer, block.byteOffset + 8 * CONSTANTS, 8);

/** Global indices of the elements along an axis (see `src/ops/axisPlaces.ts`). */
export interface AxisIndices {
  readonly table: Float64Array | null;
  readonly start?: number;
  readonly blockSize?: number;
  readonly stride?: number;
}

/** What a distribution needs to know. */
export interface RandomParameters {
  /** Two words of 64 bits. */
  readonly key: readonly [bigint, bigint];
  /** Number of the draw of the array's first element. */
  readonly offset: number;
  /** Two numbers, whose meaning the distribution has. */
  readonly numbers?: readonly [number, number];
  /** Two integers of 64 bits. */
  readonly integers?: readonly [bigint, bigint];
}

/**
 * Gives each element of a view the value that the distribution makes of its draw, whose number is
 * `offset` plus the element's number in the whole array, in C order.
 *
 * @param axes - the elements' global indices along each axis
 * @param shape - of the whole array
 */
export function fillRandom(
  view: StridedView,
  name: DistributionName,
  axes: readonly AxisIndices[],
  shape: readonly number[],
  { key, offset, numbers = [0, 0], integers = [0n, 0n] }: RandomParameters,
): void {
  const ndim = view.shape.length;
  const slot = writeView(view, view.shape, writeShape(view.shape, SHAPE), 'view');
  let factor = 1;
  for (let axis = ndim - 1; axis >= 0; axis--) {
    const { table, start = 0, blockSize = 1, stride = 1 } = axes[axis];
    const at = slot + 5 * axis;
    block[at] = table === null || table.length === 0 ? 0 : addressOfArray(table, 'axes');
    block[at + 1] = start;
    block[at + 2] = blockSize;
    block[at + 3] = stride;
    block[at + 4] = factor;
    factor *= shape[axis];
  }

  words[0] = key[0];
  words[1] = key[1];
  block[CONSTANTS + 2] = offset;
  block[CONSTANTS + 3] = numbers[0];
  block[CONSTANTS + 4] = numbers[1];
  words[5] = integers[0];
  words[6] = integers[1];
  block[OPERATION] = names.indexOf(name);
  block[DIMENSIONS] = ndim;
  block[OPERANDS] = 1;
  raw.random();
  checkKernel(name);
}
