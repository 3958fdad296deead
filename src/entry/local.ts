/** The package's `distarray/local`: the part of a distributed array that one process holds. */

export type { ReductionName } from '../dtype/reductions.ts';
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
export {
  applyLocally,
  type LocalBinary,
  type LocalFunctionOptions,
  type LocalOperand,
  type LocalTernary,
  type LocalUnary,
} from '../ops/elementwise/local.ts';
export * from '../ops/elementwise/localFunctions.ts';
export {
  addHalo,
  exchangeHalo,
  HaloExchange,
  type HaloOptions,
  startHaloExchange,
} from '../ops/halo/haloExchange.ts';
export type { Stencil } from '../ops/halo/haloPlan.ts';
export {
  type RandomState,
  RandomStream,
  type RandomStreamOptions,
} from '../ops/random/randomStream.ts';
export { type RedistributeOptions, redistribute } from '../ops/redistribute/redistribute.ts';
export { type PredictOptions, predictTraffic } from '../ops/redistribute/route.ts';
export { Traffic } from '../ops/redistribute/traffic.ts';
export {
  type CumulativeName,
  type CumulativeOptions,
  cumulative,
} from '../ops/reduce/cumulative.ts';
export { type ReduceOptions, reduce } from '../ops/reduce/reduce.ts';
