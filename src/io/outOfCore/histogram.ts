/** Histograms of arrays in files. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import { cast } from '../../kernels/copy.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { SUM } from '../../mpi/operation.ts';
import { BlockRun, type Evaluation } from './blockRun.ts';
import { atLeast1d, type Expression } from './expression.ts';
import { reduceBlocks } from './reduceBlocks.ts';

/** Bins: how many of equal width, or their edges, ascending. */
export type Bins = number | readonly number[];

/** A histogram. */
export interface LocalHistogram {
  /** How many elements are in each bin. */
  readonly counts: LocalArray<'int64'>;
  /** The edges of the bins, one more than bins. */
  readonly edges: LocalArray;
}

/** Most bins: every process counts in all of them. */
const MOST_BINS = 2 ** 24;

/**
 * Returns how many elements are in bins (`numpy.histogram`). Bins include their lower edge, and the last one its upper edge,
 * too; elements outside of them, and NaN, are not counted. Every process knows the result.
 *
 * @param range - of bins of equal width: from the first edge to the last; by default from the smallest element to the
 * largest, for which the files are read once more
 * @remarks Collective.
 * @throws {@link ArgumentRangeError} on every process alike when the range of the elements is not finite
 */
export function histogramBlocks(
  expression: Expression,
  bins: Bins,
  range: readonly [number, number] | undefined,
  evaluation: Evaluation,
): LocalHistogram {
  const { comm } = evaluation;
  const { dtype } = expression;
  const isEven = typeof bins === 'number';
  const limits = isEven ? limitsOf(expression, range, evaluation) : undefined;
  // As in NumPy, edges are as precise as the elements.
  const edgeDtype = dtype === 'float32' ? 'float32' : 'float64';
  const exact =
    limits === undefined
      ? Float64Array.from(bins as readonly number[])
      : evenEdges(bins as number, limits);
  const edges = isEven && edgeDtype === 'float32' ? Float64Array.from(exact, Math.fround) : exact;
  const count = limits === undefined ? byEdges(edges) : byWidth(edges);
  const counts = new Float64Array(edges.length - 1);
  if (!expression.shape.includes(0)) {
    const run = new BlockRun(atLeast1d(expression), evaluation);
    try {
      for (const { elements, shape } of run.parts()) {
        run.attempt(() =>
          run.program.computePieces(elements, shape, (piece) => {
            count(cast(piece, 'float64').data, counts);
          }),
        );
      }
      run.agreeOnFailure();
    } finally {
      run.close();
    }
  }
  const total = new Float64Array(counts.length);
  comm.allreduce(counts, total, { op: SUM });
  return {
    counts: known('int64', BigInt64Array.from(total, BigInt), evaluation),
    edges: isEven
      ? known(edgeDtype, edgeDtype === 'float32' ? Float32Array.from(edges) : edges, evaluation)
      : known('float64', edges, evaluation),
  };
}

function known<D extends Dtype>(dtype: D, data: unknown, { comm }: Evaluation): LocalArray<D> {
  const { length } = data as Float64Array;
  const distribution = Distribution.replicated([length], { size: comm.size });
  return new LocalArray<D>(distribution, { dtype, comm, data } as never);
}

/**
 * Checks the arguments of a histogram.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function checkHistogram(dtype: Dtype, bins: unknown, range: unknown): void {
  if (DTYPES[dtype].kind === 'complex') {
    throw new ArgumentTypeError('array', 'a dtype of real numbers', dtype);
  }
  checkBins(bins);
  if (range !== undefined) checkRange(range);
}

function checkBins(bins: unknown): void {
  if (typeof bins === 'number') {
    checkInteger('bins', bins, 1, MOST_BINS);
    return;
  }
  const isList = Array.isArray(bins) && bins.every((edge) => typeof edge === 'number');
  if (!isList) throw new ArgumentTypeError('bins', 'a number of bins, or their edges', bins);
  const ascends = bins.every((edge, k) => (k === 0 ? !Number.isNaN(edge) : edge >= bins[k - 1]));
  if (bins.length < 2 || !ascends) {
    throw new ArgumentRangeError('bins', 'two edges or more that ascend', bins);
  }
}

/** The first and the last edge. */
function limitsOf(
  expression: Expression,
  range: readonly [number, number] | undefined,
  evaluation: Evaluation,
): readonly [number, number] {
  let limits: readonly number[] = [0, 1];
  if (range !== undefined) limits = range;
  else if (!expression.shape.includes(0)) {
    const extremes = reduceBlocks(expression, ['min', 'max'], {}, evaluation);
    limits = extremes.map((extreme) => Number(cast(extreme.readView(), 'float64').data[0]));
    if (!limits.every(Number.isFinite)) {
      throw new ArgumentRangeError('range', 'given where elements are not finite', limits);
    }
  }
  const [low, high] = limits;
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function checkRange(range: unknown): void {
  const isPair =
    Array.isArray(range) && range.length === 2 && range.every((end) => typeof end === 'number');
  if (!isPair) throw new ArgumentTypeError('range', 'a pair of numbers', range);
  const [low, high] = range;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new ArgumentRangeError(
      'range',
      'finite numbers, of which the first is not larger',
      range,
    );
  }
}

/** `numpy.linspace` */
function evenEdges(bins: number, [low, high]: readonly [number, number]): Float64Array {
  const step = (high - low) / bins;
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) => k * step + low);
  edges[bins] = high;
  return edges;
}

type Count = (elements: Float64Array, counts: Float64Array) => void;

/** Counts by the width of bins; what lies near an edge goes where the edge says. */
function byWidth(edges: Float64Array): Count {
  const bins = edges.length - 1;
  const [low, high] = [edges[0], edges[bins]];
  const norm = bins / (high - low);
  if (!Number.isFinite(norm) || norm === 0) return byEdges(edges);
  return (elements, counts) => {
    for (let k = 0; k < elements.length; k++) {
      const x = elements[k];
      if (!(x >= low && x <= high)) continue;
      let bin = Math.min(bins - 1, Math.trunc((x - low) * norm));
      if (x < edges[bin]) bin--;
      else if (bin < bins - 1 && x >= edges[bin + 1]) bin++;
      counts[Math.max(0, bin)]++;
    }
  };
}

/** Counts by searching the edges. */
function byEdges(edges: Float64Array): Count {
  const last = edges.length - 1;
  return (elements, counts) => {
    for (let k = 0; k < elements.length; k++) {
      const x = elements[k];
      if (!(x >= edges[0] && x <= edges[last])) continue;
      // The last edge that is not larger; of the upper end the last bin that ends there.
      let [from, to] = [0, last];
      while (to - from > 1) {
        const middle = (from + to) >> 1;
        if (edges[middle] <= x) from = middle;
        else to = middle;
      }
      counts[from]++;
    }
  };
}
