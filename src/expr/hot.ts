/** Expressions that are computed again and again get machine code of their own. */
import { type PendingLibrary, tryCompile } from '../jit/compile.ts';
import { compileByLeader } from '../jit/leader.ts';
import { setProgramLoop } from '../kernels/program.ts';
import type { Compiled } from './compile.ts';
import { LOOP_NAME } from './machineCode.ts';

/** Elements times steps after which compiling, which takes about 0.1 s on another core, has begun to pay. */
const THRESHOLD = 2 ** 28;
/** What a call costs beside its elements, in elements times steps. */
const CALL = 2 ** 12;

/**
 * When expressions are compiled: `1` those that are used much, in the background (the default), `now` each when it is
 * first used, `0` none.
 */
const mode = process.env.DISTARRAY_JIT ?? '1';

/** How far a program is on its way to machine code. */
interface Heat {
  work: number;
  pending: PendingLibrary | null;
}

const heats = new WeakMap<Compiled, Heat | 'settled'>();

/**
 * Notes that a program is about to be run; gives it machine code when that is worth while and there.
 *
 * @param elements - of the result, on this process
 * @returns whether nothing more will come of it
 * @remarks Local. The first process of each host compiles, the others look for what it has made. Results are the same
 * bits with machine code and without.
 */
export function warm(compiled: Compiled, elements: number): boolean {
  const heat = heats.get(compiled);
  if (heat === 'settled') return true;
  if (heat === undefined) return settle(compiled, begin(compiled));
  if (heat.pending === null) {
    heat.work += elements * compiled.steps + CALL;
    if (heat.work < THRESHOLD) return false;
    heat.pending = compileByLeader({ language: 'c', source: compiled.source!, flags: FLAGS });
    return heat.pending === null && settle(compiled, 'settled');
  }
  const { library, hasFailed } = heat.pending;
  if (library === null) return hasFailed && settle(compiled, 'settled');
  setProgramLoop(compiled.program, library.addressOf(LOOP_NAME), compiled.numbers);
  return settle(compiled, 'settled');
}

function settle(compiled: Compiled, heat: Heat | 'settled'): boolean {
  heats.set(compiled, heat);
  return heat === 'settled';
}

/** Integers wrap around, as in the kernels. */
const FLAGS = ['-fwrapv'];

function begin(compiled: Compiled): Heat | 'settled' {
  const { source } = compiled;
  if (source === null || mode === '0') return 'settled';
  if (mode !== 'now') return { work: 0, pending: null };
  const library = tryCompile({ language: 'c', source, flags: FLAGS });
  if (library !== null) {
    setProgramLoop(compiled.program, library.addressOf(LOOP_NAME), compiled.numbers);
  }
  return 'settled';
}
