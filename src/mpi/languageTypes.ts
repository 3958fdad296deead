/**
 * Datatypes of the numbers of C, C++ and Fortran, for messages to and from programs in those languages:
 * their sizes are those of the compilers that the MPI was built with. Their elements lie in whatever
 * array has as many bytes (`{ data, datatype: MPI.LONG }`, `data` a BigInt64Array).
 */
import { basic } from './datatype.ts';

// C.
export const CHAR = basic('CHAR');
export const SIGNED_CHAR = basic('SIGNED_CHAR');
export const UNSIGNED_CHAR = basic('UNSIGNED_CHAR');
export const WCHAR = basic('WCHAR');
export const SHORT = basic('SHORT');
export const UNSIGNED_SHORT = basic('UNSIGNED_SHORT');
export const INT = basic('INT');
export const UNSIGNED = basic('UNSIGNED');
export const LONG = basic('LONG');
export const UNSIGNED_LONG = basic('UNSIGNED_LONG');
export const LONG_LONG = basic('LONG_LONG');
export const UNSIGNED_LONG_LONG = basic('UNSIGNED_LONG_LONG');
/** 16 bytes, of which 10 count, on x86. */
export const LONG_DOUBLE = basic('LONG_DOUBLE');
export const C_LONG_DOUBLE_COMPLEX = basic('C_LONG_DOUBLE_COMPLEX');
/** A pair for `MINLOC` and `MAXLOC`. */
export const LONG_DOUBLE_INT = basic('LONG_DOUBLE_INT');

// C++.
export const CXX_BOOL = basic('CXX_BOOL');
export const CXX_FLOAT_COMPLEX = basic('CXX_FLOAT_COMPLEX');
export const CXX_DOUBLE_COMPLEX = basic('CXX_DOUBLE_COMPLEX');
export const CXX_LONG_DOUBLE_COMPLEX = basic('CXX_LONG_DOUBLE_COMPLEX');

// MPI's own: addresses, places in files, counts, and what `pack` makes.
export const AINT = basic('AINT');
export const OFFSET = basic('OFFSET');
export const COUNT = basic('COUNT');
export const PACKED = basic('PACKED');

// Fortran.
export const CHARACTER = basic('CHARACTER');
export const LOGICAL = basic('LOGICAL');
export const INTEGER = basic('INTEGER');
export const REAL = basic('REAL');
export const DOUBLE_PRECISION = basic('DOUBLE_PRECISION');
export const COMPLEX = basic('COMPLEX');
export const DOUBLE_COMPLEX = basic('DOUBLE_COMPLEX');
export const INTEGER1 = basic('INTEGER1');
export const INTEGER2 = basic('INTEGER2');
export const INTEGER4 = basic('INTEGER4');
export const INTEGER8 = basic('INTEGER8');
export const REAL4 = basic('REAL4');
export const REAL8 = basic('REAL8');
export const COMPLEX8 = basic('COMPLEX8');
export const COMPLEX16 = basic('COMPLEX16');
