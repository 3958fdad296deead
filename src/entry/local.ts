/** The package's `distarray/local`: the part of a distributed array that one process holds. */
export { type CreationOptions, empty, full, ones, zeros } from '../local/creation.ts';
export { LocalArray, type LocalArrayOptions, type LocalNdArray } from '../local/localArray.ts';
export { redistribute } from '../ops/redistribute.ts';
