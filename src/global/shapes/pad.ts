/** Arrays with margins. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { isScalar, type Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import { showShape } from '../../maps/shape.ts';
import { concatenateOperation } from '../../ops/shape/join.ts';
import { type PadMode, padOperation } from '../../ops/shape/pad.ts';
import type { DistArray } from '../distArray.ts';
import { rint } from '../elementwise/functions.ts';
import { max, mean, min } from '../reductions.ts';
import { checkArray, checked, combined, derived } from './call.ts';
import { PAD_OPTIONS } from './optionNames.ts';
import { broadcastTo } from './reshape.ts';
import type { PadOptions, PerEdge, StatisticMode } from './types.ts';

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
  if (!MODES.includes(mode as PadMode) && !isStatistic(mode)) {
    const known = [...MODES, ...Object.keys(STATISTICS)].join(', ');
    throw new ArgumentRangeError('options.mode', `one of ${known}`, mode);
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
  if (isStatistic(mode)) return withStatistics(array, widths, mode);
  return derived(array, padOperation, { widths, mode, constants });
}

const STATISTICS = { maximum: max, minimum: min, mean } as const;

function isStatistic(mode: PadMode | StatisticMode): mode is StatisticMode {
  return Object.hasOwn(STATISTICS, mode);
}

/** Margins axis by axis, each of the elements along the axis that are there before. */
function withStatistics<D extends Dtype>(
  array: DistArray<D>,
  widths: readonly (readonly [before: number, after: number])[],
  mode: StatisticMode,
): DistArray<D> {
  const empty = array.shape.findIndex(
    (extent, axis) => extent === 0 && Math.max(...widths[axis]) > 0,
  );
  if (empty >= 0) {
    const expected = `'constant' or 'empty', since axis ${empty} of ${showShape(array.shape)} is empty`;
    throw new ArgumentRangeError('options.mode', expected, mode);
  }
  const { dtype } = array;
  const isInteger = ['int', 'uint'].includes(DTYPES[dtype].kind);
  let result = array;
  widths.forEach(([before, after], axis) => {
    if (before + after === 0) return;
    const exact: DistArray<Dtype> = STATISTICS[mode](result, { axis, keepdims: true });
    // Means of integers are rounded, as NumPy's.
    const value = (isInteger && mode === 'mean' ? rint(exact) : exact).astype(dtype);
    const margin = (width: number) =>
      width === 0 ? [] : [broadcastTo(value, result.shape.with(axis, width))];
    const pieces = [...margin(before), result, ...margin(after)];
    result = combined(pieces, concatenateOperation, { axis, like: before > 0 ? 1 : 0 });
  });
  return result === array ? array.copy() : result;
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
