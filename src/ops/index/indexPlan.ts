/** What an index with arrays in it means for an array of a known shape: NumPy's rules, from metadata alone. */
import { ArgumentRangeError } from '../../errors.ts';
import {
  broadcastShapes,
  type StridedView,
  sizeOfShape,
  viewOf,
} from '../../kernels/stridedView.ts';
import { resolveSlice } from '../../maps/resolveSlice.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import { ellipsis, newaxis, type SliceItem } from '../../maps/sliceSpec.ts';

/** What is done with indices out of range: an error, counted around, or moved to the nearest end. */
export type IndexMode = 'raise' | 'wrap' | 'clip';

/** An array of integers among the entries of an index. */
export interface ArrayEntry {
  /** The integers, where every process has them; null for those of the next array operand. */
  readonly view: StridedView | null;
  /** Number of axes that each integer goes through: 1, or more where it counts their elements in C order. */
  readonly axes: number;
  readonly mode: IndexMode;
  /** Shape of the mask whose true elements these are; null for integers that were given. */
  readonly mask: readonly number[] | null;
}

/** An entry of an index: of a basic slice, or an array. */
export type IndexEntry = SliceItem | ArrayEntry;

/** Whether an entry is an array. */
export function isArrayEntry(entry: IndexEntry): entry is ArrayEntry {
  return typeof entry === 'object' && entry !== null && 'view' in entry;
}

/** An array of indices, and the axes that it goes through. */
export interface IndexComponent {
  readonly entry: ArrayEntry;
  /** Its place among the array operands; −1 where every process has the integers. */
  readonly operand: number;
  /** Of the indexed array; the first, where it goes through several. */
  readonly axis: number;
  /** Number of different indices. */
  readonly extent: number;
}

/** What an index comes to. */
export interface IndexPlan {
  /** The basic slice that is left when the arrays are full ranges; integers beside them are taken out. */
  readonly basic: readonly SliceItem[];
  /** The arrays, in the order of the axes. */
  readonly components: readonly IndexComponent[];
  /** Axes of the basic slice that arrays go through. */
  readonly indexed: readonly number[];
  /** The other axes of it. */
  readonly kept: readonly number[];
  /** Shape of the arrays, broadcast together. */
  readonly indexShape: readonly number[];
  /** How many of the kept axes stand before those of the arrays in the result. */
  readonly place: number;
  /** Shape of the result. */
  readonly shape: readonly number[];
}

/** An entry and the first axis that it goes through. */
interface PlacedEntry {
  readonly entry: IndexEntry;
  readonly axis: number;
}

/**
 * Returns the plan of an index (NumPy, "Advanced indexing"): arrays are broadcast together; their dimensions stand
 * where the arrays are in the index, or come first when slices are between them. Integers count as arrays here.
 *
 * @param operandShapes - of the array operands
 * @param asArray - whether an integer along an axis is to stay an array: where one process cannot tell its owner
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function planIndex(
  shape: readonly number[],
  entries: readonly IndexEntry[],
  operandShapes: readonly (readonly number[])[],
  asArray: (axis: number) => boolean = () => false,
): IndexPlan {
  const basic: SliceItem[] = [];
  const components: IndexComponent[] = [];
  const indexed: number[] = [];
  const kept: number[] = [];
  const order = new OrderOfEntries();
  let dim = 0;
  let operand = 0;
  for (const { entry: given, axis } of placeEntries(shape, entries)) {
    if (given === ellipsis) {
      // It parts arrays even where it stands for no axis.
      order.meetsSlice();
      continue;
    }
    const isNumber = typeof given === 'number';
    const entry = isNumber && asArray(axis) ? arrayOfOne(given, shape, axis) : given;
    if (isNumber || isArrayEntry(entry)) order.meetsArray(kept.length);
    else order.meetsSlice();
    if (!isArrayEntry(entry)) {
      basic.push(entry);
      if (!isNumber) kept.push(dim++);
      continue;
    }
    const extents = shape.slice(axis, axis + entry.axes);
    components.push({
      entry,
      operand: entry.view === null ? operand++ : -1,
      axis,
      extent: sizeOfShape(extents),
    });
    for (let k = 0; k < entry.axes; k++) {
      basic.push(null);
      indexed.push(dim++);
    }
  }
  const indexShape = broadcastIndices(
    components.map((each) => each.entry.view?.shape ?? operandShapes[each.operand]),
  );
  const { place } = order;
  const extents = basicShape(shape, basic, kept);
  return {
    basic,
    components,
    indexed,
    kept,
    indexShape,
    place,
    shape: [...extents.slice(0, place), ...indexShape, ...extents.slice(place)],
  };
}

/**
 * Returns the entries with the axes that they go through; `'...'` is followed by the full ranges that it stands for.
 *
 * @throws {@link ArgumentRangeError} for too many entries, a second `'...'`, and a mask of another shape
 */
export function placeEntries(
  shape: readonly number[],
  entries: readonly IndexEntry[],
): readonly PlacedEntry[] {
  const used = entries.reduce((sum: number, entry) => sum + axesOf(entry), 0);
  if (used > shape.length) {
    const expected = `at most ${shape.length} indices, one a dimension`;
    throw new ArgumentRangeError('index', expected, used);
  }
  const ellipses = entries.filter((entry) => entry === ellipsis).length;
  if (ellipses > 1) throw new ArgumentRangeError('index', "one '...' at most", ellipses);
  const full = new Array<null>(shape.length - used).fill(null);
  const written = ellipses === 0 ? [...entries, ...full] : entries;
  let axis = 0;
  return written.flatMap((entry): PlacedEntry[] => {
    if (entry === ellipsis) {
      return [{ entry, axis }, ...full.map((each) => ({ entry: each, axis: axis++ }))];
    }
    const placed: PlacedEntry = { entry, axis };
    if (isArrayEntry(entry) && entry.mask !== null) checkMask(entry.mask, shape, axis);
    axis += axesOf(entry);
    return [placed];
  });
}

/** Follows where the arrays of an index stand: side by side, or with slices between them. */
class OrderOfEntries {
  #first: number | null = null;
  #hasEnded = false;
  #isSplit = false;

  meetsArray(kept: number): void {
    this.#first ??= kept;
    this.#isSplit ||= this.#hasEnded;
  }

  meetsSlice(): void {
    this.#hasEnded = this.#first !== null;
  }

  get place(): number {
    return this.#isSplit ? 0 : (this.#first ?? 0);
  }
}

function axesOf(entry: IndexEntry): number {
  if (entry === newaxis || entry === ellipsis) return 0;
  return isArrayEntry(entry) ? entry.axes : 1;
}

function arrayOfOne(index: number, shape: readonly number[], axis: number): ArrayEntry {
  const positive = positiveIndex(index, shape[axis], 'index', axis);
  const view = viewOf(Float64Array.of(positive), 'float64', []);
  return { view, axes: 1, mode: 'raise', mask: null };
}

function checkMask(mask: readonly number[], shape: readonly number[], axis: number): void {
  for (let k = 0; k < mask.length; k++) {
    if (mask[k] === shape[axis + k]) continue;
    const expected = `a boolean array as long as the indexed one, ${shape[axis + k]} along axis ${axis + k}`;
    throw new ArgumentRangeError('index', expected, `shape (${mask.join(', ')})`);
  }
}

function broadcastIndices(shapes: readonly (readonly number[])[]): readonly number[] {
  try {
    return broadcastShapes(shapes);
  } catch {
    const shown = shapes.map((each) => `(${each.join(', ')})`).join(' ');
    throw new ArgumentRangeError('index', 'arrays that can be broadcast together', shown);
  }
}

/** Extents of the kept axes of a basic slice. */
function basicShape(
  shape: readonly number[],
  basic: readonly SliceItem[],
  kept: readonly number[],
): readonly number[] {
  const items = resolveSlice(basic, shape, 'index').filter(({ kind }) => kind !== 'index');
  return kept.map((dim) => {
    const item = items[dim];
    return item.kind === 'range' ? item.count : 1;
  });
}
