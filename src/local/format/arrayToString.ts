/** The local part of an array as text. */
import type { Dtype } from '../../dtype/dtype.ts';
import { gather } from '../../kernels/copy.ts';
import { newResult } from '../../kernels/stridedView.ts';
import type { LocalMemory } from '../localMemory.ts';
import { arrayText, shownPositions } from './layout.ts';
import { type PrintOptions, withOptions } from './printOptions.ts';

/**
 * Returns the local elements as text, as NumPy shows an array (`numpy.array2string`). Communicates nothing.
 *
 * @param options - in the place of those of {@link setPrintOptions}
 * @param indent - characters that the caller puts before the first line
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for wrong options
 */
export function arrayToString(
  array: LocalMemory<Dtype>,
  options: Partial<PrintOptions> = {},
  indent = 0,
): string {
  const all = withOptions(options);
  const { dtype, localSize } = array;
  if (localSize === 0) return '[]';
  const shape = array.localShape;
  const positions = shownPositions(shape, all);
  const corner = newResult(
    dtype,
    positions.map(({ length }) => length),
  );
  gather(
    corner,
    array.readView(),
    positions.map((list) => Int32Array.from(list)),
  );
  return arrayText({ shape, dtype, elements: corner.data }, all, indent);
}
