/** Arrays with another shape. */
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { viewOf } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { checkShape, showShape, sizeOfShape } from '../../maps/shape.ts';
import { newArray } from '../newArray.ts';
import { type ArrayMeta, arrayOperation } from '../operation.ts';
import { redistribute } from '../redistribute/redistribute.ts';
import { regrouped } from './regroup.ts';

/** What {@link reshapeOperation} takes. */
export interface ReshapeParams {
  readonly shape: readonly number[];
  /** Of the result; null for the one that moves least, see {@link reshapedDistribution}. */
  readonly distribution: Distribution | null;
  /** Whether the result must not share memory with the array. */
  readonly copy: boolean;
}

/**
 * The elements, in C order, as an array of another shape (`numpy.reshape`).
 *
 * Where every process keeps its elements in their order, nothing is sent, and the result shares memory with an
 * array that is no view itself. Otherwise elements keep their flat index and travel.
 */
export const reshapeOperation = arrayOperation<ReshapeParams>('reshape', {
  infer: inferReshape,
  run: ([array], params, { comm, traffic }) => {
    const { dtype, distribution } = inferReshape([array], params);
    const stays = params.distribution === null && staysInPlace(array.distribution, distribution);
    if (!stays) return redistribute(array, distribution, { traffic });
    // All processes share or none: views may lie in C order on some processes only.
    const shares = !params.copy && array.base === null && !isPadded(array.distribution);
    if (shares) {
      const data = array.toContiguous();
      array.handOut();
      return new LocalArray(distribution, { dtype, comm, data });
    }
    const result = newArray(distribution, { dtype, comm, zeroed: false });
    if (result.localSize === 0) return result;
    return result.assignView(viewOf(array.toContiguous(), dtype, result.localShape));
  },
});

/**
 * Returns a shape without a -1 in it, which stands for what the number of elements tells.
 *
 * @param size - number of elements
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for a shape of another number of elements
 */
export function resolveShape(wanted: unknown, size: number): readonly number[] {
  const given = typeof wanted === 'number' ? [wanted] : wanted;
  if (!Array.isArray(given)) {
    throw new ArgumentTypeError('shape', 'an array of integers, one of which may be -1', wanted);
  }
  const unknown = given.filter((extent) => extent === -1).length;
  if (unknown > 1) throw new ArgumentRangeError('shape', 'one -1 at most', given);
  const others = checkShape(given.filter((extent) => extent !== -1));
  const known = sizeOfShape(others);
  const rest = unknown === 1 && known > 0 ? size / known : 1;
  const shape = given.map((extent) => (extent === -1 ? rest : extent));
  const fits = Number.isInteger(rest) && sizeOfShape(shape) === size && !(unknown && known === 0);
  if (fits) return checkShape(shape);
  const expected = `a shape of ${size} elements (cannot reshape array of size ${size} into shape ${showShape(given)})`;
  throw new ArgumentRangeError('shape', expected, given);
}

/**
 * Returns the distribution that an array gets with another shape where none is asked for. Pure.
 *
 * - Where dimensions that are distributed stay as they are, and only others are split or joined, all maps stay.
 * - Otherwise the default one, blocks along the first dimension, on the same targets.
 */
export function reshapedDistribution(from: Distribution, shape: readonly number[]): Distribution {
  // A dimension that a small grid happens not to divide counts as distributed: results are to lie alike at all sizes.
  const kept = regrouped(from, shape, (map) => map.dist === 'n');
  return kept ?? Distribution.fromShape(shape, { targets: from.targets });
}

function inferReshape(
  [{ dtype, distribution: from }]: readonly ArrayMeta[],
  { shape, distribution }: ReshapeParams,
): ArrayMeta {
  const resolved = resolveShape(shape, from.size);
  return { dtype, distribution: distribution ?? reshapedDistribution(from, resolved) };
}

function staysInPlace(from: Distribution, to: Distribution): boolean {
  return regrouped(from, to.shape)?.isCompatible(to) ?? false;
}

function isPadded({ maps }: Distribution): boolean {
  return maps.some((map) => 'isPadded' in map && map.isPadded === true);
}
