/** The package's `distarray/maps`: distributions and their maps, without MPI or data. */

export { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
export { BlockMap } from '../maps/blockMap.ts';
export { CyclicMap, type CyclicMapOptions } from '../maps/cyclicMap.ts';
export type {
  BlockDimData,
  CyclicDimData,
  DimData,
  UndistributedDimData,
} from '../maps/dimData.ts';
export type { DimensionMap, IndexRun } from '../maps/dimensionMap.ts';
export { Distribution } from '../maps/distribution.ts';
export type { FromShapeOptions, TargetOptions } from '../maps/distributionOptions.ts';
export type {
  BlockGlobalDimData,
  CyclicGlobalDimData,
  GlobalDimData,
  UndistributedGlobalDimData,
} from '../maps/globalDimData.ts';
export { makeGridShape, normalizeGridShape } from '../maps/gridShape.ts';
export { type DistLetter, type DistSpec, normalizeDist } from '../maps/normalizeDist.ts';
export { UndistributedMap } from '../maps/undistributedMap.ts';
