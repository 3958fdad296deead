/** NumPy's reductions and random numbers as an oracle, and elements to ask it about. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DTYPES, type Dtype, type TypedArrayOf } from '../../src/dtype/dtype.ts';
import { type StridedView, viewOf } from '../../src/kernels/stridedView.ts';
import { root } from './programs.ts';

/** Returns the answers of `test/fixtures/numpy/reductions.py` to these jobs. */
export function askReductions<T>(jobs: readonly object[]): T[] {
  const script = join(root, 'test/fixtures/numpy/reductions.py');
  // What a launcher has set would make Python's MPI take part in our job.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OMPI|PMIX?|MPI|HYDI?|PRTE)_/.test(name)),
  );
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [script], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
    maxBuffer: 2 ** 29,
    env,
  });
  if (status !== 0) throw new Error(`NumPy failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** Returns a generator of integers in [0, 2³²), the same every time. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state ^ (state >>> 15)) >>> 0;
  };
}

/**
 * Returns elements of a dtype in no order: integers of its whole range, small numbers, equal ones; floats of
 * both signs, with `special` ones among them.
 */
export function elements<D extends Dtype>(
  dtype: D,
  shape: readonly number[],
  seed: number,
  special: readonly number[] = [],
): StridedView<D> {
  const { arrayType, lanes, kind, itemsize } = DTYPES[dtype];
  const size = shape.reduce((product, extent) => product * extent, 1);
  const next = numbersFrom(seed);
  const data = new arrayType(size * lanes) as TypedArrayOf<Dtype>;
  for (let i = 0; i < data.length; i++) {
    const drawn = next();
    const small = drawn % 4 === 0;
    const number = (next() / 2 ** 32 - 0.5) * (small ? 8 : 1000);
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
      data[i] = small
        ? BigInt(Math.abs(Math.trunc(number)))
        : (BigInt(next()) << 32n) | BigInt(next());
    } else if (kind === 'bool') data[i] = drawn % 3 === 0 ? 1 : 0;
    else if (kind === 'int' || kind === 'uint')
      data[i] = small ? number : next() % 2 ** (8 * itemsize);
    else if (special.length > 0 && drawn % 13 === 0) data[i] = special[next() % special.length];
    else data[i] = small ? Math.round(number) : number;
  }
  return viewOf(data as TypedArrayOf<D>, dtype, shape);
}
