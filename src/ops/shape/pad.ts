/** Arrays with margins. */
import { type Scalar, scalarAs } from '../../dtype/scalar.ts';
import { ArgumentRangeError } from '../../errors.ts';
import { checkShape, showShape } from '../../maps/shape.ts';
import type { SliceItem } from '../../maps/sliceSpec.ts';
import type { ArrayMeta } from '../operation.ts';
import { type Assembly, assemblyOperation, type Piece, range } from './assembly.ts';
import { likeDistribution } from './likeDistribution.ts';
import { type MirrorMode, marginRuns } from './marginRuns.ts';

/** What margins are filled with: see `numpy.pad`. `'empty'` leaves zeros. */
export type PadMode = 'constant' | 'edge' | 'empty' | MirrorMode;

/** What {@link padOperation} takes. */
export interface PadParams {
  /** By axis, how many elements there are more before the first and after the last one. */
  readonly widths: readonly (readonly [before: number, after: number])[];
  readonly mode: PadMode;
  /** By axis, of mode `'constant'`. */
  readonly constants: readonly (readonly [before: Scalar, after: Scalar])[];
}

/** An array with margins (`numpy.pad`). As NumPy's they are made axis by axis, each from what is there before. */
export const padOperation = assemblyOperation<PadParams>('pad', padding);

function padding([{ dtype, distribution }]: readonly ArrayMeta[], params: PadParams): Assembly {
  const { widths, mode } = params;
  const { shape } = distribution;
  const inside = shape.map((extent, axis) => {
    const [before] = widths[axis];
    return range(before, before + extent);
  });
  const padded = checkShape(
    shape.map((extent, axis) => extent + widths[axis][0] + widths[axis][1]),
    'padWidth',
  );
  const pieces: Piece[] = [{ to: inside, from: { array: 0, slice: [] } }];
  shape.forEach((extent, axis) => {
    if (widths[axis][0] + widths[axis][1] === 0 || mode === 'empty') return;
    // Along earlier axes the margins are there, along later ones not yet.
    const around = inside.map((item, dim): SliceItem => (dim < axis ? null : item));
    if (mode === 'constant') pieces.push(...constants(around, axis, extent, params, dtype));
    else if (extent === 0) {
      const expected = `'constant' or 'empty', since axis ${axis} of ${showShape(shape)} is empty`;
      throw new ArgumentRangeError('options.mode', expected, mode);
    } else pieces.push(...copies(around, axis, extent, params, mode));
  });
  const hasGaps = mode === 'empty';
  return { dtype, distribution: likeDistribution(distribution, padded), pieces, hasGaps };
}

function constants(
  around: readonly SliceItem[],
  axis: number,
  extent: number,
  { widths, constants: values }: PadParams,
  dtype: ArrayMeta['dtype'],
): Piece[] {
  const [before, after] = widths[axis];
  const [low, high] = values[axis].map((value) => scalarAs(value, dtype, 'options.constantValues'));
  return [
    { to: around.with(axis, range(0, before)), from: { value: low } },
    {
      to: around.with(axis, range(before + extent, before + extent + after)),
      from: { value: high },
    },
  ];
}

function copies(
  around: readonly SliceItem[],
  axis: number,
  extent: number,
  { widths }: PadParams,
  mode: 'edge' | MirrorMode,
): Piece[] {
  const [before, after] = widths[axis];
  // NumPy's reflections of one element are that element.
  const repeats = mode === 'edge' || (mode === 'reflect' && extent === 1);
  const runs = (start: number, stop: number) =>
    repeats
      ? [{ start, count: stop - start, source: start < 0 ? 0 : extent - 1, step: 1, extent: 1 }]
      : marginRuns(mode, extent, start, stop);
  return [...runs(-before, 0), ...runs(extent, extent + after)]
    .filter(({ count }) => count > 0)
    .map(({ start, count, source, step, extent: length }) => ({
      to: around.with(axis, range(before + start, before + start + count)),
      from: { array: 'result', slice: around.with(axis, sliceFrom(before + source, step, length)) },
    }));
}

/** The range of `count` indices from `start` on, forwards or backwards. */
function sliceFrom(start: number, step: number, count: number): SliceItem {
  const stop = start + step * count;
  return { start, stop: stop < 0 ? null : stop, step };
}
