/** The command line of the benchmark of expressions. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { MpiFlavour } from '../../src/native.ts';

export const groupNames = ['fused', 'diffusion', 'heat', 'laplace', 'tiny', 'step'] as const;
export type GroupName = (typeof groupNames)[number];

export interface Options {
  readonly rounds: number;
  readonly size: 'full' | 'small';
  readonly groups: readonly GroupName[];
  readonly flavour: MpiFlavour;
  /** Numbers of ranks for scaling, from 1 up. */
  readonly ranks: readonly number[];
  readonly markdown: boolean;
}

export const usage = `Usage: npm run bench:expr -- [options]

Measures fused expressions and stencils against C, C++, Fortran, NumPy, numexpr and mpi4py + NumPy, the programs
taking turns. What is not installed is left out, and the table says so; bench/setup installs it.

  --rounds N       how often each program is started (default 5)
  --size SIZE      full: what the targets are for; small: to see that it runs (default full)
  --only LIST      of ${groupNames.join(', ')}
  --mpi MPI        openmpi or mpich (default openmpi)
  --ranks LIST     ranks for strong scaling, 1 and 2 among them (default: powers of two up to the cores, at most 16)
  --markdown       prints the tables as docs/performance.md has them
  --help           this text

The samples are written to bench/results/expr.json, the plots beside it.
`;

/** Returns what the command line asks for, or a text that says what is wrong with it. */
export function parseOptions(args: readonly string[]): Options | 'help' | { error: string } {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '5' },
        size: { type: 'string', default: 'full' },
        only: { type: 'string', default: groupNames.join(',') },
        mpi: { type: 'string', default: 'openmpi' },
        ranks: { type: 'string', default: powersOfTwo().join(',') },
        markdown: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    return { error: (cause as Error).message };
  }
  if (values.help) return 'help';
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    return { error: `--rounds must be a positive integer, not '${values.rounds}'` };
  }
  const { size, mpi } = values;
  if (size !== 'full' && size !== 'small') {
    return { error: `--size must be full or small, not '${size}'` };
  }
  if (mpi !== 'openmpi' && mpi !== 'mpich') {
    return { error: `--mpi must be openmpi or mpich, not '${mpi}'` };
  }
  const groups = `${values.only}`.split(',') as GroupName[];
  const unknown = groups.find((name) => !groupNames.includes(name));
  if (unknown !== undefined) {
    return { error: `--only must list ${groupNames.join(', ')}, not '${unknown}'` };
  }
  const ranks = `${values.ranks}`.split(',').map(Number);
  const areRanks = ranks.every((each, k) => Number.isInteger(each) && each > (ranks[k - 1] ?? 0));
  if (!areRanks || ranks[0] !== 1 || !ranks.includes(2)) {
    return { error: `--ranks must rise from 1 with 2 among them, not '${values.ranks}'` };
  }
  return { rounds, size, groups, flavour: mpi, ranks, markdown: values.markdown === true };
}

function powersOfTwo(): number[] {
  const most = Math.max(2, Math.min(16, availableParallelism()));
  return [1, 2, 4, 8, 16].filter((ranks) => ranks <= most);
}
