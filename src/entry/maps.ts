/** The package's `distarray/maps`: distributions and their maps, without MPI or data. */

export { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
export { BlockMap } from '../maps/blockMap.ts';
export type { BlockPaddingOptions } from '../maps/blockPadding.ts';
export { CyclicMap, type CyclicMapOptions } from '../maps/cyclicMap.ts';
export type {
  BlockDimData,
  CyclicDimData,
  DimData,
  ProtocolIndices,
  UndistributedDimData,
  UnstructuredDimData,
} from '../maps/dimData.ts';
export type { RankDimData } from '../maps/dimDataPerRank.ts';
export type { DimensionMap } from '../maps/dimensionMap.ts';
export { Distribution } from '../maps/distribution.ts';
export type { FromShapeOptions, TargetOptions } from '../maps/distributionOptions.ts';
export type {
  BlockGlobalDimData,
  CyclicGlobalDimData,
  GlobalDimData,
  UndistributedGlobalDimData,
  UnstructuredGlobalDimData,
} from '../maps/globalDimData.ts';
export { makeGridShape, mirrorSort, normalizeGridShape } from '../maps/gridShape.ts';
export type { IndexSequence } from '../maps/indexList.ts';
export { type IndexRun, indicesOfRuns } from '../maps/indexRun.ts';
export { type CommonRun, intersection, type LocalBlocks } from '../maps/intersection.ts';
export {
  type ListedSelection,
  type LocalSelection,
  type PeriodicSelection,
  positionAt,
  positionsOf,
  type StridedRun,
  type StridedSelection,
} from '../maps/localSelection.ts';
export { globalFromLocalSlice, localFromGlobalSlice } from '../maps/localSlices.ts';
export { divisors, multiplicativePartitions } from '../maps/multiplicativePartitions.ts';
export { type DistLetter, type DistSpec, normalizeDist } from '../maps/normalizeDist.ts';
export {
  type RangeTuple,
  sliceIntersection,
  tupleIntersection,
} from '../maps/rangeIntersection.ts';
export { normalizeReductionAxes, type ReductionAxes } from '../maps/reductionAxes.ts';
export { type IndexedKind, sanitizeIndices } from '../maps/sanitizeIndices.ts';
export { scaleMap } from '../maps/scaleMap.ts';
export { distributeIndices, sizeFromDimData } from '../maps/sizeFromDimData.ts';
export { type AffineSlice, SlicedMap } from '../maps/slicedMap.ts';
export { affineOf, shiftBetween, sliceMap } from '../maps/sliceMap.ts';
export { positivify, type SliceRange } from '../maps/sliceRange.ts';
export {
  ellipsis,
  newaxis,
  parseSlice,
  type SliceItem,
  type SliceSpec,
} from '../maps/sliceSpec.ts';
export { UndistributedMap } from '../maps/undistributedMap.ts';
export { UnknownIndicesError } from '../maps/unknownIndicesError.ts';
export {
  type OneRankIndices,
  UnstructuredMap,
  type UnstructuredMapOptions,
} from '../maps/unstructuredMap.ts';
