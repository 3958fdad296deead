/** Options of what makes arrays. */
import type { Dtype } from '../dtype/dtype.ts';
import { DISTRIBUTION_OPTIONS } from '../maps/distributionOptions.ts';
import type { Capture } from '../ops/shippedFunction.ts';
import { optionNames } from '../options.ts';
import type { DistributionOptions } from './contextBase.ts';

/** Options of what makes arrays. */
export interface CreationOptions<D extends Dtype = Dtype> extends DistributionOptions {
  /** Element type. */
  readonly dtype?: D;
}

/** Options of what makes arrays like others: what is left out is as in these. */
export interface LikeOptions<D extends Dtype = Dtype> {
  readonly dtype?: D;
}

/** Options of `linspace`. */
export interface LinspaceOptions<D extends Dtype = Dtype> extends CreationOptions<D> {
  /** Whether `stop` is the last element. Default true. */
  readonly endpoint?: boolean;
}

/** Options of `eye`. */
export interface EyeOptions<D extends Dtype = Dtype> extends CreationOptions<D> {
  /** The diagonal: positive ones are above the main one. Default 0. */
  readonly k?: number;
}

/** Options of arrays that a function computes. */
export interface FunctionOptions<D extends Dtype = Dtype> extends CreationOptions<D> {
  /** What the function uses from around it; see `ApplyOptions`. */
  readonly capture?: Capture;
}

/** The options of {@link CreationOptions}. */
export const CREATION_OPTIONS = Object.freeze({ ...DISTRIBUTION_OPTIONS, dtype: true } as const);

export const CREATION_NAMES = optionNames<CreationOptions>(CREATION_OPTIONS);
export const LIKE_NAMES = optionNames<LikeOptions>({ dtype: true });
export const LINSPACE_NAMES = optionNames<LinspaceOptions>({ ...CREATION_OPTIONS, endpoint: true });
export const FUNCTION_NAMES = optionNames<FunctionOptions>({
  ...CREATION_OPTIONS,
  capture: true,
});
export const EYE_NAMES = optionNames<EyeOptions>({ ...CREATION_OPTIONS, k: true });
