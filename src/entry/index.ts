/** The package's `distarray`: all layers together. */
export {
  type Complex,
  DTYPES,
  type Dtype,
  type ScalarOf,
  type TypedArrayOf,
} from '../dtype/dtype.ts';
export { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
export { Progress } from '../ops/progress.ts';
export * from './hdf5.ts';
export {
  type CreationOptions,
  empty,
  full,
  LocalArray,
  type LocalArrayOptions,
  type LocalNdArray,
  ones,
  redistribute,
  zeros,
} from './local.ts';
export * from './maps.ts';
export { MPI, MPIError } from './mpi.ts';
