import { findCompiler } from '../../src/jit/compiler.ts';
import { skip } from '../launcher/skip.ts';

/** Skips a test on a machine without a Fortran compiler, which distarray does not need. */
export function needsFortran(context: Mocha.Context): void {
  try {
    findCompiler('fortran');
  } catch {
    skip(context, 'no Fortran compiler');
  }
}
