/** The command line of the benchmark. */
import { parseArgs } from 'node:util';
import type { MpiFlavour } from '../src/native.ts';

export const threadLevels = ['single', 'funneled', 'serialized', 'multiple'] as const;
export type ThreadLevel = (typeof threadLevels)[number];

export const suiteNames = ['pingpong', 'exchange', 'julia'] as const;
export type SuiteName = (typeof suiteNames)[number];

export interface Options {
  readonly rounds: number;
  readonly suites: readonly SuiteName[];
  /** Undefined: all that are built. */
  readonly flavours: readonly MpiFlavour[] | undefined;
  readonly level: ThreadLevel;
  readonly quick: boolean;
  readonly markdown: boolean;
}

export const usage = `Usage: npm run bench -- [options]

Measures messages, exchanges and the Julia kernel against C and mpi4py: 2 ranks, the programs taking turns.

  --rounds N        how often each program is started (default 10)
  --only SUITE      pingpong (messages and collectives), exchange (redistribution, halos) or julia
  --mpi LIST        openmpi, mpich or openmpi,mpich (default: all that are built)
  --level LEVEL     thread level of all peers: ${threadLevels.join(', ')} (default serialized)
  --quick           3 rounds with fewer iterations: to see that it runs, not for figures
  --markdown        prints the tables as docs/performance.md has them
  --help            this text

The samples are written to bench/results/latest.json.
`;

/** Returns what the command line asks for, or a text that says what is wrong with it. */
export function parseOptions(args: readonly string[]): Options | 'help' | { error: string } {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string' },
        only: { type: 'string' },
        mpi: { type: 'string' },
        level: { type: 'string', default: 'serialized' },
        quick: { type: 'boolean', default: false },
        markdown: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    return { error: (cause as Error).message };
  }
  if (values.help) return 'help';
  const quick = values.quick === true;
  const rounds = Number(values.rounds ?? (quick ? 3 : 10));
  if (!Number.isInteger(rounds) || rounds < 1) {
    return { error: `--rounds must be a positive integer, not '${values.rounds}'` };
  }
  const suites = values.only === undefined ? suiteNames : oneOf(suiteNames, values.only);
  if (!suites) return { error: `--only must be ${suiteNames.join(', ')}, not '${values.only}'` };
  const level = oneOf(threadLevels, values.level);
  if (!level) {
    return { error: `--level must be one of ${threadLevels.join(', ')}, not '${values.level}'` };
  }
  let flavours: MpiFlavour[] | undefined;
  if (typeof values.mpi === 'string') {
    flavours = [];
    for (const name of values.mpi.split(',')) {
      const flavour = oneOf(['openmpi', 'mpich'] as const, name);
      if (!flavour) return { error: `--mpi must list openmpi or mpich, not '${name}'` };
      flavours.push(flavour[0]);
    }
  }
  const markdown = values.markdown === true;
  return { rounds, suites, flavours, level: level[0], quick, markdown };
}

function oneOf<T>(allowed: readonly T[], value: unknown): [T] | undefined {
  return allowed.includes(value as T) ? [value as T] : undefined;
}
