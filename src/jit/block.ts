/**
 * The block of calls of compiled functions: one Float64Array shared with C++, that arguments are written into
 * (see `native/jit/jit_block.h`, whose slots these are).
 */
import { addressOfArray } from '../mpi/buffer.ts';
import { loadNative } from '../native.ts';

export const JIT_RESULT = 0;
export const JIT_FUNCTION = 1;
export const JIT_COUNT = 2;
export const JIT_ADDRESSES = 3;
export const JIT_VALUES = 68;
/** Number of slots, for the test that compares them with those of C++. */
export const JIT_SLOT_COUNT = 198;

/** Most arguments of a function. */
export const MAX_ARGUMENTS = 64;

/** The addon's part in functions that are compiled at run time. */
export const raw = loadNative().jit;

/** The block itself. */
export const block = raw.block;

/** Address of the room for values. */
export const valuesAddress = addressOfArray(block, 'block') + JIT_VALUES * block.BYTES_PER_ELEMENT;
/** Bytes of the room for one value. */
export const VALUE_BYTES = 16;
