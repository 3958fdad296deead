import { mapsFromDimDataPerRank, type RankDimData } from '../../../../src/maps/dimDataPerRank.ts';
import type { DimensionMap } from '../../../../src/maps/dimensionMap.ts';
import { positionsOf } from '../../../../src/maps/localSelection.ts';
import { globalFromLocalSlice, localFromGlobalSlice } from '../../../../src/maps/localSlices.ts';
import type { SliceRange } from '../../../../src/maps/sliceRange.ts';
import { UnstructuredMap } from '../../../../src/maps/unstructuredMap.ts';
import { agreesWithGolden, type GoldenError, outcome, REFUSED, readGolden } from './golden.ts';
import { itemOf } from './goldenIndex.ts';

interface LocalOutcome {
  readonly result?: number;
  readonly error?: GoldenError;
}

interface LocalSlice {
  readonly slice: { readonly slice: readonly [number | null, number | null, number | null] };
  readonly result?: { slice: [number, number, number | null] };
}

interface LocalMapCase {
  readonly dim_dict: RankDimData;
  readonly error?: GoldenError;
  readonly size: number;
  readonly global_iter: number[];
  readonly local_from_global_index_args: number[];
  readonly local_from_global_index: LocalOutcome[];
  readonly global_from_local_index_args: number[];
  readonly global_from_local_index: LocalOutcome[];
  readonly local_from_global_slice: LocalSlice[] | string;
  readonly global_from_local_slice: LocalSlice[] | string;
}

/**
 * DistArray makes a local map from the dictionary of one process. Ours are made from those of
 * all: the others say what the one leaves over, but for an unstructured map.
 */
function mapOf(dict: RankDimData): DimensionMap {
  const { dist_type, size, proc_grid_size: gridSize = 1, proc_grid_rank: own = 0 } = dict;
  if (dist_type === 'u') {
    const indices = dict.indices ?? [];
    return UnstructuredMap.ofRank({ size, gridSize, gridRank: own, indices });
  }
  const { start = 0, stop = 0 } = dict;
  const others = Array.from({ length: gridSize }, (_, gridRank): RankDimData[] => {
    if (gridRank === own) return [dict];
    const common = { dist_type, size, proc_grid_size: gridSize, proc_grid_rank: gridRank };
    if (dist_type === 'c') return [{ ...common, block_size: dict.block_size }];
    const bounds = gridRank < own ? [gridRank === 0 ? 0 : start, start] : [stop, size];
    const [from, to] = gridRank > own + 1 ? [size, size] : bounds;
    return [{ ...common, start: from, stop: to }];
  });
  return mapsFromDimDataPerRank(others)[0];
}

const range = (start: number, stop: number, step: number) =>
  Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, i) => start + i * step);

/** The indices below `size` that golden slices name; `null` where DistArray has no such method. */
function listsOf(slices: LocalSlice[] | string, size: number): unknown {
  if (typeof slices === 'string') return null;
  return slices.map(({ result }) => {
    if (result === undefined) return REFUSED;
    const [start, stop, step] = result.slice;
    return range(start, Math.min(stop, size), step ?? 1);
  });
}

/**
 * A case without what DistArray gets wrong by rule: cyclic maps do not check indices beyond the
 * size, nor any map negative local indices; and slices of local indices lose their step.
 */
function usable(golden: LocalMapCase): LocalMapCase {
  if (golden.error !== undefined) return golden;
  const { dim_dict: dict, local_from_global_index_args: global } = golden;
  const { global_from_local_index_args: local, global_from_local_slice: slices } = golden;
  const inside = (_: unknown, at: number) => dict.dist_type !== 'c' || global[at] < dict.size;
  const notNegative = (_: unknown, at: number) => local[at] >= 0;
  const hasStep = ({ slice: given }: LocalSlice) => given.slice[2] !== null;
  return {
    ...golden,
    local_from_global_index_args: global.filter(inside),
    local_from_global_index: golden.local_from_global_index.filter(inside),
    global_from_local_index_args: local.filter(notNegative),
    global_from_local_index: golden.global_from_local_index.filter(notNegative),
    global_from_local_slice:
      typeof slices === 'string' ? slices : slices.filter((given) => !hasStep(given)),
  };
}

describe('the maps of one process', () => {
  const { cases } = readGolden<{ cases: LocalMapCase[] }>('local_maps');
  const plain = ({ result }: LocalOutcome) => result ?? REFUSED;
  const slicesOf = (slices: LocalSlice[] | string) => (typeof slices === 'string' ? [] : slices);
  agreesWithGolden(
    'local_maps.json',
    cases.map(usable).map((golden, i) => ({
      name: String(i),
      golden:
        golden.error !== undefined
          ? REFUSED
          : {
              size: golden.size,
              global_iter: golden.global_iter,
              local_from_global_index: golden.local_from_global_index.map(plain),
              global_from_local_index: golden.global_from_local_index.map(plain),
              local_from_global_slice: listsOf(golden.local_from_global_slice, golden.size),
              global_from_local_slice: listsOf(
                golden.global_from_local_slice,
                golden.dim_dict.size,
              ),
            },
      ours: () =>
        outcome(() => {
          const map = mapOf(golden.dim_dict);
          const gridRank = golden.dim_dict.proc_grid_rank ?? 0;
          const slices = (
            given: LocalSlice[] | string,
            select: typeof localFromGlobalSlice,
          ): unknown =>
            typeof given === 'string'
              ? null
              : slicesOf(given).map(({ slice }) => [
                  ...positionsOf(select(map, gridRank, itemOf(slice) as SliceRange | null)),
                ]);
          return {
            size: map.localSize(gridRank),
            global_iter: [...map.globalIndices(gridRank)],
            local_from_global_index: golden.local_from_global_index_args.map((index) =>
              outcome(() => map.localFromGlobal(index, gridRank)),
            ),
            global_from_local_index: golden.global_from_local_index_args.map((index) =>
              outcome(() => map.globalFromLocal(gridRank, index)),
            ),
            local_from_global_slice: slices(golden.local_from_global_slice, localFromGlobalSlice),
            global_from_local_slice: slices(golden.global_from_local_slice, globalFromLocalSlice),
          };
        }),
    })),
  );
});
