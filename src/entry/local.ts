/** The package's `distarray/local`: the part of a distributed array that one process holds. */
export { type CreationOptions, empty, full, ones, zeros } from '../local/creation.ts';
export { IncompatibleArrayError, InvalidDimensionError } from '../local/errors.ts';
export { LocalArray, type LocalArrayOptions, type LocalBuffer } from '../local/localArray.ts';
export type { LocalNdArray } from '../local/localNdArray.ts';
export { Directory, type Owners } from '../ops/directory.ts';
export { type RedistributeOptions, redistribute } from '../ops/redistribute/redistribute.ts';
export { type PredictOptions, predictTraffic } from '../ops/redistribute/route.ts';
export { Traffic } from '../ops/redistribute/traffic.ts';
