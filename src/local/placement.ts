/** Where the owned elements of a part lie in memory. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import type { AxisPositions } from '../kernels/copy.ts';
import { contiguousStrides, type StridedView, sizeOfShape } from '../kernels/stridedView.ts';
import type { DimensionMap } from '../maps/dimensionMap.ts';
import type { Distribution } from '../maps/distribution.ts';
import { type LocalSelection, positionAt, stridedSelection } from '../maps/localSelection.ts';
import type { ResolvedItem } from '../maps/resolveSlice.ts';
import { positionVector, selectionWithin } from './selection.ts';

/** One axis of a part in memory. */
interface PlacedAxis {
  /** The array's own map. */
  readonly map: DimensionMap;
  /** The map in whose local order the memory is along this axis: that of the base array. */
  readonly root: DimensionMap;
  readonly gridRank: number;
  /** Distance between neighbours in the root's part, in elements. */
  readonly stride: number;
  /** Cells of the neighbours before and after those of the root's part. */
  readonly halo: readonly [lower: number, upper: number];
  /** Which of the root's part are elements of this array. */
  readonly selection: LocalSelection;
}

/** Memory of a part, and the strides to read it with. */
export interface PartMemory<D extends Dtype> {
  readonly data: TypedArrayOf<D>;
  readonly dtype: D;
  /** In elements, one an axis; C order when left out. */
  readonly strides?: readonly number[];
  /** Of the first element (of the halo, where there is one). Default 0. */
  readonly offset?: number;
}

/** Where elements lie, whatever the memory is. */
interface Layout {
  readonly axes: readonly PlacedAxis[];
  /** Where the position 0 of all axes is. */
  readonly origin: number;
  readonly positions: readonly AxisPositions[];
  readonly isStrided: boolean;
  /** Of the strided view `indexed`. */
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** What a process has of the arrays of a distribution, in memory of their own. */
export interface Part {
  readonly rank: number;
  /** Number of indices along each axis. */
  readonly shape: readonly number[];
  readonly size: number;
  /** Of the memory that it needs: its part and the halo around it. */
  readonly paddedShape: readonly number[];
  readonly paddedSize: number;
  readonly layout: Layout;
}

/** One is enough: a process has one rank, but where arrays of several communicators share a distribution. */
const parts = new WeakMap<Distribution, Part>();

/** Returns what the process of a rank has; the same object again for the arrays of a distribution. */
export function partOf(distribution: Distribution, rank: number): Part {
  const known = parts.get(distribution);
  if (known !== undefined && known.rank === rank) return known;
  const part = newPart(distribution, rank);
  parts.set(distribution, part);
  return part;
}

function newPart(distribution: Distribution, rank: number): Part {
  const { maps } = distribution;
  if (rank < 0) {
    const shape = Object.freeze(maps.map(() => 0));
    const layout = layoutOf(nobodysAxes(maps), 0);
    return { rank, shape, size: 0, paddedShape: shape, paddedSize: 0, layout };
  }
  const coords = distribution.coordsFromRank(rank);
  const shape = Object.freeze([...distribution.localShape(rank)]);
  const paddedShape = Object.freeze(
    maps.map((map, axis) => {
      const [lower, upper] = map.halo(coords[axis]);
      return lower + shape[axis] + upper;
    }),
  );
  const layout = layoutInMemory(maps, coords, contiguousStrides(paddedShape), 0);
  const [size, paddedSize] = [sizeOfShape(shape), sizeOfShape(paddedShape)];
  return { rank, shape, size, paddedShape, paddedSize, layout };
}

/** The layout of a part in memory of its own, or in memory with these strides. */
function layoutInMemory(
  maps: readonly DimensionMap[],
  coords: readonly number[],
  strides: readonly number[],
  offset: number,
): Layout {
  let origin = offset;
  const axes = maps.map((map, axis): PlacedAxis => {
    const gridRank = coords[axis];
    const halo = map.halo(gridRank);
    origin += halo[0] * strides[axis];
    const selection = stridedSelection(0, 1, map.localSize(gridRank));
    return { map, root: map, gridRank, stride: strides[axis], halo, selection };
  });
  return layoutOf(axes, origin);
}

function nobodysAxes(maps: readonly DimensionMap[]): readonly PlacedAxis[] {
  const selection = stridedSelection(0, 1, 0);
  return maps.map((map) => ({ map, root: map, gridRank: 0, stride: 1, halo: [0, 0], selection }));
}

function layoutOf(axes: readonly PlacedAxis[], origin: number): Layout {
  const positions = axes.map(({ selection }) => positionVector(selection));
  const shape: number[] = [];
  const strides: number[] = [];
  let offset = origin;
  axes.forEach(({ root, gridRank, stride, selection }, axis) => {
    const run = selection.kind === 'strided' && positions[axis] === null ? selection : undefined;
    shape.push(run === undefined ? root.localSize(gridRank) : run.count);
    strides.push(stride * (run?.step ?? 1));
    offset += stride * (run?.start ?? 0);
  });
  if (shape.includes(0)) offset = 0;
  const isStrided = positions.every((list) => list === null);
  return { axes, origin, positions, isStrided, shape, strides, offset };
}

/**
 * Where the owned elements of one process lie: memory, and for each axis which positions along it.
 * It tells everything that reads and writes elements where to go.
 */
export class Placement<D extends Dtype = Dtype> {
  readonly data: TypedArrayOf<D>;
  readonly dtype: D;
  /** Whether the process is one of the distribution's; when not, it has no element. */
  readonly isHeld: boolean;
  /**
   * The owned elements as a strided view, but for the axes that have `positions`: along these the
   * root's whole part, of which the positions are the elements.
   */
  readonly indexed: StridedView<D>;
  /** For each axis the positions of the elements along it; null where they are one strided run. */
  readonly positions: readonly AxisPositions[];
  /** Whether the elements are one strided view of the memory. */
  readonly isStrided: boolean;
  readonly #layout: Layout;

  private constructor(
    { data, dtype }: { readonly data: TypedArrayOf<D>; readonly dtype: D },
    layout: Layout,
    isHeld: boolean,
  ) {
    const { shape, strides, offset } = layout;
    this.data = data;
    this.dtype = dtype;
    this.isHeld = isHeld;
    this.#layout = layout;
    this.positions = layout.positions;
    this.isStrided = layout.isStrided;
    // A view of no dimension has one element, whoever holds it: that of a stranger is nobody's.
    const elements = isHeld || shape.length > 0 ? data : nobodysElement(dtype);
    this.indexed = { data: elements, dtype, shape, strides, offset };
  }

  /** Returns the placement of a part, halo included, in memory of its own. */
  static inMemory<D extends Dtype>(
    distribution: Distribution,
    rank: number,
    memory: PartMemory<D>,
  ): Placement<D> {
    const part = partOf(distribution, rank);
    const { strides, offset = 0 } = memory;
    if (rank < 0 || (strides === undefined && offset === 0)) {
      return new Placement(memory, part.layout, rank >= 0);
    }
    const { maps } = distribution;
    const given = strides ?? contiguousStrides(part.paddedShape);
    const layout = layoutInMemory(maps, distribution.coordsFromRank(rank), given, offset);
    return new Placement(memory, layout, true);
  }

  /** Returns the placement of no element: of a process that the distribution does not need. */
  static ofNobody<D extends Dtype>(
    distribution: Distribution,
    memory: { readonly data: TypedArrayOf<D>; readonly dtype: D },
  ): Placement<D> {
    return new Placement(memory, layoutOf(nobodysAxes(distribution.maps), 0), false);
  }

  /**
   * Returns the placement of a slice in the same memory.
   *
   * @param items - the slice of the array that is placed here
   * @param sliced - its distribution
   * @param rank - of this process in it
   */
  slice(items: readonly ResolvedItem[], sliced: Distribution, rank: number): Placement<D> {
    if (rank < 0 || !this.isHeld) return Placement.ofNobody(sliced, this);
    const axes: PlacedAxis[] = [];
    let { origin } = this.#layout;
    for (const item of items) {
      const map = sliced.maps[axes.length];
      if (item.kind === 'newaxis') {
        const selection = stridedSelection(0, 1, 1);
        axes.push({ map, root: map, gridRank: 0, stride: 0, halo: [0, 0], selection });
        continue;
      }
      const placed = this.#layout.axes[item.axis];
      if (item.kind === 'index') {
        const local = placed.map.localFromGlobal(item.index, placed.gridRank);
        origin += placed.stride * positionAt(placed.selection, local);
      } else {
        const selection = selectionWithin(placed.root, map, placed.gridRank);
        const halo = map === placed.map ? placed.halo : ([0, 0] as const);
        axes.push({ ...placed, map, halo, selection });
      }
    }
    return new Placement(this, layoutOf(axes, origin), true);
  }

  /** Returns the placement of the transposed array in the same memory: axis k is axis `axes[k]` of this one. */
  transpose(axes: readonly number[]): Placement<D> {
    const order = axes.map((axis) => this.#layout.axes[axis]);
    return new Placement(this, layoutOf(order, this.#layout.origin), this.isHeld);
  }

  /** Returns the placement of the same bytes as elements of another dtype of the same size. */
  retyped<E extends Dtype>(data: TypedArrayOf<E>, dtype: E): Placement<E> {
    return new Placement({ data, dtype }, this.#layout, this.isHeld);
  }

  /** Number of elements along each axis. */
  get shape(): readonly number[] {
    return this.#layout.axes.map(({ selection }) => selection.count);
  }

  /** Room for the neighbours' cells around the elements, in memory, for each axis. */
  get halo(): readonly (readonly [lower: number, upper: number])[] {
    return this.#layout.axes.map(({ halo }) => halo);
  }

  /** As `indexed`, with the halo around the elements of the axes that have one; `positions` hold for it, too. */
  get padded(): StridedView<D> {
    const { data, dtype, indexed } = this;
    const shape = indexed.shape.map((extent, axis) => {
      const [lower, upper] = this.#layout.axes[axis].halo;
      return lower + extent + upper;
    });
    const offset = indexed.strides.reduce(
      (sum, stride, axis) => sum - stride * this.#layout.axes[axis].halo[0],
      indexed.offset,
    );
    return { data, dtype, shape, strides: indexed.strides, offset };
  }

  /** Returns where in memory, in elements, the element at these local indices is. */
  offsetAt(index: readonly number[]): number {
    const { indexed, positions } = this;
    let offset = indexed.offset;
    for (let axis = 0; axis < index.length; axis++) {
      const position = positions[axis]?.[index[axis]] ?? index[axis];
      offset += Number(position) * indexed.strides[axis];
    }
    return offset;
  }

  /** Returns the first and the last element of the memory that belong to it; null for none. */
  get extent(): readonly [first: number, last: number] | null {
    if (!this.isHeld || this.shape.includes(0)) return null;
    let [first, last] = [this.indexed.offset, this.indexed.offset];
    this.indexed.strides.forEach((stride, axis) => {
      const reach = stride * (this.indexed.shape[axis] - 1);
      if (reach < 0) first += reach;
      else last += reach;
    });
    return [first, last];
  }
}

function nobodysElement<D extends Dtype>(dtype: D): TypedArrayOf<D> {
  const { arrayType, lanes } = DTYPES[dtype];
  return new arrayType(lanes) as TypedArrayOf<D>;
}
