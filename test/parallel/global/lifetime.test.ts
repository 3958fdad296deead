import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import { Context } from '../../../src/entry/index.ts';
import { type LocalArray, zeros } from '../../../src/entry/local.ts';
import { spmdOnly } from '../../launcher/skip.ts';
import { SharedDirectory } from '../../support/files.ts';
import { isClient, rank, settled, size } from '../../support/mode.ts';

const ctx = new Context();

describe('dispose', () => {
  const directory = new SharedDirectory('lifetime');

  it('makes every use of the array an error with a name, but keeps what describes it', () => {
    const a = ctx.ones([4, 3], { dtype: 'int8' });
    assert.equal(a.isDisposed, false);
    a.dispose();
    a.dispose();
    assert.equal(a.isDisposed, true);
    const disposed = { name: 'DistArrayError', code: 'ERR_DISPOSED' };
    const b = ctx.ones([4, 3]);
    for (const use of [
      ...(isClient ? [] : [() => a.local]),
      () => a.add(1),
      () => b.add(a),
      () => b.assign(a),
      () => b.multiply(2, { out: a }),
      () => a.sum(),
      () => a.slice('1:'),
      () => a.toArray(),
      () => a.T,
      () => ctx.apply(() => 1, [a]),
    ]) {
      assert.throws(use, disposed);
    }
    assert.deepEqual([...a.shape], [4, 3]);
    assert.equal(a.dtype, 'int8');
    assert.match(inspect(a), /^DistArray int8 \[4, 3\].*disposed of$/);
  });

  it('leaves views and reshaped arrays what they are', () => {
    const a = ctx.fromFunction((i) => i, [2 ** 18]);
    const [view, shaped] = [a.slice('::2'), a.reshape([2 ** 17, 2])];
    a.dispose();
    for (let k = 0; k < 3; k++) ctx.full([2 ** 18], -1).dispose();
    assert.equal(view.get(3), 6);
    assert.equal(shaped.get(2 ** 17 - 1, 1), 2 ** 18 - 1);
    if (isClient) return;
    const b = ctx.full([2 ** 18], 5);
    ctx.apply((part) => part.localSize, [b]);
    const { data } = b.local;
    b.dispose();
    ctx.full([2 ** 18], -1).dispose();
    if (data.length > 0) assert.equal(data[0], 5);
  });

  it('gives the memory to the next array at once', function () {
    spmdOnly(this, 'the memory of this process');
    const bytes = 2 ** 26 * size;
    const before = process.memoryUsage().rss;
    // Without a collection in between: 64 MiB a process each time.
    for (let k = 0; k < 12; k++) {
      using a = ctx.full([bytes / 8], k);
      using b = a.add(1);
      assert.equal(b.get(-1), k + 1);
    }
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 2 ** 28, `grew by ${grown / 2 ** 20} MiB on rank ${rank}`);
  });

  it('gives back what was loaded, or taken out by integers and masks, unless a part was handed out', function () {
    spmdOnly(this, 'handles');
    const n = 2 ** 18 * size;
    const a = ctx.fromFunction((i) => i, [n]);
    const file = directory.path('a.npy');
    ctx.saveNpy(file, a);
    for (const make of [
      () => ctx.loadNpy(file),
      () => a.get(ctx.arange(n).astype('int64')),
      () => a.get(a.greaterEqual(0)),
    ]) {
      const made = make();
      const { data } = made.handle as LocalArray;
      assert.equal(data.length, 2 ** 18);
      made.dispose();
      assert.equal(data.length, 0);
    }
    const kept = ctx.loadNpy(file);
    const { data } = kept.local;
    const given = ctx.fromLocalArrays(zeros(a.distribution));
    const { data: own } = given.handle as LocalArray;
    kept.dispose();
    given.dispose();
    assert.deepEqual([data.length, own.length], [2 ** 18, 2 ** 18]);
  });

  it('works after the context was closed', () => {
    const other = new Context();
    const a = other.ones([3]);
    other.close();
    a.dispose();
    assert.equal(a.isDisposed, true);
  });
});

describe('a loop that never lets the event loop turn', () => {
  it('does not fill the memory with what it has dropped', () => {
    const rss = () => Math.max(...ctx.apply(() => process.memoryUsage.rss()));
    // 8 MB in each process.
    const a = ctx.ones([2 ** 20 * size]);
    const work = (): number => Number(a.mul(2).add(a).get(0)) + Number(a.sin().copy().get(0));
    for (let k = 0; k < 20; k++) work();
    const before = rss();
    for (let k = 0; k < 80; k++) work();
    const grown = (rss() - before) / 2 ** 20;
    assert.ok(grown < 500, `${grown} MiB`);
  });
});

describe('memory that nobody has', () => {
  const noMemory = { name: 'DistArrayError', code: 'ERR_MEMORY' };

  it('is an error with the bytes of one process on every process, before anything is done', () => {
    assert.throws(() => settled(ctx, () => ctx.zeros([1e9, 1e6])), noMemory);
    assert.throws(() => settled(ctx, () => ctx.ones([1e9, 20 * size], { dtype: 'uint8' })), {
      ...noMemory,
      message: /^There is no memory for \d+ elements of dtype uint8 on one process: \d+ bytes/,
    });
    // The first process has all columns of the result, the others have none.
    const [column, row] = [ctx.zeros([1e5, 1], { dist: 'nb' }), ctx.zeros([1, 1e6])];
    assert.throws(() => settled(ctx, () => column.add(row)), noMemory);
    assert.throws(() => settled(ctx, () => column.broadcastTo([1e5, 1e6])), noMemory);
    assert.throws(() => settled(ctx, () => ctx.random.rand([1e9, 1e6])), noMemory);
    assert.equal(+ctx.ones([7]).sum(), 7);
  });
});

describe('makeSubcomm', () => {
  it('makes a communicator anew that its members have freed', function () {
    spmdOnly(this, 'communicators');
    const first = ctx.makeSubcomm([0]);
    assert.equal(ctx.makeSubcomm([0]), first);
    if (!first.isNull) first.free();
    const second = ctx.makeSubcomm([0]);
    assert.equal(second.isNull, rank !== 0);
    if (rank === 0) assert.equal(second.size, 1);
    assert.throws(() => ctx.makeSubcomm([]), { expected: 'at least one target' });
  });
});
