/** Halo exchanges as operations. */
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { type ArrayMeta, valueOperation } from '../operation.ts';
import { addHalo, exchangeHalo } from './haloExchange.ts';
import type { Stencil } from './haloPlan.ts';

/** What the operations on halos take. */
export interface HaloParams {
  readonly stencil: Stencil;
}

/** Brings the halos of an array up to date. */
export const updateHaloOperation = valueOperation<HaloParams, void>('updateHalo', {
  isSilent: true,
  check: (_, { stencil }) => checkStencil(stencil),
  run: ([array], { stencil }, { traffic }) => exchangeHalo(array, { stencil, traffic }),
});

/** Adds what is in the halos of an array to the elements that it stands for. */
export const addHaloOperation = valueOperation<HaloParams, void>('addHalo', {
  isSilent: true,
  check: ([{ dtype }]: readonly ArrayMeta[], { stencil }) => {
    checkStencil(stencil);
    if (dtype === 'bool') throw new ArgumentTypeError('array', 'an array of numbers', dtype);
  },
  run: ([array], { stencil }, { traffic }) => addHalo(array, { stencil, traffic }),
});

function checkStencil(stencil: unknown): void {
  if (stencil === 'star' || stencil === 'box') return;
  throw new ArgumentRangeError('options.stencil', "'star' or 'box'", stencil);
}
