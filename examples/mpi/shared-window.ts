/**
 * Heat that spreads along a rod, in memory that all ranks of a host share:
 *
 *   distarray run -n 4 examples/mpi/shared-window.ts --size 1000 --steps 500 [--json]
 *
 * Each rank owns a part of the rod and computes it. What it needs of its neighbours' parts it reads
 * where they lie: there are no messages. A counter in the same memory, which all ranks add to, says
 * how many elements have been computed altogether.
 */
import { parseArgs } from 'node:util';
import { MPI } from 'distarray/mpi';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

interface Options {
  readonly size: number;
  readonly steps: number;
  readonly json: boolean;
}

/** The first element of a rank's part; that of `size` is the length of the rod. */
function partStart(owner: number, length: number): number {
  return Math.floor((owner * length) / size);
}

/** One step of the explicit scheme for an element and its neighbours. */
function next(left: number, here: number, right: number): number {
  return here + 0.25 * (left - 2 * here + right);
}

/** Heat at the start: all of it in the middle. */
function initial(index: number, length: number): number {
  return index === Math.floor(length / 2) ? length : 0;
}

/** The rod after the steps, computed on shared memory, and how many elements that took. */
function spread({ size: length, steps }: Options): { rod: Float64Array; computed: number } {
  const start = partStart(rank, length);
  const own = partStart(rank + 1, length) - start;
  using before = MPI.Win.allocateShared(Float64Array, own, world);
  using after = MPI.Win.allocateShared(Float64Array, own, world);
  using counter = MPI.Win.allocateShared(Int32Array, rank === 0 ? 1 : 0, world);
  before.memory!.set(Float64Array.from({ length: own }, (_, i) => initial(start + i, length)));

  let [from, into] = [before, after];
  for (let step = 0; step < steps; step++) {
    world.barrier(); // all parts of `from` are complete
    const here = from.memory!;
    // The rod's ends keep their heat: their outer neighbours are they themselves.
    const left = rank === 0 ? here[0] : from.shared(rank - 1).at(-1)!;
    const right = rank === size - 1 ? here[own - 1] : from.shared(rank + 1)[0];
    const there = into.memory!;
    for (let i = 0; i < own; i++) {
      there[i] = next(i === 0 ? left : here[i - 1], here[i], i === own - 1 ? right : here[i + 1]);
    }
    Atomics.add(counter.shared(0), 0, own);
    [from, into] = [into, from];
  }
  world.barrier();
  // Every rank reads the whole rod.
  const rod = new Float64Array(length);
  for (let owner = 0; owner < size; owner++) {
    rod.set(from.shared(owner), partStart(owner, length));
  }
  const computed = Atomics.load(counter.shared(0), 0);
  world.barrier(); // nobody frees what another one still reads
  return { rod, computed };
}

/** The same by one process without shared memory. */
function spreadAlone({ size: length, steps }: Options): Float64Array {
  let from = Float64Array.from({ length }, (_, i) => initial(i, length));
  for (let step = 0; step < steps; step++) {
    from = from.map((here, i) => next(from[i - 1] ?? here, here, from[i + 1] ?? here));
  }
  return from;
}

function main(options: Options): void {
  const start = MPI.wtime();
  const { rod, computed } = spread(options);
  const seconds = MPI.wtime() - start;
  if (rank !== 0) return;
  const wanted = spreadAlone(options);
  const differing = rod.filter((heat, i) => heat !== wanted[i]).length;
  if (differing > 0) throw new Error(`${differing} elements are not what one process computes.`);
  const heat = rod.reduce((sum, value) => sum + value, 0);
  const peak = Math.max(...rod);
  const { json, ...given } = options;
  const line = { example: 'shared-window', ranks: size, ...given, heat, peak, computed, seconds };
  if (json) console.log(JSON.stringify(line));
  else {
    console.log(`${options.size} elements, ${options.steps} steps, ${size} ranks, no message`);
    console.log(`heat ${heat.toFixed(6)}, at most ${peak.toFixed(3)} in one place`);
    console.log(
      `${computed} elements computed in ${seconds.toFixed(3)} s, as one process has them`,
    );
  }
}

function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: '1000' },
      steps: { type: 'string', default: '500' },
      json: { type: 'boolean', default: false },
    },
  });
  const number = (name: 'size' | 'steps', least: number): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least) return value;
    throw new Error(`Expected an integer ≥ ${least} for --${name}, but received '${values[name]}'`);
  };
  // Every rank has an element at least.
  return { size: number('size', size), steps: number('steps', 0), json: values.json! };
}

try {
  main(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  // The same on every rank, so said once.
  if (rank === 0) process.stderr.write(`shared-window: ${error.message}\n`);
  process.exitCode = 1;
}
