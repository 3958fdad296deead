/** Arrays with margins. */
import type { Dtype } from '../../dtype/dtype.ts';
import { isScalar, type Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import { type PadMode, padOperation } from '../../ops/shape/pad.ts';
import type { DistArray } from '../distArray.ts';
import { checkArray, checked, derived } from './call.ts';
import {
  STATISTIC_MODES,
  withOddReflections,
  withRamps,
  withStatistics,
} from './computedMargins.ts';
import { PAD_OPTIONS } from './optionNames.ts';
import type { PadOptions, PerEdge, StatisticMode } from './types.ts';

const MODES: readonly NonNullable<PadOptions['mode']>[] = [
  'constant',
  'edge',
  'empty',
  'reflect',
  'symmetric',
  'wrap',
  'linearRamp',
  ...STATISTIC_MODES,
];

/** The modes that each of the other options is for. */
const MODES_OF: Readonly<Record<Exclude<keyof PadOptions, 'mode'>, readonly string[]>> = {
  constantValues: ['constant'],
  endValues: ['linearRamp'],
  statLength: STATISTIC_MODES,
  reflectType: ['reflect', 'symmetric'],
};

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
  const given = checked(options, PAD_OPTIONS, "{ mode: 'edge' }");
  const { mode = 'constant', constantValues = 0, endValues = 0, reflectType = 'even' } = given;
  const { statLength } = given;
  if (!MODES.includes(mode)) {
    throw new ArgumentRangeError('options.mode', `one of ${MODES.join(', ')}`, mode);
  }
  for (const [name, modes] of Object.entries(MODES_OF)) {
    const isGiven = given[name as keyof PadOptions] !== undefined;
    if (!isGiven || modes.includes(mode)) continue;
    throw new ArgumentRangeError('options.mode', `${modes.join(', ')} with ${name}`, mode);
  }
  const { ndim } = array;
  const widths = perEdge(padWidth, ndim, 'padWidth', (value, name) => {
    checkInteger(name, value, 0);
  });
  const constants = perEdge<Scalar>(constantValues, ndim, 'options.constantValues', checkNumber);
  const ends = perEdge<Scalar>(endValues, ndim, 'options.endValues', checkNumber);
  const lengths = perEdge<number | null>(
    statLength ?? null,
    ndim,
    'options.statLength',
    (value, name) => {
      if (value !== null) checkInteger(name, value, 1);
    },
  );
  if (reflectType !== 'even' && reflectType !== 'odd') {
    throw new ArgumentRangeError('options.reflectType', "'even' or 'odd'", reflectType);
  }
  if (isStatistic(mode)) return withStatistics(array, widths, mode, lengths);
  if (mode === 'linearRamp') return withRamps(array, widths, ends);
  if (reflectType === 'odd') {
    return withOddReflections(array, widths, mode as 'reflect' | 'symmetric');
  }
  return derived(array, padOperation, { widths, mode: mode as PadMode, constants });
}

function isStatistic(mode: string): mode is StatisticMode {
  return (STATISTIC_MODES as readonly string[]).includes(mode);
}

function checkNumber(value: unknown, name: string): void {
  if (!isScalar(value)) throw new ArgumentTypeError(name, 'a number', value);
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
