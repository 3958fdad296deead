/** Indexing with arrays of integers and booleans. @remarks All is collective. */
import type { Dtype } from '../dtype/dtype.ts';
import { isScalar } from '../dtype/scalar.ts';
import { ArgumentTypeError } from '../errors.ts';
import { isArrayInput, readArrayInput } from '../local/arrayInput.ts';
import type { SliceItem } from '../maps/sliceSpec.ts';
import { getIndexedOperation } from '../ops/index/getIndexed.ts';
import { type ArrayEntry, type IndexEntry, placeEntries } from '../ops/index/indexPlan.ts';
import { fillByMaskOperation, selectByMaskOperation, selectsInPlace } from '../ops/index/masks.ts';
import { countNonzeroOperation, flatNonzero, flatNonzeroOperation } from '../ops/index/nonzero.ts';
import { type GivenValue, setIndexedOperation } from '../ops/index/setIndexed.ts';
import type { Assigned } from './assign.ts';
import type { DistArray } from './distArray.ts';
import { type IndexItem, isReadArray, type ReadArray, readIndex } from './indexItems.ts';
import { isDistArray, sameContext } from './isDistArray.ts';
import type { ArrayHandle } from './session.ts';

/** Returns the handle of a copy of the elements at an index with arrays in it. */
export function getIndexed(array: DistArray<Dtype>, items: readonly IndexItem[]): ArrayHandle {
  const { session } = array.context;
  const read = readArrays(array, items);
  const mask = wholeMask(array, read);
  if (mask !== null && isDistArray(mask.source) && selectsInPlace(array.distribution)) {
    const { handle } = mask.source;
    const count = session.evaluate(countNonzeroOperation, [handle], null);
    return session.execute(selectByMaskOperation, [array.handle, handle], { count });
  }
  const { entries, handles } = operandsOf(array, read);
  return session.execute(getIndexedOperation, [array.handle, ...handles], { entries });
}

/** Gives the elements at an index with arrays in it values. */
export function setIndexed(
  array: DistArray<Dtype>,
  value: Assigned,
  items: readonly IndexItem[],
): void {
  const { session } = array.context;
  const read = readArrays(array, items);
  const given = readValue(array, value);
  const mask = wholeMask(array, read);
  if (mask !== null && given.params.scalar !== undefined) {
    const known = isDistArray(mask.source) ? null : mask.source;
    const handles = isDistArray(mask.source) ? [mask.source.handle] : [];
    const params = { value: given.params.scalar, mask: known };
    session.evaluate(fillByMaskOperation, [array.handle, ...handles], params);
    return;
  }
  const { entries, handles } = operandsOf(array, read);
  const operands = [array.handle, ...handles, ...given.handles];
  session.evaluate(setIndexedOperation, operands, { entries, value: given.params });
}

/** Returns the flat indices of the elements that are not 0. */
export function flatIndicesOf(array: DistArray<Dtype>): ArrayHandle {
  const { session } = array.context;
  const count = session.evaluate(countNonzeroOperation, [array.handle], null);
  return session.execute(flatNonzeroOperation, [array.handle], { count });
}

/** Returns an array of an index as an entry, and its handle where it is distributed. */
export function integerEntry(
  { source }: ReadArray,
  options: Partial<ArrayEntry>,
): { readonly entry: ArrayEntry; readonly handles: readonly ArrayHandle[] } {
  const plain: ArrayEntry = { view: null, axes: 1, mode: 'raise', mask: null };
  if (isDistArray(source)) return { entry: { ...plain, ...options }, handles: [source.handle] };
  return { entry: { ...plain, view: source, ...options }, handles: [] };
}

function readArrays(
  array: DistArray<Dtype>,
  items: readonly IndexItem[],
): readonly (SliceItem | ReadArray)[] {
  const read = readIndex(array, items);
  if (!read.some(isReadArray)) {
    const expected = 'integers only, or an array among the entries (slice() makes views)';
    throw new ArgumentTypeError('index', expected, items);
  }
  return read;
}

/** The mask of an index that is one of the array's whole shape; null for other indices. */
function wholeMask(
  { shape }: DistArray<Dtype>,
  read: readonly (SliceItem | ReadArray)[],
): ReadArray | null {
  const [only] = read;
  if (read.length !== 1 || !isReadArray(only) || !only.isMask) return null;
  return String(only.shape) === String(shape) && shape.length > 0 ? only : null;
}

/** The entries as operations take them: masks as the flat indices of what is true. */
function operandsOf(
  array: DistArray<Dtype>,
  read: readonly (SliceItem | ReadArray)[],
): { readonly entries: readonly IndexEntry[]; readonly handles: readonly ArrayHandle[] } {
  const shapes = read.map((entry): IndexEntry => {
    if (!isReadArray(entry)) return entry;
    const { isMask, shape } = entry;
    const mask = isMask ? shape : null;
    return { view: null, axes: isMask ? shape.length : 1, mode: 'raise', mask };
  });
  // What is wrong with masks is said before their elements are counted.
  placeEntries(array.shape, shapes);
  const handles: ArrayHandle[] = [];
  const entries = read.map((entry, k): IndexEntry => {
    const known = shapes[k];
    if (!isReadArray(entry)) return known;
    const { source, isMask } = entry;
    if (!isDistArray(source)) {
      return { ...(known as ArrayEntry), view: isMask ? flatNonzero(source) : source };
    }
    handles.push(isMask ? flatIndicesOf(source) : source.handle);
    return known;
  });
  return { entries, handles };
}

function readValue(
  array: DistArray<Dtype>,
  value: Assigned,
): { readonly params: GivenValue; readonly handles: readonly ArrayHandle[] } {
  if (isScalar(value)) return { params: { scalar: value }, handles: [] };
  if (isDistArray(value)) {
    sameContext(array, value);
    return { params: {}, handles: [value.handle] };
  }
  if (isArrayInput(value)) {
    return { params: { view: readArrayInput(value, undefined, 'value') }, handles: [] };
  }
  throw new ArgumentTypeError('value', 'a number, data of an array, or a DistArray', value);
}
