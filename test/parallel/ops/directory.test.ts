import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { UnstructuredMap } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { Directory } from '../../../src/ops/directory.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';

const comm = MPI.COMM_WORLD;
const { rank, size } = comm;

function known(lists: readonly (readonly number[])[], oneToOne = false, total?: number) {
  const indices = lists[rank];
  return UnstructuredMap.ofRank({
    size: total ?? lists.flat().length,
    gridSize: size,
    gridRank: rank,
    indices,
    oneToOne,
  });
}

/** Deals 0 … count − 1 out by a stride that is prime to the count, in pieces of uneven length. */
function dealt(count: number): number[][] {
  const lists: number[][] = Array.from({ length: size }, () => []);
  for (let k = 0; k < count; k++) lists[(k * k) % size].push((k * 7919) % count);
  return lists;
}

describe('Directory', () => {
  it('tells the owner and the place of any index', () => {
    fc.assert(
      sharedProperty(
        fc.array(fc.uniqueArray(fc.integer({ min: -5, max: 40 })), {
          minLength: size,
          maxLength: size,
        }),
        fc.array(fc.array(fc.integer({ min: -8, max: 50 })), { minLength: size, maxLength: size }),
        fc.integer({ min: 0, max: 40 }),
        (lists, questions, total) => {
          const directory = Directory.build(comm, known(lists, false, total), rank);
          const { gridRanks, positions } = directory.owners(questions[rank]);
          const owners = questions[rank].map((i) => lists.findIndex((list) => list.includes(i)));
          assert.deepEqual([...gridRanks], owners);
          const places = questions[rank].map((i, k) => lists[owners[k]]?.indexOf(i) ?? -1);
          assert.deepEqual([...positions], places);
        },
      ),
      { numRuns: 40, seed: 20140312 },
    );
  });

  it('accepts a one-to-one map, also with processes that enter nothing', () => {
    const lists = dealt(101);
    lists[size - 1] = size > 1 ? [] : lists[0];
    const own = known(lists, true, 101);
    const directory = Directory.build(comm, own, rank === size - 1 && size > 1 ? -1 : rank);
    const { gridRanks } = directory.owners([...Array(101).keys()]);
    const expected = Array.from({ length: 101 }, (_, i) => lists.findIndex((l) => l.includes(i)));
    assert.deepEqual([...gridRanks], expected);
  });

  it('refuses an index on two processes of a one-to-one map, on all processes alike', () => {
    const lists = dealt(60);
    lists[size - 1].push(1000, 17.0, 5);
    lists[size - 1] = [...new Set(lists[size - 1])];
    const owner = (i: number) => lists.findIndex((list) => list.includes(i));
    const twice = [5, 17].filter((i) => owner(i) !== size - 1);
    const build = () => Directory.build(comm, known(lists, true, 60), rank);
    if (twice.length === 0) {
      build();
      return;
    }
    assert.throws(build, {
      name: 'ArgumentRangeError',
      argument: 'indices',
      received: `"${twice[0]} on grid ranks ${owner(twice[0])}, ${size - 1}"`,
    });
  });

  it('refuses maps that differ between processes', () => {
    const map = UnstructuredMap.ofRank({
      size: rank === 0 ? 9 : 10,
      gridSize: size,
      gridRank: rank,
      indices: [rank],
    });
    const build = () => Directory.build(comm, map, rank);
    if (size === 1) build();
    else assert.throws(build, { name: 'ArgumentRangeError', argument: 'map' });
  });

  it('refuses what is no unstructured map and a grid rank that there is not', () => {
    const map = known(dealt(12));
    assert.throws(() => Directory.build(comm, map, size), { argument: 'gridRank' });
    assert.throws(() => Directory.build(comm, {} as typeof map, 0), { argument: 'map' });
  });

  it('takes memory for a share of the indices, not for all of them', function () {
    this.timeout(30000);
    const count = 120_000 * size;
    const own = Float64Array.from({ length: 120_000 }, (_, k) => k * size + ((rank + k) % size));
    const map = UnstructuredMap.ofRank({
      size: count,
      gridSize: size,
      gridRank: rank,
      indices: own,
      oneToOne: true,
    });
    const bytes = allocatedBy(() => {
      const directory = Directory.build(comm, map, rank);
      const asked = own.map((index) => count - 1 - index);
      const { gridRanks } = directory.owners(asked);
      for (let k = 0; k < asked.length; k += 997) {
        const row = Math.floor(asked[k] / size);
        assert.equal((gridRanks[k] + row) % size, asked[k] % size);
      }
    });
    // Directory, questions and all messages. From three processes on, a list of all indices (8 bytes
    // each) on a process would be more.
    assert.ok(bytes < 110 * 120_000, `${bytes} bytes for ${own.length} of ${count} indices`);
  });
});

/** Bytes of array memory that were made meanwhile; the garbage collector does not come in between. */
function allocatedBy(run: () => void): number {
  const before = process.memoryUsage().arrayBuffers;
  run();
  return process.memoryUsage().arrayBuffers - before;
}
