/** The package's `distarray`: all layers together. */
export {
  type Complex,
  DTYPES,
  type Dtype,
  type ScalarOf,
  type TypedArrayOf,
} from '../dtype/dtype.ts';
export type { Scalar } from '../dtype/scalar.ts';
export type { AttachOptions } from '../engine/attach.ts';
export type { LaunchOptions } from '../engine/launch.ts';
export { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
export type { AllcloseOptions } from '../global/allclose.ts';
export { type ApplyOptions, Context, type RegisterOptions } from '../global/context.ts';
export type { ContextOptions, DistributionOptions } from '../global/contextBase.ts';
export type { ShapeOrDistribution } from '../global/contextCreation.ts';
export type { EyeOptions, LinspaceOptions } from '../global/creationOptions.ts';
export {
  type ArraySummary,
  DistArray,
  type DistributeOptions,
  type RootOptions,
} from '../global/distArray.ts';
export * from '../global/elementwise/functions.ts';
export type { ArrayInput, Nested, ShapedData } from '../local/arrayInput.ts';

import './asClient.ts';
import '../engine/contextStarts.ts';
import '../global/elementwise/install.ts';

export { ExpressionError } from '../expr/expressionError.ts';
export type { ArrayOperand, ElementwiseOptions } from '../global/elementwise/options.ts';
export type { Bound, RoundOptions } from '../global/elementwise/special.ts';
export { ContextError } from '../global/errors.ts';
export type { OutOptions } from '../global/executeInto.ts';
export { type Expr, type ExpressionOperand, type ExpressionTag, expr } from '../global/expr.ts';
export type { FileMethods } from '../global/files.ts';
export type { FromArrayOptions } from '../global/fromArray.ts';
export type { HaloMethodOptions } from '../global/halos.ts';
export {
  dot,
  inner,
  matmul,
  outer,
  tensordot,
  trace,
  vdot,
  vecdot,
} from '../global/products.ts';
export type { TensordotOptions, TraceOptions, VecdotOptions } from '../global/productTypes.ts';

import '../global/halos.ts';

export type { IndexArray, IndexItem } from '../global/indexItems.ts';
export {
  type AnyKernelFunction,
  type Kernel,
  type KernelFunction,
  type KernelMembers,
  type KernelTag,
  kernel,
  type MapOptions,
} from '../global/kernel.ts';
export type {
  NamedValueMethods,
  PushFunctionOptions,
  TargetOptions,
} from '../global/namedValues.ts';

import '../global/namedValues.ts';
import './namesOfFunctions.ts';

export type { ContextRandom, RandomIntegerOptions, RandomOptions } from '../global/random.ts';
export {
  all,
  any,
  argmax,
  argmin,
  countNonzero,
  cumulativeProd,
  cumulativeSum,
  max,
  mean,
  min,
  prod,
  std,
  sum,
  variance as var,
} from '../global/reductions.ts';
export type { CumulativeCallOptions, ReductionOptions } from '../global/reductionTypes.ts';
export * from '../global/shapes/functions.ts';
export { CompileError, type CompilerMessage } from '../jit/errors.ts';
export type { KernelOptions } from '../jit/kernelSource.ts';
export type { Parameter, Prototype } from '../jit/prototype.ts';
export type { KernelArgument } from '../ops/compiled/kernelCall.ts';

import '../global/shapes/install.ts';

export type {
  AxesOptions,
  AxisOptions,
  ConcatenateOptions,
  DiagonalOptions,
  DiffOptions,
  JoinedDtype,
  PadOptions,
  PerEdge,
  PlaneOptions,
  RepeatOptions,
  ReshapeOptions,
  StackOptions,
} from '../global/shapes/types.ts';
export {
  argwhere,
  compress,
  extract,
  type FlatAxisOptions,
  flatnonzero,
  type IndexingMethods,
  nonzero,
  type TakeOptions,
  take,
  takeAlongAxis,
  where,
} from '../global/takes.ts';
export { CaptureError, CodeError, ExecuteError } from '../ops/functions/functionErrors.ts';
export { proxyize, ValueProxy } from '../ops/functions/proxy.ts';
export { moduleFunction, registerModule } from '../ops/functions/references.ts';
export { Progress } from '../ops/progress.ts';
export type { Capture } from '../ops/shippedFunction.ts';
export * from './io.ts';
export {
  type CreationOptions,
  empty,
  full,
  getPrintOptions,
  LocalArray,
  type LocalArrayOptions,
  type LocalNdArray,
  ones,
  type PrintOptions,
  redistribute,
  setPrintOptions,
  zeros,
} from './local.ts';
export * from './maps.ts';
export { MPI, MPIError } from './mpi.ts';
