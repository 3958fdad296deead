/** The rows of the benchmark of expressions: what is computed, by whom, and what ours shall reach. */
import { atLeast, atMost, type Goal, within } from './goals.ts';
import type { GroupName, Options } from './options.ts';
import type { PeerName, Work } from './programs.ts';

/** A program on so many ranks. */
export interface Run {
  readonly peer: PeerName;
  readonly ranks: number;
  readonly work: Work;
}

/** A row: our program, and those that do the same. */
export interface Case {
  readonly group: GroupName;
  readonly what: string;
  readonly ours: Run;
  readonly peers: readonly Run[];
  /** How many iterations the time is shown for. Default 1. */
  readonly steps?: number;
  /** Elements that are computed in the time shown. */
  readonly points: number;
  /** Bytes that must move between memory and processor in the time shown, where that is what limits. */
  readonly bytes?: number;
  readonly goals?: readonly Goal[];
  /** What the sum of the result is known to be. */
  readonly sum?: number;
}

/** A program on growing numbers of ranks. */
export interface Scaling {
  readonly group: GroupName;
  readonly what: string;
  readonly points: number;
  readonly steps: number;
  readonly programs: readonly { readonly name: string; readonly runs: readonly Run[] }[];
}

/** The sum of the densities after 13,410 steps on 299² points, as the published programs have it. */
const DIFFUSION_SUM = 8048.61644776;

/** Steps of the run time 15 at the edge of stability: dt = dx² / (4 D), D = 1, from −10 to 10. */
function diffusionSteps(points: number): number {
  return Math.floor(15 / (0.25 * (20 / points) ** 2));
}

/** All rows, and what is shown against the number of ranks. */
export function casesOf({ size, groups, ranks }: Options): {
  cases: Case[];
  scalings: Scaling[];
} {
  const isSmall = size === 'small';
  const grids = gridsOf(isSmall, ranks);
  const cases = [...fusedCases(isSmall), ...grids.cases, ...shortCases(isSmall)];
  const wanted = cases.filter(({ group }) => groups.includes(group));
  return {
    // Small sizes have no targets.
    cases: isSmall ? wanted.map((each) => ({ ...each, goals: [] })) : wanted,
    scalings: grids.scalings.filter(({ group }) => groups.includes(group)),
  };
}

/** The bandwidth of the memory, of so many ranks together. */
export function triad(ranks: number, isSmall: boolean): Run & { readonly bytes: number } {
  const elements = isSmall ? 2 ** 20 : 2 ** 23;
  const work = { size: elements, warmup: 2, iterations: 1, batches: 7 };
  return {
    peer: 'C',
    ranks,
    work: { file: 'fused', kind: 'triad', ...work },
    bytes: ranks * elements * 24,
  };
}

function fusedCases(isSmall: boolean): Case[] {
  const make = (
    what: string,
    kind: string,
    mebi: number,
    counts: Pick<Work, 'warmup' | 'iterations' | 'batches'>,
    goals: readonly Goal[],
    [vmGoals, compiledGoals]: readonly (readonly Goal[])[],
  ): Case[] => {
    const elements = (isSmall ? 2 ** 14 : 2 ** 20) * mebi;
    const run = (peer: PeerName, name = kind): Run => ({
      peer,
      ranks: 1,
      work: { file: 'fused', kind: name, size: elements, ...counts },
    });
    const peers = (['C', 'NumPy', 'numexpr'] as const).map((peer) => run(peer));
    const row = { group: 'fused', peers, points: elements, bytes: 24 * elements } as const;
    const title = `${what}, ${mebi} ${isSmall ? '× 2¹⁴' : 'Mi'}`;
    return [
      { ...row, what: `${title}, VM`, ours: run('ours, VM'), goals: [...goals, ...vmGoals] },
      {
        ...row,
        what: `${title}, compiled`,
        ours: run('ours, compiled'),
        goals: [...goals, ...compiledGoals],
      },
      { ...row, what: `${title}, new array`, ours: run('ours', `${kind}New`) },
    ];
  };
  const square = [atLeast(3, 'NumPy'), atLeast(2, 'numexpr')];
  const toC = [[atMost(2.2, 'C')], [atMost(1.25, 'C')]] as const;
  const large = { warmup: 8, iterations: 1, batches: 9 };
  const waves = [atLeast(1.5, 'NumPy')];
  return [
    ...make('a² + b² + 2ab', 'square', 1, { warmup: 20, iterations: 5, batches: 15 }, square, toC),
    ...make('a² + b² + 2ab', 'square', 8, large, square, toC),
    // Functions of the VM are called in blocks: there is nothing to compile.
    ...make('sin²(a) + exp(−b)·√a', 'waves', 8, { ...large, batches: 5 }, waves, [[], []]).filter(
      ({ ours }) => ours.peer !== 'ours, compiled',
    ),
  ];
}

function gridsOf(isSmall: boolean, ranks: readonly number[]) {
  const run = (peer: PeerName, kind: string, ranks: number, size: number, steps: number): Run => ({
    peer,
    ranks,
    work: { file: 'grids', kind, size, warmup: 0, iterations: steps, batches: 1 },
  });
  const scaling = (group: 'diffusion' | 'heat', size: number, steps: number, points: number) => ({
    group,
    what: `${group} ${size}${group === 'heat' ? '³' : '²'}, ${steps.toLocaleString('en-US')} steps`,
    steps,
    points: points * steps,
    programs: (['ours', 'C'] as const).map((peer) => ({
      name: peer === 'C' ? 'C + MPI' : peer,
      runs: ranks.map((count) => run(peer, group, count, size, steps)),
    })),
  });

  const n = isSmall ? 99 : 299;
  const steps = diffusionSteps(n);
  // Python takes its time: a part of the steps tells how long one takes.
  const some = Math.ceil(steps / 10);
  const diffusion = { group: 'diffusion', steps, points: n * n * steps } as const;
  const title = `diffusion ${n}², ${steps.toLocaleString('en-US')} steps`;
  const ours = (count: number) => run('ours', 'diffusion', count, n, steps);
  const sum = n === 299 ? DIFFUSION_SUM : undefined;

  const side = isSmall ? 64 : 256;
  const heatSteps = isSmall ? 20 : 100;
  const heat = {
    group: 'heat',
    steps: heatSteps,
    points: side ** 3 * heatSteps,
    bytes: 16 * side ** 3 * heatSteps,
  } as const;
  const heatTitle = `heat ${side}³, ${heatSteps} steps`;

  const cases: Case[] = [
    {
      ...diffusion,
      what: `${title}, 1 rank`,
      ours: ours(1),
      peers: [
        run('C++ -O3', 'diffusion', 1, n, steps),
        run('NumPy', 'diffusion', 1, n, some),
        run('numexpr', 'diffusion', 1, n, some),
      ],
      goals: [atMost(1.3, 'C++ -O3')],
      sum,
    },
    {
      ...diffusion,
      what: `${title}, 1 rank`,
      ours: ours(1),
      peers: [run('C++ -march=native', 'diffusion', 1, n, steps)],
      sum,
    },
    {
      ...diffusion,
      what: `${title}, 1 rank, VM`,
      ours: run('ours, VM', 'diffusion', 1, n, steps),
      peers: [run('C++ -O3', 'diffusion', 1, n, steps)],
      sum,
    },
    {
      ...diffusion,
      what: `${title}, 2 ranks against 1 in C++`,
      ours: ours(2),
      peers: [run('C++ -O3', 'diffusion', 1, n, steps)],
      goals: [atMost(1, 'C++ -O3', 'C++ -O3 on 1')],
      sum,
    },
    {
      ...diffusion,
      what: `${title}, 2 ranks`,
      ours: ours(2),
      peers: [run('C', 'diffusion', 2, n, steps), run('mpi4py + NumPy', 'diffusion', 2, n, some)],
      sum,
    },
    {
      ...heat,
      what: `${heatTitle}, 1 rank`,
      ours: run('ours', 'heat', 1, side, heatSteps),
      peers: [run('C', 'heat', 1, side, heatSteps)],
    },
    {
      ...heat,
      what: `${heatTitle}, 2 ranks`,
      ours: run('ours', 'heat', 2, side, heatSteps),
      peers: [
        run('C', 'heat', 2, side, heatSteps),
        run('mpi4py + NumPy', 'heat', 2, side, Math.ceil(heatSteps / 20)),
      ],
      goals: [atLeast(0.9, 'C')],
    },
  ];
  const scalings: Scaling[] = [
    scaling('diffusion', n, steps, n * n),
    scaling('heat', side, heatSteps, side ** 3),
  ];
  return { cases, scalings };
}

function shortCases(isSmall: boolean): Case[] {
  const side = isSmall ? 100 : 500;
  const laplace = { warmup: 10, iterations: 100, batches: 3 };
  const jacobi = (peer: PeerName): Run => ({
    peer,
    ranks: 1,
    work: { file: 'grids', kind: 'laplace', size: side, ...laplace },
  });
  const tiny = (peer: PeerName): Run => ({
    peer,
    ranks: 1,
    work: {
      file: 'fused',
      kind: 'tiny',
      size: 10,
      warmup: isSmall ? 2000 : 20_000,
      iterations: isSmall ? 1000 : 10_000,
      batches: 10,
    },
  });
  const step = (peer: PeerName): Run => ({
    peer,
    ranks: 2,
    work: {
      file: 'grids',
      kind: 'step',
      size: 64,
      warmup: isSmall ? 2000 : 20_000,
      iterations: isSmall ? 500 : 2000,
      batches: 20,
    },
  });
  return [
    {
      group: 'laplace',
      what: `Laplace ${side}², 100 steps with error norm`,
      ours: jacobi('ours'),
      peers: [jacobi('Fortran'), jacobi('NumPy')],
      steps: 100,
      points: 100 * side ** 2,
      goals: [atLeast(5, 'NumPy')],
    },
    {
      group: 'tiny',
      what: 'a² + b² + 2ab, 10 elements, into',
      ours: tiny('ours'),
      peers: [tiny('NumPy'), tiny('numexpr')],
      points: 10,
      goals: [within(5e-6)],
    },
    {
      group: 'step',
      what: 'halo + stencil step on 64², 2 ranks',
      ours: step('ours'),
      peers: [step('C'), step('mpi4py + NumPy')],
      points: 64 ** 2,
      goals: [atMost(1.5, 'C')],
    },
  ];
}
