/** NumPy functions as an oracle of programs that several processes run. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../../src/dtype/dtype.ts';
import { viewOf } from '../../src/kernels/stridedView.ts';
import { fromRoot } from './mode.ts';
import { askNumpy, decode, type Encoded, encode } from './numpy.ts';

/** An array in plain JavaScript: what a distributed one is made of, and compared with. */
export interface Plain {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly elements: readonly number[];
}

/** A call of a NumPy function; {@link given} makes arrays of arguments. */
export interface NumpyCall {
  readonly fn: string;
  readonly arguments: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What NumPy gave: arrays, one unless the function gives a list; or its error. */
export type NumpyAnswer = { readonly arrays: readonly Plain[] } | { readonly error: string };

/** Returns NumPy's answers to calls, on every process that runs the test. @remarks Collective: one asks. */
export function callNumpy(calls: readonly NumpyCall[]): readonly NumpyAnswer[] {
  const jobs = calls.map((call) => ({ job: 'call', options: {}, ...call }));
  const answers = fromRoot(() => askNumpy<Encoded[] | { error: string }>(jobs));
  return answers.map((answer) => ('error' in answer ? answer : { arrays: answer.map(plainOf) }));
}

/** Returns an array, not of complex numbers, as an argument of a call. */
export function given({ dtype, shape, elements }: Plain): { readonly array: Encoded } {
  const { arrayType } = DTYPES[dtype];
  const data = new arrayType(elements.length) as unknown as Record<number, number | bigint>;
  const isWide = dtype === 'int64' || dtype === 'uint64';
  elements.forEach((element, k) => {
    data[k] = isWide ? BigInt(element) : element;
  });
  return { array: encode(viewOf<Dtype>(data as unknown as TypedArrayOf<Dtype>, dtype, shape)) };
}

function plainOf(encoded: Encoded): Plain {
  const { dtype, shape, data } = decode(encoded);
  return { dtype, shape, elements: Array.from(data as Iterable<number | bigint>, Number) };
}
