/** Entries of indices, as programs write them. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { isScalar } from '../dtype/scalar.ts';
import { ArgumentTypeError } from '../errors.ts';
import type { StridedView } from '../kernels/stridedView.ts';
import { type ArrayInput, readArrayInput } from '../local/arrayInput.ts';
import { ellipsis, newaxis, parseSlice, type SliceItem } from '../maps/sliceSpec.ts';
import type { DistArray } from './distArray.ts';
import { isDistArray, sameContext } from './isDistArray.ts';

/** Integers or booleans as an index: an array of any distribution, or data that every process has. */
export type IndexArray = DistArray<Dtype> | ArrayInput;

/**
 * An entry of an index: an integer, a range, `null` (all), `'...'`, `newaxis`, text between NumPy's brackets such as
 * `'1:-1'`, or an array of integers or booleans; a boolean alone is one without dimensions.
 */
export type IndexItem = SliceItem | string | boolean | IndexArray;

/** An array among the entries of an index. */
export interface ReadArray {
  /** The array, or what every process has; its dtype tells integers from booleans. */
  readonly source: DistArray<Dtype> | StridedView;
  readonly shape: readonly number[];
  readonly isMask: boolean;
}

/** Whether an entry that has been read is an array. */
export function isReadArray(entry: SliceItem | ReadArray): entry is ReadArray {
  return typeof entry === 'object' && entry !== null && 'source' in entry;
}

/**
 * Reads the entries of an index of an array.
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError}, {@link ContextError}
 */
export function readIndex(
  array: DistArray<Dtype>,
  items: readonly IndexItem[],
): (SliceItem | ReadArray)[] {
  return items.flatMap((item, k): readonly (SliceItem | ReadArray)[] => {
    const argument = `index[${k}]`;
    // A boolean is a mask without dimensions.
    if (isIndexArray(item) || typeof item === 'boolean') {
      return [readIndexArray(array, item, argument)];
    }
    if (typeof item === 'string') return parseSlice(item, argument);
    const isEntry = typeof item === 'number' || typeof item === 'object' || item === newaxis;
    if (isEntry && !isScalarObject(item)) return [item];
    const expected = `an integer, { start, stop, step }, null, '${ellipsis}', newaxis or an array`;
    throw new ArgumentTypeError(argument, expected, item);
  });
}

/** Reads an array of integers or booleans. */
export function readIndexArray(
  array: DistArray<Dtype>,
  value: unknown,
  argument: string,
): ReadArray {
  if (isDistArray(value)) {
    sameContext(array, value);
    checkKind(value.dtype, argument);
    return { source: value, shape: value.shape, isMask: value.dtype === 'bool' };
  }
  const view = readArrayInput(value, undefined, argument);
  // Numbers in nested arrays are float64.
  if (Array.isArray(value) || isScalar(value)) checkIntegers(view, argument);
  else checkKind(view.dtype, argument);
  return { source: view, shape: view.shape, isMask: view.dtype === 'bool' };
}

function isIndexArray(item: unknown): item is IndexArray {
  if (isDistArray(item) || Array.isArray(item) || ArrayBuffer.isView(item)) return true;
  return typeof item === 'object' && item !== null && 'data' in item && 'shape' in item;
}

function isScalarObject(item: unknown): boolean {
  return typeof item === 'object' && isScalar(item);
}

function checkKind(dtype: Dtype, argument: string): void {
  const { kind } = DTYPES[dtype];
  if (kind === 'int' || kind === 'uint' || kind === 'bool') return;
  throw new ArgumentTypeError(argument, 'an array of integers or booleans', dtype);
}

function checkIntegers({ data, dtype }: StridedView, argument: string): void {
  if (dtype !== 'float64') {
    checkKind(dtype, argument);
    return;
  }
  for (let k = 0; k < data.length; k++) {
    if (Number.isInteger(data[k])) continue;
    throw new ArgumentTypeError(argument, 'an array of integers or booleans', data[k]);
  }
}
