/**
 * The kernels' block: like the command block of MPI calls, one Float64Array shared with C++ that
 * arguments are written into (see `native/kernels/kernel_block.h`, whose slots these are).
 */
import { DTYPE_NAMES, type Dtype } from '../dtype/dtype.ts';
import { DistArrayError } from '../errors.ts';
import { loadNative } from '../native.ts';

export const KERNEL_RESULT = 0;
export const OPERATION = 1;
export const COMPUTE = 2;
export const OPERANDS = 3;
export const DIMENSIONS = 4;
export const MASKED = 5;
export const SHAPE = 6;
/** Of copies along runs, in the place of {@link SHAPE}. */
export const RUNS_FROM = 6;
export const RUNS_TO = 7;
export const RUNS_ITEMSIZE = 8;
export const RUNS_FIRST = 9;
export const RUNS_COUNT = 10;
export const RUNS_AXES = 11;
/** Slots of an axis from {@link RUNS_AXES} on. */
export const RUNS_AXIS_SLOTS = 7;
/** Of the search for true elements, in the place of {@link SHAPE}. */
export const FIND_MASK = 6;
export const FIND_LENGTH = 7;
export const FIND_OUT = 8;
export const FIND_START = 9;
export const FIND_STEP = 10;
export const FIND_COUNT = 11;
/** Of owners of indices, in the place of {@link SHAPE}. */
export const OWNERS_INDICES = 6;
export const OWNERS_COUNT = 7;
export const OWNERS_RANKS = 8;
export const OWNERS_START = 9;
export const OWNERS_STEP = 10;
export const OWNERS_BLOCK = 11;
export const OWNERS_GRID = 12;
export const OWNERS_STRIDE = 13;
/** Of sorting by rank, in the place of {@link SHAPE}. */
export const SORT_INDICES = 6;
export const SORT_RANKS = 7;
export const SORT_COUNT = 8;
export const SORT_PLACES = 9;
export const SORT_SORTED = 10;
export const SORT_ORDER = 11;
/** Of numbers in text, in the place of {@link SHAPE}. */
export const TEXT_BYTES = 6;
export const TEXT_LENGTH = 7;
export const TEXT_IS_LAST = 8;
export const TEXT_DTYPE = 9;
export const TEXT_DELIMITER = 10;
export const TEXT_FIELDS = 11;
export const TEXT_COLUMNS = 12;
export const TEXT_COLUMN_COUNT = 13;
export const TEXT_COMMENT = 14;
export const TEXT_COMMENT_LENGTH = 15;
export const TEXT_MISSING = 16;
export const TEXT_MISSING_LENGTH = 17;
export const TEXT_FILLER = 18;
export const TEXT_OUT = 19;
export const TEXT_ROOM = 20;
export const TEXT_USED = 21;
export const TEXT_LINES = 22;
export const TEXT_ROWS = 23;
export const TEXT_PROBLEM = 24;
export const TEXT_FIELD = 25;
export const TEXT_QUOTE = 26;
export const CONSTANTS = 860;
/** Number of slots, for the test that compares them with those of C++. */
export const KERNEL_SLOT_COUNT = 908;

/** Results of a kernel: it is done, … */
export const DONE = 0;
/** … there is no loop for such operands, … */
export const NO_SUCH_LOOP = 1;
/** … there is no memory for a temporary, … */
export const NO_MEMORY = 2;
/** … or an index of the axis that is added to this is out of range. */
export const BAD_INDEX = 3;

/** Most dimensions of a view, as in NumPy. */
export const MAX_DIMS = 32;

/** The addon's kernels. */
export const raw = loadNative().kernels;

/** The block itself. */
export const block = raw.block;

/** The numbers that C++ knows the dtypes by. */
export const DTYPE_NUMBERS = Object.freeze(
  Object.fromEntries(DTYPE_NAMES.map((name, number) => [name, number])),
) as Readonly<Record<Dtype, number>>;

/**
 * Throws when the kernel that was just called has failed.
 * @throws {@link DistArrayError} `ERR_MEMORY`, `ERR_NO_KERNEL`
 */
export function checkKernel(name: string): void {
  const result = block[KERNEL_RESULT];
  if (result === DONE) return;
  if (result === NO_MEMORY) {
    throw new DistArrayError('ERR_MEMORY', `There is no memory for a temporary copy in ${name}`);
  }
  throw new DistArrayError('ERR_NO_KERNEL', `The addon has no kernel for ${name}: build it anew`);
}
