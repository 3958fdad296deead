/**
 * What dtype an operation of several operands has, and which casts are allowed: as NumPy 2, which
 * follows the Array API standard and says what that leaves open (integers with floats).
 */
import { ArgumentRangeError } from '../errors.ts';
import { DTYPES, type Dtype, type DtypeKind, parseDtype } from './dtype.ts';
import { isScalar, type Scalar, type WeakKind, weakKindOf } from './scalar.ts';

/**
 * How much a cast may lose, as in `numpy.can_cast`: `no` and `equiv` nothing may change, `safe` keeps
 * every value, `sameKind` also goes to smaller dtypes of a kind, `unsafe` does anything.
 */
export type Casting = 'no' | 'equiv' | 'safe' | 'sameKind' | 'unsafe';

const CASTINGS: readonly Casting[] = ['no', 'equiv', 'safe', 'sameKind', 'unsafe'];

/** From a kind of dtype one may come to the same and later ones by a cast of the same kind. */
const KIND_ORDER: Readonly<Record<DtypeKind, number>> = {
  bool: 0,
  uint: 1,
  int: 2,
  float: 3,
  complex: 4,
};

/**
 * Returns the smallest dtype that both can be cast to safely (`numpy.promote_types`).
 *
 * @remarks Signed and unsigned integers meet in the next larger signed type, int64 and uint64 in
 * float64; integers of 32 and 64 bits meet float32 in float64.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for what is no dtype
 */
export function promoteTypes(first: Dtype, second: Dtype): Dtype {
  const a = DTYPES[parseDtype(first, 'first')];
  if (first === second) return first;
  const b = DTYPES[parseDtype(second, 'second')];
  if (KIND_ORDER[a.kind] > KIND_ORDER[b.kind]) return promoteOrdered(second, first);
  return promoteOrdered(first, second);
}

/** The same for a dtype and one of the same or a later kind. */
function promoteOrdered(lower: Dtype, higher: Dtype): Dtype {
  const a = DTYPES[lower];
  const b = DTYPES[higher];
  if (a.kind === b.kind) return a.itemsize > b.itemsize ? lower : higher;
  if (a.kind === 'bool') return higher;
  if (b.kind === 'int') {
    if (b.itemsize > a.itemsize) return higher;
    return a.itemsize === 8 ? 'float64' : (`int${16 * a.itemsize}` as Dtype);
  }
  // How many bytes the real part must have for what the lower one is.
  const bytes = a.kind === 'float' ? a.itemsize : a.itemsize <= 2 ? 4 : 8;
  const wide = bytes === 8 || b.itemsize === 8 * b.lanes;
  return `${b.kind}${(wide ? 64 : 32) * b.lanes}` as Dtype;
}

/**
 * Returns the dtype of an operation of these operands (`numpy.result_type`): dtypes, and JavaScript
 * scalars, which are weak: they decide only the kind. An integer-valued number or a bigint
 * makes integers of bools, another number floats of integers, `{ re, im }` complex numbers of
 * real ones; the size comes from the dtypes. A boolean is a `bool`.
 *
 * @remarks Scalars alone give what arrays of them would have: float64 for numbers, int64 for
 * bigints, bool, complex128.
 * @throws {@link ArgumentRangeError} without operands
 */
export function resultType(...operands: readonly (Dtype | Scalar)[]): Dtype {
  let dtype: Dtype | undefined;
  let weak: WeakKind | undefined;
  let numbers = false;
  for (const operand of operands) {
    if (isScalar(operand)) {
      const kind = weakKindOf(operand);
      numbers ||= typeof operand === 'number';
      if (weak === undefined || KIND_ORDER[kind] > KIND_ORDER[weak]) weak = kind;
    } else {
      dtype = dtype === undefined ? parseDtype(operand, 'operand') : promoteTypes(dtype, operand);
    }
  }
  if (dtype !== undefined) return weak === undefined ? dtype : withWeak(dtype, weak);
  if (weak === undefined) throw new ArgumentRangeError('operands', 'at least one operand', 'none');
  if (weak === 'int' && numbers) return 'float64';
  return DEFAULTS[weak];
}

/** The dtype that a weak scalar has where nothing else decides its size. */
const DEFAULTS: Readonly<Record<WeakKind, Dtype>> = {
  bool: 'bool',
  int: 'int64',
  float: 'float64',
  complex: 'complex128',
};

/** Returns the dtype of an operation between a dtype and a weak scalar. */
export function withWeak(dtype: Dtype, weak: WeakKind): Dtype {
  const { kind, itemsize } = DTYPES[dtype];
  if (KIND_ORDER[kind] >= KIND_ORDER[weak] || (kind === 'uint' && weak === 'int')) return dtype;
  if (weak === 'complex' && kind === 'float') return itemsize === 4 ? 'complex64' : 'complex128';
  return DEFAULTS[weak];
}

/**
 * Whether a dtype may be cast to another one under a rule (`numpy.can_cast`).
 *
 * @throws {@link ArgumentRangeError} for an unknown rule or dtype
 */
export function canCast(from: Dtype, to: Dtype, casting: Casting = 'safe'): boolean {
  if (from === to) return true;
  const a = DTYPES[parseDtype(from, 'from')];
  const b = DTYPES[parseDtype(to, 'to')];
  if (!CASTINGS.includes(casting)) {
    throw new ArgumentRangeError('casting', `one of ${CASTINGS.join(', ')}`, casting);
  }
  if (casting === 'unsafe') return true;
  if (casting === 'no' || casting === 'equiv') return false;
  if (promoteTypes(from, to) === to) return true;
  return casting === 'sameKind' && KIND_ORDER[a.kind] <= KIND_ORDER[b.kind];
}
