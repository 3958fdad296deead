/** What tests of files on all ranks share. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DTYPES, type Dtype } from '../../src/dtype/dtype.ts';
import type { Scalar } from '../../src/dtype/scalar.ts';
import { fromFunction, type LocalArray } from '../../src/entry/local.ts';
import {
  BlockMap,
  CyclicMap,
  Distribution,
  UndistributedMap,
  UnstructuredMap,
} from '../../src/entry/maps.ts';
import { broadcastText } from '../../src/mpi/agreement.ts';
import { program as world } from './mode.ts';

const { rank, size } = world;

/** A directory of all ranks, made before the tests of a suite, removed after them; nothing temporary is left in it. */
export class SharedDirectory {
  #path = '';

  constructor(name: string) {
    before(() => {
      const made = rank === 0 ? mkdtempSync(join(tmpdir(), `distarray-${name}-`)) : '';
      this.#path = broadcastText(world, made, 0);
    });
    after(() => {
      world.barrier();
      const left = readdirSync(this.#path).filter((file) => file.endsWith('.tmp'));
      world.barrier();
      if (rank === 0) rmSync(this.#path, { recursive: true });
      assert.deepEqual(left, []);
    });
  }

  path(name = ''): string {
    return join(this.#path, name);
  }
}

/** All ranks see an error of this code, with the same message. */
export function failsAlike(work: () => unknown, code: string | RegExp): void {
  let message = '';
  assert.throws(work, (error: Error & { code?: string }) => {
    if (typeof code === 'string') assert.equal(error.code, code, error.message);
    else assert.match(error.code ?? '', code);
    message = error.message;
    return true;
  });
  assert.equal(broadcastText(world, message, 0), message);
}

/** Runs a Python program on rank 0, outside the job; what it prints on every rank. */
export function python(program: string, ...args: string[]): { ok: boolean; text: string } {
  let told = '';
  if (rank === 0) {
    // What the launcher has set would make an MPI of Python's take part in our job.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(OMPI|PMIX?|MPI|HYDI?|PRTE)_/.test(name)),
    );
    const run = spawnSync('/usr/bin/python3', ['-c', program, ...args], { env, encoding: 'utf8' });
    told = JSON.stringify({
      ok: run.status === 0,
      text: run.status === 0 ? run.stdout : run.stderr,
    });
  }
  return JSON.parse(broadcastText(world, told, 0));
}

/** The value of the element with this flat index: 1, 2, 3, …; of complex ones (2k + 1) + (2k + 2)i. */
export function elementOf(dtype: Dtype, flat: number): Scalar {
  if (DTYPES[dtype].kind === 'complex') return { re: 2 * flat + 1, im: 2 * flat + 2 };
  if (dtype === 'bool') return flat % 3 === 0;
  return dtype === 'int64' || dtype === 'uint64' ? BigInt(flat + 1) : flat + 1;
}

/** An array of these values. */
export function numbered(distribution: Distribution, dtype: Dtype, comm = world): LocalArray {
  const { shape } = distribution;
  const flat = (index: readonly number[]) =>
    index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);
  return fromFunction((...index) => elementOf(dtype, flat(index)) as number, distribution, {
    dtype,
    comm,
  });
}

/** A part is that of an array of these values. */
export function assertNumbered(back: LocalArray, dtype: Dtype, hint = ''): void {
  assert.equal(back.dtype, dtype, hint);
  const expected = numbered(back.distribution, dtype, back.comm).toContiguous();
  assert.deepEqual(back.toContiguous(), expected, hint);
}

/** Python that makes the array of the values of `numbered`. */
export const NUMBERED = `
import sys
import numpy as np
def numbered(dtype, shape):
    dtype = np.dtype(dtype)
    k = np.arange(int(np.prod(shape, dtype=int)))
    values = k % 3 == 0 if dtype.kind == 'b' else k + 1
    if dtype.kind == 'c': values = (2 * k + 1) + 1j * (2 * k + 2)
    return values.astype(dtype).reshape(shape)
`;

export const [ROWS, COLUMNS] = [11, 7];
type Layouts = Readonly<Record<string, () => Distribution>>;

/** Distributions of 11 × 7 elements over so many processes, of every kind of map, as one of them knows them. */
export function layoutsOf(size: number, rank: number): Layouts {
  const shape = [ROWS, COLUMNS];
  const even = (dist: string, options = {}) =>
    Distribution.fromShape(shape, { dist, size, ...options });
  /** The rows of each rank, out of order: every rank has others. */
  const lists = Array.from({ length: size }, (_, r) =>
    Array.from({ length: ROWS }, (_, k) => (5 * k + 3) % ROWS).filter((_, k) => k % size === r),
  );
  /** The same, and the first of the next rank. */
  const shared = lists.map((list, r) => (size > 1 ? [...list, lists[(r + 1) % size][0]] : list));
  const bounds = Array.from({ length: size + 1 }, (_, r) =>
    r < 2 ? 0 : r === size ? ROWS : 2 * r,
  );
  const listsOnRows = (indices: readonly number[][], oneToOne: boolean) =>
    Distribution.fromMaps([
      UnstructuredMap.fromIndices(indices, { size: ROWS, oneToOne }),
      new UndistributedMap(COLUMNS),
    ]);
  return {
    bn: () => even('bn'),
    nb: () => even('nb'),
    bb: () => even('bb'),
    cn: () => even('cn'),
    cc: () => even('cc'),
    bc: () => even('bc'),
    'block-cyclic': () => even('cc', { blockSize: 2 }),
    'blocks of any length, also empty': () =>
      Distribution.fromMaps([
        BlockMap.fromBounds(size === 1 ? [0, ROWS] : bounds),
        new UndistributedMap(COLUMNS),
      ]),
    'on the last process': () => Distribution.fromShape(shape, { targets: [size - 1] }),
    'with a halo': () => even('bb', { commPadding: 1 }),
    'periodic, with halo and boundary': () =>
      even('bn', {
        // Of five parts the last would be empty, and have no boundary.
        gridShape: [Math.min(size, 4), 1],
        commPadding: 1,
        boundaryPadding: 1,
        periodic: true,
      }),
    unstructured: () => listsOnRows(lists, true),
    'unstructured with indices of several': () => listsOnRows(shared, false),
    'unstructured, each knows its own': () =>
      Distribution.fromMaps([
        UnstructuredMap.ofRank({
          size: ROWS,
          gridSize: size,
          gridRank: rank,
          indices: lists[rank],
        }),
        new UndistributedMap(COLUMNS),
      ]),
    'columns unstructured': () =>
      Distribution.fromMaps([
        new UndistributedMap(ROWS),
        UnstructuredMap.fromIndices(
          Array.from({ length: size }, (_, r) =>
            [6, 2, 4, 0, 5, 1, 3].filter((j) => j % size === r),
          ),
          { size: COLUMNS, oneToOne: true },
        ),
      ]),
    'cyclic columns of one process': () =>
      Distribution.fromMaps([
        new CyclicMap(ROWS, size),
        new CyclicMap(COLUMNS, 1, { blockSize: 3 }),
      ]),
    'a transposed grid': () =>
      Distribution.fromShape([COLUMNS, ROWS], { dist: 'cb', size }).transpose(),
    'a copy on every process': () => Distribution.replicated(shape, { size }),
  };
}

/** Those over all ranks. */
export const LAYOUTS: Layouts = layoutsOf(size, rank);
