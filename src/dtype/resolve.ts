/** Which dtype an elementwise function computes in, and which one its result has. */
import { ArgumentTypeError } from '../errors.ts';
import { DTYPES, type Dtype } from './dtype.ts';
import { type DtypeRule, ELEMENTWISE, type ElementwiseName } from './elementwise.ts';
import { promoteTypes, withWeak } from './promotion.ts';
import type { WeakKind } from './scalar.ts';

/** The dtypes of one call. */
export interface Resolution {
  /** Operands are cast to it, and the kernel computes in it. */
  readonly compute: Dtype;
  readonly result: Dtype;
}

/**
 * Returns the dtypes of an elementwise function for operands of these dtypes, and a weak scalar's kind
 * if there are such.
 *
 * @throws {@link ArgumentTypeError} when the function takes no such operands (`bitwiseAnd` of floats)
 */
export function resolveElementwise(
  name: ElementwiseName,
  dtypes: readonly Dtype[],
  weak?: WeakKind,
): Resolution {
  const { rule } = ELEMENTWISE[name];
  const compute = computeDtype(rule, dtypes, weak);
  if (compute === undefined) {
    throw new ArgumentTypeError(`operands of ${name}`, kindsOf(rule), dtypes.join(' and '));
  }
  if (rule.result === 'same') return { compute, result: compute };
  return { compute, result: rule.result === 'bool' ? 'bool' : realDtype(compute) };
}

type Resolutions = Map<ElementwiseName, Map<Dtype, Resolution>>;

const uniform: Readonly<Record<WeakKind | 'none', Resolutions>> = {
  none: new Map(),
  bool: new Map(),
  int: new Map(),
  float: new Map(),
  complex: new Map(),
};

/** As {@link resolveElementwise} of arrays of one dtype: the same object again for the next call. */
export function resolveUniform(name: ElementwiseName, dtype: Dtype, weak?: WeakKind): Resolution {
  const all = uniform[weak ?? 'none'];
  const known = all.get(name)?.get(dtype);
  if (known !== undefined) return known;
  const resolution = Object.freeze(resolveElementwise(name, [dtype], weak));
  const ofName = all.get(name) ?? new Map<Dtype, Resolution>();
  all.set(name, ofName.set(dtype, resolution));
  return resolution;
}

/** Returns the dtype of the real part of numbers: float32 for complex64, itself for real ones. */
export function realDtype(dtype: Dtype): Dtype {
  if (DTYPES[dtype].kind !== 'complex') return dtype;
  return dtype === 'complex64' ? 'float32' : 'float64';
}

function computeDtype(
  rule: DtypeRule,
  dtypes: readonly Dtype[],
  weak: WeakKind | undefined,
): Dtype | undefined {
  let dtype = dtypes.length === 1 ? dtypes[0] : dtypes.reduce(promoteTypes);
  if (weak !== undefined) dtype = withWeak(dtype, weak);
  const { kind } = DTYPES[dtype];
  const wish = rule[kind === 'uint' ? 'int' : kind];
  switch (wish) {
    case 'same':
      return dtype;
    case 'float':
      // Each by itself: int16 and uint16 meet in int32, but both are in float32.
      return dtypes.every((each) => DTYPES[each].itemsize <= 2) ? 'float32' : 'float64';
    case 'none':
      return undefined;
    default:
      return wish;
  }
}

function kindsOf(rule: DtypeRule): string {
  const kinds = (['bool', 'int', 'float', 'complex'] as const).filter(
    (kind) => rule[kind] !== 'none',
  );
  return `arrays of kind ${kinds.join(', ')}`;
}
