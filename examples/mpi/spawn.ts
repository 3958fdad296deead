/**
 * Starts workers while the job runs, and lets them sum a series:
 *
 *     distarray run --oversubscribe -n 1 examples/mpi/spawn.ts --workers 2
 *
 * Open MPI needs a free slot for each worker, or `--oversubscribe`. Debian's MPICH 4.0 cannot start
 * processes.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MPI } from 'distarray/mpi';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '2' },
    terms: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
  },
});
const workers = Number(values.workers);
const terms = Number(values.terms);

const world = MPI.COMM_WORLD;
const script = fileURLToPath(new URL('./spawnWorker.ts', import.meta.url));
const start = MPI.wtime();
const team = world.spawn(process.execPath, [...process.execArgv, script], { maxprocs: workers });

// Data flow between rank 0 of this side, the root, and all workers.
const root = world.rank === 0 ? MPI.ROOT : MPI.PROC_NULL;
const pi = new Float64Array(1);
team.bcast(Float64Array.of(terms), { root });
team.reduce(null, pi, { root });
team.disconnect();

if (world.rank === 0) {
  const seconds = MPI.wtime() - start;
  if (values.json) {
    console.log(JSON.stringify({ example: 'spawn', workers, terms, pi: pi[0], seconds }));
  } else {
    console.log(`${workers} workers found π ≈ ${pi[0].toFixed(9)} in ${seconds.toFixed(2)} s`);
  }
}
