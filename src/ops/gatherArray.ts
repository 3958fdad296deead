/** Bringing elements of a distributed array together on one process, or on all. */
import type { Dtype, TypedArray } from '../dtype/dtype.ts';
import { checkInteger } from '../errors.ts';
import { gather, scatter } from '../kernels/copy.ts';
import { newView, type StridedView, viewOf } from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import { UndistributedMap } from '../maps/undistributedMap.ts';
import { coincide } from './align.ts';
import { valueOperation } from './operation.ts';
import { redistribute } from './redistribute/redistribute.ts';

/** Returns the distribution of an array of which one process has everything. */
export function onTarget(shape: readonly number[], target: number): Distribution {
  const maps = shape.map((extent) => new UndistributedMap(extent));
  return Distribution.fromMaps(maps, { targets: [target] });
}

/**
 * Returns all elements in C order, in memory of their own, on the process `root` and null on the others; on all
 * processes when it is null. Elements travel in pieces.
 */
export const gatherArray = valueOperation<number | null, StridedView | null>('toArray', {
  check: () => {},
  run: ([array], root, { comm, traffic }) => {
    if (root !== null) checkInteger('options.root', root, 0, comm.size - 1);
    const { shape } = array.distribution;
    const wanted =
      root === null ? Distribution.replicated(shape, { size: comm.size }) : onTarget(shape, root);
    const gathered = coincide(array.distribution, wanted)
      ? (array as LocalArray).copy()
      : redistribute(array, wanted, { traffic });
    if (root !== null && comm.rank !== root) return null;
    return viewOf(gathered.toContiguous(), gathered.dtype, shape);
  },
});

/** What a process contributes to a {@link cornersOperation}. */
interface Contribution {
  /** For each axis where among the positions its elements are. */
  readonly places: readonly number[][];
  readonly elements: TypedArray;
}

/**
 * Returns, on all processes, the elements at all combinations of positions along the axes, in C order: few
 * enough that every process can have them.
 */
export const cornersOperation = valueOperation<readonly (readonly number[])[], StridedView>(
  'corners',
  {
    check: () => {},
    run: ([array], positions, { comm }) => {
      const own = contribution(array, positions);
      const all = comm.size === 1 ? [own] : comm.allgatherObjects(own);
      const result = newView<Dtype>(
        array.dtype,
        positions.map(({ length }) => length),
      );
      for (const given of all) if (given !== null) place(result, given);
      return result;
    },
  },
);

function contribution(
  array: LocalArray,
  positions: readonly (readonly number[])[],
): Contribution | null {
  const { distribution, rank, dtype } = array;
  if (rank < 0 || (distribution.isReplicated && rank > 0)) return null;
  const coords = distribution.coordsFromRank(rank);
  const places: number[][] = [];
  const locals = distribution.maps.map((map, axis) => {
    const owned = [...positions[axis].keys()].filter((place) =>
      map.owns(coords[axis], positions[axis][place]),
    );
    places.push(owned);
    return Float64Array.from(owned, (place) =>
      map.localFromGlobal(positions[axis][place], coords[axis]),
    );
  });
  if (locals.some(({ length }) => length === 0)) return null;
  const packed = newView<Dtype>(
    dtype,
    locals.map(({ length }) => length),
  );
  gather(packed, array.readView(), locals);
  return { places, elements: packed.data };
}

function place(result: StridedView, { places, elements }: Contribution): void {
  const packed = viewOf(
    elements,
    result.dtype,
    places.map(({ length }) => length),
  );
  scatter(
    result,
    packed,
    places.map((list) => Float64Array.from(list)),
  );
}
