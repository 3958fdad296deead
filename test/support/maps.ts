/** Arbitrary maps and distributions for property tests. */
import fc from 'fast-check';
import {
  BlockMap,
  CyclicMap,
  type DimensionMap,
  Distribution,
  sliceMap,
  UndistributedMap,
  UnstructuredMap,
} from '../../src/entry/maps.ts';

/** Which maps there may be. */
export interface MapKinds {
  /** Unstructured maps, all of whose lists are known; default true. */
  readonly unstructured?: boolean;
  /** Views of maps; default true. */
  readonly views?: boolean;
}

/** Returns maps of `extent` indices over at most `most` processes, of every kind. */
export function anyMap(
  extent: number,
  most: number,
  kinds: MapKinds = {},
): fc.Arbitrary<DimensionMap> {
  const { unstructured = true, views = true } = kinds;
  const plain = plainMap(extent, most, unstructured);
  if (!views) return plain;
  return fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 1, arbitrary: viewOfMap(extent, most, unstructured) },
  );
}

function plainMap(extent: number, most: number, unstructured: boolean): fc.Arbitrary<DimensionMap> {
  const grid = fc.integer({ min: 1, max: most });
  const regular: fc.Arbitrary<DimensionMap>[] = [
    fc.constant(new UndistributedMap(extent)),
    grid.map((gridSize) => BlockMap.even(extent, gridSize)),
    irregular(extent, most).map((bounds) => BlockMap.fromBounds(bounds)),
    fc
      .tuple(irregular(extent, most), fc.boolean())
      .map(([bounds, periodic]) => padded(bounds, periodic)),
    fc
      .tuple(grid, fc.integer({ min: 1, max: 4 }))
      .map(([gridSize, blockSize]) => new CyclicMap(extent, gridSize, { blockSize })),
  ];
  if (!unstructured) return fc.oneof(...regular);
  return fc.oneof(...regular, dealt(extent, most, false), dealt(extent, most, true));
}

function irregular(extent: number, most: number): fc.Arbitrary<number[]> {
  return fc
    .array(fc.integer({ min: 0, max: extent }), { maxLength: most - 1 })
    .map((inner) => [0, ...inner.sort((a, b) => a - b), extent]);
}

/** As wide a padding as the smallest part allows, at most 2. */
function padded(bounds: readonly number[], periodic: boolean): BlockMap {
  const sizes = bounds.slice(1).map((bound, rank) => bound - bounds[rank]);
  return BlockMap.fromBounds(bounds, { commPadding: Math.min(2, ...sizes), periodic });
}

/** Indices dealt out at random; with `duplicates` some of them to two processes. */
function dealt(extent: number, most: number, duplicates: boolean): fc.Arbitrary<UnstructuredMap> {
  const order = fc.shuffledSubarray([...Array(extent).keys()], { minLength: extent });
  const owners = fc.array(fc.nat(most - 1), { minLength: extent, maxLength: extent });
  return fc
    .tuple(order, owners, owners, fc.integer({ min: 1, max: most }))
    .map(([indices, first, second, gridSize]) => {
      const lists: number[][] = Array.from({ length: gridSize }, () => []);
      indices.forEach((index, k) => {
        lists[first[k] % gridSize].push(index);
        const other = second[k] % gridSize;
        if (duplicates && other !== first[k] % gridSize) lists[other].push(index);
      });
      return UnstructuredMap.fromIndices(lists, { size: extent, oneToOne: !duplicates });
    });
}

function viewOfMap(
  extent: number,
  most: number,
  unstructured: boolean,
): fc.Arbitrary<DimensionMap> {
  return fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.nat(3), fc.nat(3))
    .chain(([step, backwards, before, after]) => {
      const span = extent === 0 ? 0 : (extent - 1) * step + 1;
      return plainMap(before + span + after, most, unstructured).map((base) =>
        sliceMap(base, {
          start: backwards ? before + Math.max(0, span - 1) : before,
          step: backwards ? -step : step,
          count: extent,
        }),
      );
    });
}

/** Returns distributions of an array of this shape over some of `processes` processes. */
export function anyDistribution(
  shape: readonly number[],
  processes: number,
  kinds: MapKinds = {},
): fc.Arbitrary<Distribution> {
  const needed = (maps: readonly DimensionMap[]) =>
    maps.reduce((product, { gridSize }) => product * gridSize, 1);
  const most = shape.length > 2 ? Math.min(processes, 3) : processes;
  const maps = fc
    .tuple(...shape.map((extent) => anyMap(extent, most, kinds)))
    .filter((all) => needed(all) <= processes);
  const numbers = [...Array(processes).keys()];
  const axes = [...shape.keys()];
  const spread = maps.chain((all) =>
    fc
      .tuple(
        fc.shuffledSubarray(numbers, { minLength: needed(all), maxLength: needed(all) }),
        // Of transposed arrays the ranks do not follow the targets.
        fc.shuffledSubarray(axes, { minLength: axes.length, maxLength: axes.length }),
      )
      .map(([targets, order]) =>
        Distribution.fromMaps(
          order.map((axis) => all[axis]),
          { targets },
        ).transpose(axes.map((axis) => order.indexOf(axis))),
      ),
  );
  const replicated = fc
    .shuffledSubarray(numbers, { minLength: 1 })
    .map((targets) => Distribution.replicated(shape, { targets }));
  return fc.oneof({ weight: 12, arbitrary: spread }, { weight: 1, arbitrary: replicated });
}

/** Returns the flat indices, in C order of the whole array, of the elements of a rank in local order. */
export function flatIndices(distribution: Distribution, rank: number): number[] {
  if (rank < 0) return [];
  const coords = distribution.coordsFromRank(rank);
  return distribution.maps.reduce<number[]>(
    (all, map, axis) => {
      const indices = [...map.globalIndices(coords[axis])];
      return all.flatMap((flat) => indices.map((index) => flat * map.size + index));
    },
    [0],
  );
}
