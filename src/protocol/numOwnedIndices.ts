/** How many indices a process owns (`utils.num_owned_indices` of the protocol). */
import { ArgumentRangeError } from '../errors.ts';
import { numberOwned } from './ownership.ts';
import type { DimDict } from './structure.ts';
import { validateDimDict } from './validate.ts';

/**
 * Returns how many of a dimension's indices the process of this dictionary owns: boundary padding
 * counts, communication padding does not. Over all processes of a dimension without duplicates the
 * numbers add up to `size`.
 *
 * @remarks The last, partial block of a block-cyclic dimension counts for the process whose turn it
 * is; the protocol's `utils.py` always gives it to process 0.
 * @throws {@link ArgumentRangeError} when the dictionary is none of the protocol, or empty: then the
 * number is the extent of the buffer
 */
export function numOwnedIndices(dimDict: DimDict): number {
  const { valid, message } = validateDimDict(0, dimDict);
  if (!valid) throw new ArgumentRangeError('dimDict', `a valid dictionary (${message})`, dimDict);
  if (Object.keys(dimDict).length === 0) {
    throw new ArgumentRangeError('dimDict', 'a dictionary that is not empty', dimDict);
  }
  return numberOwned(dimDict);
}
