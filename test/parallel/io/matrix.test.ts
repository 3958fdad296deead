// ranks: 4
// timeLimit: 3000
/**
 * Files that some ranks write in one distribution and others read in another: of every map, every dtype, 1 to 4 writing
 * ranks, 1 to 4 reading ones and every kind of reading distribution, for .npy, HDF5 and checkpoints. A sample has
 * each of these maps and dtypes with each number of ranks and each kind of file; `npm run test:full` takes all, the
 * dtypes in turn.
 */
import { strict as assert } from 'node:assert';
import { rmSync } from 'node:fs';
import { DTYPE_NAMES, type Dtype } from '../../../src/dtype/dtype.ts';
import { loadHdf5, saveHdf5 } from '../../../src/entry/hdf5.ts';
import { loadCheckpoint, loadNpy, saveCheckpoint, saveNpy } from '../../../src/entry/io.ts';
import type { LocalArray } from '../../../src/entry/local.ts';
import type { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import type { Comm } from '../../../src/mpi/communicator.ts';
import { EXHAUSTIVE } from '../../launcher/environment.ts';
import { assertNumbered, layoutsOf, numbered, SharedDirectory } from '../../support/files.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const world = MPI.COMM_WORLD;
const { rank } = world;
const directory = new SharedDirectory('matrix');
const RANKS = [1, 2, 3, 4];

interface Format {
  readonly save: (name: string, array: LocalArray) => void;
  readonly load: (name: string, distribution: Distribution, comm: Comm) => LocalArray;
}

const FORMATS: Readonly<Record<string, Format>> = {
  npy: {
    save: (name, array) => saveNpy(name, array),
    load: (name, distribution, comm) => loadNpy(name, distribution, { comm }),
  },
  hdf5: {
    save: (name, array) => saveHdf5(name, array, { mode: 'w' }),
    load: (name, distribution, comm) => loadHdf5(name, distribution, { comm }),
  },
  checkpoint: {
    save: (name, array) => saveCheckpoint(name, { arrays: { a: array } }, { keep: 1 }),
    load: (name, a, comm) => loadCheckpoint(name, { comm, distributions: { a } }).arrays.a,
  },
};

/** By number of ranks. */
const comms = new Map<number, Comm>();
const layouts = RANKS.map((count) => layoutsOf(count, rank));
const names = Object.keys(layouts[0]);

/** What can be combined, and in how many ways. */
const FACTORS = {
  format: Object.keys(FORMATS),
  writtenAs: names,
  dtype: DTYPE_NAMES,
  writers: RANKS,
  readers: RANKS,
  readAs: names,
} as const;

type Case = { readonly [Factor in keyof typeof FACTORS]: (typeof FACTORS)[Factor][number] };

/** Writes on some ranks; where to. */
function write({ format, writtenAs, dtype, writers }: Case): string {
  const name = directory.path(`${format}-${writers}`);
  if (rank < writers) {
    const distribution = layouts[writers - 1][writtenAs]();
    FORMATS[format].save(name, numbered(distribution, dtype as Dtype, comms.get(writers)));
  }
  world.barrier();
  return name;
}

function check(each: Case): void {
  const { format, dtype, readers, readAs } = each;
  const name = write(each);
  if (rank < readers) {
    const distribution = layouts[readers - 1][readAs]();
    const back = FORMATS[format].load(name, distribution, comms.get(readers) as Comm);
    assert.equal(back.distribution, distribution);
    assertNumbered(back, dtype as Dtype, JSON.stringify(each));
  }
  // The next one may write to the same file.
  world.barrier();
}

/** Factors of many values, the pairs of which would be too many for a sample. */
const LARGE: readonly string[] = ['writtenAs', 'dtype', 'readAs'];

/** Cases that have every pair of values of two factors that are not both large: each is the best of a few random ones. */
function sample(seed: number): Case[] {
  let state = seed >>> 0;
  const draw = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const factors = Object.entries(FACTORS);
  const missing = new Set<string>();
  const pairsOf = (picked: readonly number[]) =>
    picked.flatMap((a, i) => picked.slice(i + 1).map((b, k) => `${i}:${a} ${i + 1 + k}:${b}`));
  factors.forEach(([one, first], i) => {
    factors.slice(i + 1).forEach(([other, second], k) => {
      if (LARGE.includes(one) && LARGE.includes(other)) return;
      for (let a = 0; a < first.length; a++) {
        for (let b = 0; b < second.length; b++) missing.add(`${i}:${a} ${i + 1 + k}:${b}`);
      }
    });
  });
  const cases: Case[] = [];
  while (missing.size > 0) {
    // One pair that is missing is in each candidate.
    const [wanted] = missing;
    const fixed = new Map(
      wanted.split(' ').map((part) => part.split(':').map(Number) as [number, number]),
    );
    let best: number[] = [];
    let most = 0;
    for (let k = 0; k < 30; k++) {
      const picked = factors.map(([, values], i) => fixed.get(i) ?? draw(values.length));
      const count = pairsOf(picked).filter((pair) => missing.has(pair)).length;
      if (count > most) [best, most] = [picked, count];
    }
    for (const pair of pairsOf(best)) missing.delete(pair);
    cases.push(
      Object.fromEntries(factors.map(([name, values], i) => [name, values[best[i]]])) as Case,
    );
  }
  return cases;
}

describe('files written on some ranks and read on others', () => {
  before(() => {
    for (const count of RANKS) comms.set(count, world.split(rank < count ? 0 : 1));
  });
  after(() => {
    for (const comm of comms.values()) comm.free();
    if (rank === 0) {
      for (const writers of RANKS) {
        rmSync(directory.path(`checkpoint-${writers}`), { recursive: true, force: true });
      }
    }
  });

  if (process.env[EXHAUSTIVE] !== '1') {
    it('hold the array: a sample with every map and dtype on every number of ranks', () => {
      const cases = sample(sharedSeed());
      assert.ok(cases.length >= names.length * RANKS.length);
      for (const each of cases) check(each);
    });
    return;
  }

  for (const format of FACTORS.format) {
    for (const [writers, readers] of RANKS.flatMap((w) => RANKS.map((r) => [w, r] as const))) {
      it(`hold the array: ${format}, written on ${writers} and read on ${readers}`, () => {
        let turn = writers + readers;
        for (const writtenAs of names) {
          for (const readAs of names) {
            const dtype = DTYPE_NAMES[turn++ % DTYPE_NAMES.length];
            check({ format, writtenAs, dtype, writers, readers, readAs });
          }
        }
      });
    }
  }
});
