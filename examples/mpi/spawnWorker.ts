/** What `spawn.ts` starts: sums every size-th term of a series for π. */
import { MPI } from 'distarray/mpi';

const parent = MPI.getParent();
if (parent === null) throw new Error('start spawn.ts, which starts me');
const { rank, size } = MPI.COMM_WORLD;

const terms = new Float64Array(1);
parent.bcast(terms, { root: 0 });
const width = 1 / terms[0];
let part = 0;
for (let i = rank; i < terms[0]; i += size) part += (4 * width) / (1 + ((i + 0.5) * width) ** 2);
parent.reduce(Float64Array.of(part), null, { root: 0 });
parent.disconnect();
