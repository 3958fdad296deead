/** Distributed arrays as text. */
import type { Dtype } from '../dtype/dtype.ts';
import { arrayToString } from '../local/format/arrayToString.ts';
import { arrayText, shownPositions } from '../local/format/layout.ts';
import { type PrintOptions, withOptions } from '../local/format/printOptions.ts';
import { cornersOperation } from '../ops/gatherArray.ts';
import type { DistArray } from './distArray.ts';

/** Number of local elements that `console.log` shows whole. */
const SHOWN = 32;

/** Returns all elements, or the corners, as NumPy shows them. */
export function textOf(array: DistArray<Dtype>, given: Partial<PrintOptions> = {}): string {
  const options = withOptions(given);
  const { shape, dtype } = array;
  const positions = shownPositions(shape, options);
  const corners = array.context.session.evaluate(cornersOperation, [array.handle], positions);
  return arrayText({ shape, dtype, elements: corners.data }, options);
}

/** Describes an array, and shows the ends of the local part. */
export function inspected(array: DistArray<Dtype>): string {
  const { shape, dtype, dist, gridShape, distribution, context } = array;
  const extents = (list: readonly number[]) => `[${list.join(', ')}]`;
  const where = distribution.isReplicated
    ? 'on every process'
    : `dist ${dist.join('')} over grid ${extents(gridShape)}`;
  const head = `DistArray ${dtype} ${extents(shape)}, ${where}`;
  if (array.isDisposed) return `${head}, disposed of`;
  if (context.rank === null) return head;
  const local = context.session.peekAt(array.handle);
  const text = arrayToString(local, { threshold: SHOWN, edgeItems: 2 }, 2);
  const part = local.rank < 0 ? 'nothing on' : `${extents(local.localShape)} on`;
  return `${head}, ${part} rank ${context.rank}\n  ${text}`;
}
