/** Making distributed arrays. Every process makes its own part; nothing is sent. */
import { DTYPES, type Dtype, parseDtype } from '../dtype/dtype.ts';
import { assignedAs, type Scalar, scalarAs } from '../dtype/scalar.ts';
import { ArgumentRangeError } from '../errors.ts';
import { cast } from '../kernels/copy.ts';
import { type StridedView, viewOf } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import { elementwise } from './elementwise/elementwise.ts';
import { onTarget } from './gatherArray.ts';
import { newArray } from './newArray.ts';
import { arrayOperation } from './operation.ts';
import { partOfData } from './partOfData.ts';
import { redistribute } from './redistribute/redistribute.ts';

/** What every array that is made has. */
export interface CreationParams {
  readonly dtype: Dtype;
  readonly distribution: Distribution;
}

const infer = (_: unknown, { dtype, distribution }: CreationParams) => ({
  dtype: parseDtype(dtype, 'options.dtype'),
  distribution,
});

/** An array full of one value (`numpy.full`); null for memory whose values do not matter. */
export const createFull = arrayOperation<CreationParams & { readonly value: Scalar | null }>(
  'full',
  {
    infer,
    run: (_, { dtype, distribution, value }, { comm }) => {
      if (value !== null) assignedAs(value, parseDtype(dtype, 'options.dtype'));
      const isZero = value === 0 || value === 0n || value === false;
      const array = newArray(distribution, { dtype, comm, zeroed: isZero });
      if (!isZero && value !== null && array.localSize > 0) array.fill(value);
      return array;
    },
  },
);

/** What {@link createProgression} takes: element i is start + i · step, the last one `last` if there is one. */
export interface ProgressionParams extends CreationParams {
  readonly start: Scalar;
  readonly step: Scalar;
  readonly last: Scalar | null;
}

/** An arithmetic progression (`numpy.arange`, `numpy.linspace`). */
export const createProgression = arrayOperation<ProgressionParams>('progression', {
  infer: inferProgression,
  run: (_, params, { comm }) => {
    const { distribution, start, step, last } = params;
    const { dtype } = inferProgression(_, params);
    const array = newArray(distribution, { dtype, comm, zeroed: false });
    if (array.localSize === 0) return array;
    // Float64 holds all indices, but a sum of floats is to be one of float64 however it is stored.
    const compute: Dtype =
      DTYPES[dtype].kind === 'float' || DTYPES[dtype].kind === 'bool' ? 'float64' : dtype;
    const indices = Float64Array.from(array.globalIndices(0));
    const numbers = cast(viewOf(indices, 'float64', [indices.length]), compute);
    elementwise('multiply', [numbers, step], { out: numbers });
    elementwise('add', [numbers, start], { out: numbers });
    array.assignView(numbers, 'unsafe');
    const end = distribution.shape[0] - 1;
    if (last !== null && array.ownedIndex([end]) !== null) array.globalIndex.set(last, end);
    return array;
  },
});

/** Also a process without elements says that the dtype has not what they begin with. */
function inferProgression(_: unknown, params: ProgressionParams) {
  const meta = infer(_, params);
  scalarAs(params.start, meta.dtype, 'start');
  scalarAs(params.step, meta.dtype, 'step');
  return meta;
}

/** Ones on the diagonal `k` above the main one, zeros elsewhere (`numpy.eye`). */
export const createEye = arrayOperation<CreationParams & { readonly k: number }>('eye', {
  infer,
  run: (_, { dtype, distribution, k }, { comm }) => {
    const array = newArray(distribution, { dtype: parseDtype(dtype), comm });
    if (array.localSize === 0) return array;
    const [, columns] = distribution.shape;
    const columnMap = distribution.maps[1];
    const coord = array.cartCoords[1];
    for (const [local, row] of array.globalIndices(0).entries()) {
      const column = row + k;
      if (column < 0 || column >= columns || !columnMap.owns(coord, column)) continue;
      array.set(1, local, columnMap.localFromGlobal(column, coord));
    }
    return array;
  },
});

/** What {@link createFromData} takes. */
export interface FromDataParams extends CreationParams {
  /** All elements; null on processes that do not have them. */
  readonly data: StridedView | null;
  /** The process that has the data; null when all have. */
  readonly root: number | null;
}

/**
 * An array of data: where every process has them, each takes its part; where one has, it sends the others
 * theirs in pieces.
 */
export const createFromData = arrayOperation<FromDataParams>('fromArray', {
  infer: (_, params) => {
    const { data, distribution } = params;
    const { shape } = distribution;
    const fits = data === null || String(data.shape) === String(shape);
    if (!fits) {
      const expected = `an array of shape (${shape.join(', ')}), as the distribution has`;
      throw new ArgumentRangeError('array', expected, `shape (${data.shape.join(', ')})`);
    }
    return infer(_, params);
  },
  run: (_, { dtype, distribution, data, root }, { comm, traffic }) => {
    if (root === null) {
      const array = newArray(distribution, { dtype, comm, zeroed: false });
      if (array.localSize === 0 || data === null) return array;
      return array.assignView(partOfData(data, distribution, array.rank), 'unsafe');
    }
    const whole = onTarget(distribution.shape, root);
    const source =
      data === null
        ? new LocalArray(whole, { dtype, comm })
        : new LocalArray(whole, {
            dtype,
            comm,
            data: data.dtype === dtype ? data : cast(data, dtype),
          });
    return redistribute(source, distribution, { traffic });
  },
});
