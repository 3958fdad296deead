// Functions of local arrays refuse options that they do not have.
import { strict as assert } from 'node:assert';
import * as local from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { ArgumentRangeError } from '../../../src/errors.ts';

const { size } = MPI.COMM_WORLD;
const rows = Distribution.fromShape([2 * size], { size });
const a = local.ones(rows);

/** Calls with an option that the function does not have. */
const CALLS: Readonly<Record<string, (options: never) => unknown>> = {
  LocalArray: (options) => new local.LocalArray(rows, options),
  zeros: (options) => local.zeros(rows, options),
  ones: (options) => local.ones(rows, options),
  full: (options) => local.full(rows, 7, options),
  zerosLike: (options) => local.zerosLike(a, options),
  fullLike: (options) => local.fullLike(a, 7, options),
  fromFunction: (options) => local.fromFunction((i) => i, rows, options),
  fromIndexArrays: (options) => local.fromIndexArrays(() => {}, rows, options),
  sin: (options) => local.sin(a, options),
  add: (options) => local.add(a, 1, options),
  reduce: (options) => local.reduce(a, 'sum', options),
  cumulative: (options) => local.cumulative(a, 'cumulativeSum', options),
  redistribute: (options) => local.redistribute(a, rows, options),
  predictTraffic: (options) => local.predictTraffic(rows, rows, 0, options),
  exchangeHalo: (options) => local.exchangeHalo(a, options),
  addHalo: (options) => local.addHalo(a, options),
  RandomStream: (options) => new local.RandomStream(MPI.COMM_WORLD, options),
  arrayToString: (options) => local.arrayToString(a, options),
};

describe('options of functions of local arrays', () => {
  for (const [name, call] of Object.entries(CALLS)) {
    it(`that do not exist are errors: ${name}`, () => {
      assert.throws(() => call({ dtyp: 'int32' } as never), ArgumentRangeError);
    });
  }
});
