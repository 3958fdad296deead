/** The names of the options of functions that change shapes. */
import { DISTRIBUTION_OPTIONS } from '../../maps/distributionOptions.ts';
import { optionNames } from '../../options.ts';
import type {
  AxesOptions,
  ConcatenateOptions,
  DiagonalOptions,
  DiffOptions,
  PadOptions,
  PlaneOptions,
  ReshapeOptions,
  StackOptions,
} from './types.ts';

export const AXIS_OPTIONS = optionNames<AxesOptions>({ axis: true });
export const CONCATENATE_OPTIONS = optionNames<ConcatenateOptions>({
  axis: true,
  dtype: true,
  out: true,
});
export const STACK_OPTIONS = optionNames<StackOptions>({ axis: true, dtype: true, out: true });
export const PAD_OPTIONS = optionNames<PadOptions>({
  mode: true,
  constantValues: true,
  endValues: true,
  statLength: true,
  reflectType: true,
});
export const DIFF_OPTIONS = optionNames<DiffOptions>({
  n: true,
  axis: true,
  prepend: true,
  append: true,
});
export const PLANE_OPTIONS = optionNames<PlaneOptions>({ axes: true });
export const DIAGONAL_OPTIONS = optionNames<DiagonalOptions>({
  offset: true,
  axis1: true,
  axis2: true,
});
export const RESHAPE_OPTIONS = optionNames<ReshapeOptions>({
  ...DISTRIBUTION_OPTIONS,
  distribution: true,
  copy: true,
});
export const FLATTEN_OPTIONS = optionNames<Omit<ReshapeOptions, 'copy'>>({
  ...DISTRIBUTION_OPTIONS,
  distribution: true,
});
