// ranks: 2
// timeLimit: 120
import { strict as assert } from 'node:assert';
import { freemem } from 'node:os';
import { MPI } from '../../../src/entry/mpi.ts';
import { skip } from '../../launcher/skip.ts';

const world = MPI.COMM_WORLD;
const LENGTH = Math.round(2.2 * 2 ** 30);
const MARKS = [0, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, LENGTH - 1];

function marked(): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  for (const [k, mark] of MARKS.entries()) bytes[mark] = k + 1;
  return bytes;
}

function assertMarked(bytes: Uint8Array): void {
  assert.deepEqual(
    MARKS.map((mark) => bytes[mark]),
    MARKS.map((_, k) => k + 1),
  );
}

describe('a message of 2.2 GiB', () => {
  before(function () {
    const free = world.allreduce(freemem(), { op: MPI.MIN });
    if (free < 12 * 2 ** 30) skip(this, 'needs 12 GiB of free memory');
  });

  it('arrives whole, and is counted', () => {
    if (world.rank === 0) {
      world.send(marked(), 1);
      return;
    }
    const bytes = new Uint8Array(LENGTH);
    assert.equal(world.recv(bytes, 0).count, LENGTH);
    assertMarked(bytes);
  });

  it('may be a value', () => {
    if (world.rank === 0) {
      world.sendObject({ bytes: marked() }, 1);
      return;
    }
    const { bytes } = world.recvObject(0) as { bytes: Uint8Array };
    assert.equal(bytes.length, LENGTH);
    assertMarked(bytes);
  });
});
