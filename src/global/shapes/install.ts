/** Puts the functions that change shapes on arrays as methods. */
import { DistArray } from '../distArray.ts';
import * as functions from './functions.ts';

const METHODS = [
  'permuteDims',
  'swapaxes',
  'moveaxis',
  'expandDims',
  'squeeze',
  'flip',
  'split',
  'arraySplit',
  'unstack',
  'reshape',
  'ravel',
  'flatten',
  'broadcastTo',
  'roll',
  'tile',
  'repeat',
  'pad',
  'diff',
  'diagonal',
] as const;

type AnyFunction = (array: DistArray, ...args: unknown[]) => unknown;
const byName = functions as unknown as Readonly<Record<string, AnyFunction>>;

for (const name of METHODS) {
  const call = byName[name];
  define(name, {
    value(this: DistArray, ...args: unknown[]) {
      return call(this, ...args);
    },
    writable: true,
  });
}

define('transpose', {
  value(this: DistArray, ...axes: readonly unknown[]) {
    const listed = typeof axes[0] === 'number' ? axes : axes[0];
    return functions.transpose(this, listed as readonly number[] | null | undefined);
  },
  writable: true,
});

define('T', {
  get(this: DistArray) {
    return functions.transpose(this);
  },
});

define('mT', {
  get(this: DistArray) {
    return functions.matrixTranspose(this);
  },
});

function define(name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(DistArray.prototype, name, { ...descriptor, configurable: true });
}
