/** Where the elements of a datatype lie in memory, and whether they are inside of a view. */
import { ArgumentRangeError, checkInteger } from '../errors.ts';
import { classError } from './errors.ts';

/** What has to be known of a datatype to use it. All in bytes. */
export interface Layout {
  /** The addon's handle; 0 when it was freed. */
  readonly handle: number;
  readonly size: number;
  /** From one element to the next. */
  readonly extent: number;
  /** From an element's origin to its first byte. */
  readonly trueLb: number;
  /** From an element's first byte to its last. */
  readonly trueExtent: number;
}

/**
 * The number of elements of a part of a view, checked: no byte of them lies outside of the view.
 * @param view of which `bytes` bytes may be used
 * @param origin byte where the part begins
 * @param count default: as many as there is room for
 */
export function checkPart(
  argument: string,
  bytes: number,
  origin: number,
  layout: Layout,
  count: number | undefined,
): number {
  if (layout.handle === 0) {
    throw classError('MPI_Type', 'MPI_ERR_TYPE', `the datatype of ${argument} was freed`);
  }
  if (count === undefined) return elementsThatFit(bytes, origin, layout);
  checkInteger(`${argument}.count`, count, 0);
  if (!fits(bytes, origin, layout, count)) {
    throw new ArgumentRangeError(
      argument,
      `room for ${count} × ${layout} from byte ${origin}`,
      `${elementsThatFit(bytes, origin, layout)} in ${bytes} bytes`,
    );
  }
  return count;
}

function fits(bytes: number, origin: number, layout: Layout, count: number): boolean {
  if (count === 0 || layout.trueExtent === 0) return true;
  const last = (count - 1) * layout.extent;
  const first = origin + layout.trueLb;
  return first + Math.min(0, last) >= 0 && first + layout.trueExtent + Math.max(0, last) <= bytes;
}

function elementsThatFit(bytes: number, origin: number, layout: Layout): number {
  if (!fits(bytes, origin, layout, 1)) return 0;
  const { extent, trueLb, trueExtent } = layout;
  if (trueExtent === 0 || extent === 0) return 1;
  const first = origin + trueLb;
  const room = extent > 0 ? bytes - first - trueExtent : first;
  return Math.floor(room / Math.abs(extent)) + 1;
}
