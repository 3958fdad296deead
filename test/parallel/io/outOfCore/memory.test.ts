// ranks: 1-4
/** No process needs more memory than it was given. */
import { strict as assert } from 'node:assert';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { Context } from '../../../../src/entry/index.ts';
import { formatNpyHeader } from '../../../../src/entry/io.ts';
import { skip } from '../../../launcher/skip.ts';
import { SharedDirectory } from '../../../support/files.ts';
import { peakOf, tellsPeaks } from '../../../support/peakMemory.ts';

const ctx = new Context();
const directory = new SharedDirectory('lazy-memory');
const MEBIBYTE = 2 ** 20;
/** 512 MiB: on one process of four still far more than the memory. */
const SHAPE = [2 ** 14, 2 ** 12];
const MEMORY = 24 * MEBIBYTE;
/** What V8, MPI and the pages that are never whole may need meanwhile. */
const SLACK = 24 * MEBIBYTE;

describe('lazy arrays', function () {
  this.timeout(60_000);

  before(function () {
    if (!tellsPeaks()) skip(this, 'this system does not tell peaks of memory');
    if (ctx.isRoot) {
      // The zeros take no room on the disk.
      const descriptor = openSync(directory.path('a.npy'), 'w');
      const header = formatNpyHeader('float64', SHAPE);
      writeSync(descriptor, header);
      ftruncateSync(descriptor, header.length + 8 * SHAPE[0] * SHAPE[1]);
      closeSync(descriptor);
    }
    ctx.comm.barrier();
  });

  const open = () => ctx.openNpy(directory.path('a.npy'), { memory: MEMORY });

  it('are computed in the memory that they have', () => {
    const lazy = open();
    const chain = lazy.mul(2).add(lazy.slice('::-1')).sqrt();
    const works: Readonly<Record<string, () => void>> = {
      sum: () => assert.equal(+lazy.sum(), 0),
      'sum of columns': () => assert.equal(+chain.sum({ axis: 0 }).sum(), 0),
      'several of rows': () => lazy.reductions(['mean', 'std', 'max'], { axis: 1 }),
      'of a slice with gaps': () => assert.equal(+lazy.slice('::3, ::5').add(1).max(), 1),
      blocks: () => {
        let bytes = 0;
        for (const { array } of lazy.blocks()) {
          assert.ok(array.nbytes > (MEMORY / 8) * ctx.size || bytes > 0);
          bytes += array.nbytes;
        }
        assert.equal(bytes, lazy.nbytes);
      },
      'a file': () => lazy.slice('::4').add(1).toNpy(directory.path('b.npy')),
    };
    for (const [name, work] of Object.entries(works)) {
      const peak = peakOf(work);
      assert.ok(peak < MEMORY + SLACK, `${name}: ${(peak / MEBIBYTE).toFixed(1)} MiB`);
    }
  });

  it('fill the memory that they have, and no more, when they are loaded as blocks', () => {
    // Were it not for blocks, the peak would be seen.
    const peak = peakOf(() => {
      const loaded = open().slice('::2').compute();
      assert.equal(+loaded.max(), 0);
    });
    const share = (8 * SHAPE[0] * SHAPE[1]) / 2 / ctx.size;
    assert.ok(peak > share / 2, `${peak} of ${share}`);
    assert.ok(peak < share + MEMORY + SLACK, `${(peak / MEBIBYTE).toFixed(1)} MiB`);
  });
});
