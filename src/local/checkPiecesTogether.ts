/** The collective check that the processes' parts make one distributed array. */
import { ArgumentRangeError } from '../errors.ts';
import type { Comm } from '../mpi/communicator.ts';
import { checkSummaries, sharedIndexProblem, watchedRanks } from '../protocol/checkPieces.ts';
import { type DimSummary, indicesOf, summarize } from '../protocol/pieceSummary.ts';
import type { PlainDimDict } from '../protocol/structure.ts';

/**
 * Checks that the parts of all processes make one distributed array, and returns what each has, by
 * rank; of unstructured dimensions not the indices: nobody holds more than its share. Whether an
 * index has two owners is looked up at the process that watches over it.
 *
 * @param dimData what `importDistArray` gives for this process's structure
 * @remarks Collective over `comm`: an allgather of the dictionaries, and for each one-to-one
 * dimension an all-to-all exchange of its indices (`MPI_Alltoallv`) and a second allgather.
 * @throws {@link ArgumentRangeError} on every rank alike; the message tells what is wrong
 */
export function checkPiecesTogether(comm: Comm, dimData: readonly PlainDimDict[]): DimSummary[][] {
  const perRank = comm.allgatherObjects(dimData.map(summarize));
  const problems = checkSummaries(perRank);
  if (problems.length > 0) throw partsError(problems.map(({ message }) => message));
  perRank[0].forEach((summary, axis) => {
    if (summary.dist_type !== 'u' || !summary.one_to_one) return;
    const watched = watchedRanks(perRank, axis).includes(comm.rank);
    const own = watched ? indicesOf(dimData[axis] as never) : new Int32Array(0);
    const parts = exchangeIndices(comm, BigInt64Array.from(own as Int32Array, BigInt));
    const problem = sharedIndexProblem(parts, axis);
    const told = comm.allgatherObjects(problem?.message ?? null).find((text) => text !== null);
    if (typeof told === 'string') throw partsError([told]);
  });
  return perRank;
}

/** Brings each index to the process that watches over it: its remainder modulo the processes. */
function exchangeIndices(comm: Comm, own: BigInt64Array) {
  const { size } = comm;
  const watcherOf = (index: bigint) =>
    Number(((index % BigInt(size)) + BigInt(size)) % BigInt(size));
  const sendCounts = new Int32Array(size);
  for (const index of own) sendCounts[watcherOf(index)]++;
  const recvCounts = new Int32Array(size);
  comm.alltoall(sendCounts, recvCounts);
  const places = placesOf(sendCounts);
  const sent = new BigInt64Array(own.length);
  for (const index of own) sent[places[watcherOf(index)]++] = index;
  const received = new BigInt64Array(recvCounts.reduce((sum, count) => sum + count, 0));
  comm.alltoall(sent, received, { sendCounts, recvCounts });
  const begins = placesOf(recvCounts);
  return Array.from(recvCounts, (count, rank) => ({
    rank,
    indices: received.subarray(begins[rank], begins[rank] + count),
  }));
}

function placesOf(counts: Int32Array): Int32Array {
  const places = new Int32Array(counts.length);
  for (let k = 1; k < counts.length; k++) places[k] = places[k - 1] + counts[k - 1];
  return places;
}

const SHOWN = 8;

function partsError(problems: readonly string[]): ArgumentRangeError {
  const more = problems.length > SHOWN ? `; ${problems.length - SHOWN} more` : '';
  const expected = 'parts that make one distributed array';
  const text = `${problems.slice(0, SHOWN).join('; ')}${more}`;
  return new ArgumentRangeError('dimData', `${expected} (${text})`, `${problems.length} problems`);
}
