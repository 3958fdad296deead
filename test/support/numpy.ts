/** NumPy as an oracle: Debian's, in a Python process of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DTYPES, type Dtype, type TypedArray } from '../../src/dtype/dtype.ts';
import { numpyName, parseNumpyName } from '../../src/dtype/numpyNames.ts';
import { contiguousStrides, type StridedView } from '../../src/kernels/stridedView.ts';
import { skip } from '../launcher/skip.ts';
import { root } from './programs.ts';

const python = '/usr/bin/python3';

/** An array on its way to Python and back. */
export interface Encoded {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: string;
}

/** Skips the test or suite where there is no NumPy. */
export function needNumpy(context: Mocha.Context): void {
  const { status } = spawnSync(python, ['-c', 'import numpy']);
  if (status !== 0) skip(context, 'NumPy is not installed for /usr/bin/python3');
}

/** Returns the answers of `test/fixtures/numpy/oracle.py` to these jobs. */
export function askNumpy<T>(jobs: readonly object[]): T[] {
  const script = join(root, 'test/fixtures/numpy/oracle.py');
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
    maxBuffer: 2 ** 29,
  });
  if (status !== 0) throw new Error(`NumPy failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** Returns a contiguous view for Python. */
export function encode(view: StridedView): Encoded {
  const { data, dtype, shape } = view;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { dtype: numpyName(dtype), shape, data: bytes.toString('base64') };
}

/** Returns an array of Python's as a view. */
export function decode({ dtype: name, shape, data }: Encoded): StridedView {
  const { dtype } = parseNumpyName(name);
  const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
  const elements = new DTYPES[dtype as Dtype].arrayType(bytes.buffer) as TypedArray;
  return {
    data: elements,
    dtype,
    shape,
    strides: contiguousStrides(shape),
    offset: 0,
  } as StridedView;
}
