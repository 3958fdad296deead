// ranks: 2
// timeLimit: 120
/** What cannot go straight between a process's part and its place in the file goes in parts: no process needs its share twice. */
import { strict as assert } from 'node:assert';
import { rmSync } from 'node:fs';
import { Context, type DistArray, MPI } from '../../../src/entry/index.ts';
import { PIECE_BYTES } from '../../../src/io/hdf5/pieces.ts';
import { skip } from '../../launcher/skip.ts';
import { SharedDirectory } from '../../support/files.ts';
import { peakOf, tellsPeaks } from '../../support/peakMemory.ts';

const ctx = new Context();
const directory = new SharedDirectory('hdf5-memory');
const path = directory.path.bind(directory);
/** 384 MiB. */
const SHAPE = [6144, 2 ** 16];
/** What is on its way, as it is in the file and in messages, and what MPI-IO has of it. */
const MOST = 2.5 * PIECE_BYTES;

describe('the memory of HDF5 transfers', () => {
  before(function () {
    if (!tellsPeaks()) skip(this, 'this system does not tell peaks of memory');
  });

  it('does not grow with the array', () => {
    const share = (SHAPE[0] * SHAPE[1]) / MPI.COMM_WORLD.size;
    // A second slab of this size would be seen.
    assert.ok(share > MOST);
    const written = ctx.zeros(SHAPE, { dtype: 'uint8', dist: 'cc', blockSize: 64 });
    written.slice('::2').fill(3);
    const writing = peakOf(() => ctx.saveHdf5(path('a.h5'), written, { mode: 'w' }));
    assert.ok(writing < MOST, `${writing} bytes beside the array while it is written`);
    let [read, turned]: DistArray[] = [written, written];
    const reading = peakOf(() => {
      read = ctx.loadHdf5(path('a.h5'), { dist: 'cc', blockSize: 64 });
    });
    assert.ok(reading < share + MOST, `${reading} bytes for an array of ${share}, read`);
    assert.ok(read.equal(written).all().item());
    {
      using file = ctx.openHdf5File(path('a.h5'));
      const slice = file.dataset('buffer').slice('::-1');
      const backwards = peakOf(() => {
        turned = slice.read({ dist: 'bn' });
      });
      assert.ok(backwards < share + MOST, `${backwards} bytes for an array of ${share}, backwards`);
    }
    assert.ok(turned.slice('1::2').equal(3).all().item());
    assert.ok(turned.slice('::2').equal(0).all().item());
    ctx.comm.barrier();
    if (ctx.isRoot) rmSync(path('a.h5'));
  });
});
