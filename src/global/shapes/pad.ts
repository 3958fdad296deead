/** Arrays with margins. */
import type { Dtype } from '../../dtype/dtype.ts';
import { isScalar, type Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import { type PadMode, padOperation } from '../../ops/shape/pad.ts';
import type { DistArray } from '../distArray.ts';
import { checkArray, checked, derived } from './call.ts';
import { PAD_OPTIONS } from './optionNames.ts';
import type { PadOptions, PerEdge } from './types.ts';

const MODES: readonly PadMode[] = ['constant', 'edge', 'empty', 'reflect', 'symmetric', 'wrap'];

/**
 * Returns an array with margins (`numpy.pad`), distributed like it.
 *
 * @param padWidth - by how many elements it is longer: one number for all edges, `[before, after]` for all axes, or
 * such a pair (or `[both]`) for each axis
 * @remarks Collective. Elements go straight to where they belong.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function pad<D extends Dtype>(
  array: DistArray<D>,
  padWidth: PerEdge<number>,
  options?: PadOptions,
): DistArray<D> {
  checkArray(array);
  const { mode = 'constant', constantValues = 0 } = checked(
    options,
    PAD_OPTIONS,
    "{ mode: 'edge' }",
  );
  if (!MODES.includes(mode)) {
    throw new ArgumentRangeError('options.mode', `one of ${MODES.join(', ')}`, mode);
  }
  const widths = perEdge(padWidth, array.ndim, 'padWidth', (value, name) => {
    checkInteger(name, value, 0);
  });
  const constants = perEdge<Scalar>(
    constantValues,
    array.ndim,
    'options.constantValues',
    (value, name) => {
      if (!isScalar(value)) throw new ArgumentTypeError(name, 'a number', value);
    },
  );
  return derived(array, padOperation, { widths, mode, constants });
}

/** What holds for each edge: [before, after] by axis. */
function perEdge<T>(
  given: PerEdge<T>,
  ndim: number,
  argument: string,
  check: (value: unknown, name: string) => void,
): (readonly [T, T])[] {
  const pairOf = (entry: unknown, name: string): readonly [T, T] => {
    const values = Array.isArray(entry) ? entry : [entry];
    if (values.length !== 1 && values.length !== 2) {
      throw new ArgumentRangeError(name, 'one value, or [before, after]', entry);
    }
    values.forEach((value, k) => {
      check(value, values.length === 1 ? name : `${name}[${k}]`);
    });
    return [values[0], values[values.length - 1]];
  };
  const perAxis = Array.isArray(given) && given.some(Array.isArray);
  const entries: readonly unknown[] = perAxis ? (given as readonly unknown[]) : [given];
  if (entries.length !== 1 && entries.length !== ndim) {
    throw new ArgumentRangeError(argument, `one entry, or one for each of ${ndim} axes`, given);
  }
  const pairs = entries.map((entry, k) => pairOf(entry, perAxis ? `${argument}[${k}]` : argument));
  return Array.from({ length: ndim }, (_, axis) => pairs[entries.length === 1 ? 0 : axis]);
}
