/** The package's `distarray/local`: the part of a distributed array that one process holds. */
export { type CreationOptions, empty, full, ones, zeros } from '../local/creation.ts';
export { IncompatibleArrayError, InvalidDimensionError } from '../local/errors.ts';
export { LocalArray, type LocalArrayOptions, type LocalBuffer } from '../local/localArray.ts';
export type { LocalNdArray } from '../local/localNdArray.ts';
export { redistribute } from '../ops/redistribute.ts';
