/** The package's `distarray/local`: the part of a distributed array that one process holds. */
export { checkPiecesTogether } from '../local/checkPiecesTogether.ts';
export { type CompactIndices, compactIndices } from '../local/compactIndices.ts';
export { areCompatible } from '../local/compatibility.ts';
export {
  type CreationOptions,
  empty,
  emptyLike,
  fromNdArrayLike,
  full,
  fullLike,
  type LikeOptions,
  ones,
  onesLike,
  zeros,
  zerosLike,
} from '../local/creation.ts';
export { IncompatibleArrayError, InvalidDimensionError } from '../local/errors.ts';
export { arrayToString } from '../local/format/arrayToString.ts';
export {
  type FloatMode,
  getPrintOptions,
  type PrintOptions,
  type SignMode,
  setPrintOptions,
} from '../local/format/printOptions.ts';
export { fromFunction, fromIndexArrays, type IndexArrayFunction } from '../local/fromFunction.ts';
export type { GlobalIndex } from '../local/globalIndex.ts';
export { LocalArray, type LocalArrayOptions } from '../local/localArray.ts';
export type { LocalNdArray } from '../local/localNdArray.ts';
export type { LocalBuffer } from '../local/memory.ts';
export { ndenumerate } from '../local/ndenumerate.ts';
export { Directory, type Owners } from '../ops/directory.ts';
export { type RedistributeOptions, redistribute } from '../ops/redistribute/redistribute.ts';
export { type PredictOptions, predictTraffic } from '../ops/redistribute/route.ts';
export { Traffic } from '../ops/redistribute/traffic.ts';
