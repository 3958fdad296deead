// modes: spmd,client
/** Views, in whatever mode the tests run. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Context } from '../../../src/entry/index.ts';
import { DirectView, LoadBalancedView, TaskPool } from '../../../src/entry/tasks.ts';

const ctx = new Context();
const view = new DirectView(ctx);
const all = Array.from({ length: ctx.size }, (_, k) => k);

describe('direct views', () => {
  it('call functions on all engines, or on some', async () => {
    assert.deepEqual(view.ids, all);
    const double = (n: number) => 2 * n;
    assert.deepEqual(
      view.apply(double, [4]),
      all.map(() => 8),
    );
    const last = view.targets([ctx.size - 1]);
    assert.deepEqual(last.apply(double, [4]), [8]);
    assert.deepEqual(await last.applyAsync(async (n: number) => n + 1, [1]), [2]);
    const k = 3;
    assert.deepEqual(
      view.apply((n: number) => n * k, [2], { capture: { k } }),
      all.map(() => 6),
    );
  });

  it('map in portions that follow each other', async () => {
    const items = Array.from({ length: 11 }, (_, k) => k);
    const square = (n: number) => n ** 2;
    assert.deepEqual(view.map(square, items), items.map(square));
    assert.deepEqual(view.targets([0]).map(square, new Set(items)), items.map(square));
    assert.deepEqual(
      await view.mapAsync(async (n: number) => n + 1, items),
      items.map((n) => n + 1),
    );
    const k = 2;
    assert.deepEqual(
      view.map((n) => n + k, [1, 2], { capture: { k } }),
      [3, 4],
    );
    assert.throws(() => {
      view.map(() => {
        throw new RangeError('in the middle');
      }, items);
    }, /in the middle/);
  });

  it('give results that come later, to wait for or to await', async () => {
    const a = ctx.arange(2 * ctx.size);
    const sizes = view.applyAsync((part) => part.localSize, [a]);
    assert.deepEqual(
      sizes.get(),
      all.map(() => 2),
    );
    assert.ok(sizes.ready && sizes.successful);
    assert.deepEqual([sizes.done, sizes.total], [ctx.size, ctx.size]);
    assert.deepEqual(sizes.partial, await sizes);
    const squares = view.mapAsync((n: number) => n ** 2, [1, 2, 3]);
    assert.ok(squares.wait());
    assert.deepEqual(squares.get(), [1, 4, 9]);
    assert.deepEqual(squares.partial, [1, 4, 9]);
    const fail = () => {
      throw new RangeError('on all of them');
    };
    const failed = view.applyAsync(fail);
    assert.throws(() => failed.get(), /on all of them/);
    await assert.rejects(failed.then(), /on all of them/);
    assert.ok(failed.ready && !failed.successful);
    const refused = view.applyAsync(fail, [], { capure: 1 } as never);
    assert.throws(() => refused.get(), /perhaps capture/);
  });

  it('whose functions are async', async () => {
    const later = async (n: number) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return n + 1;
    };
    const result = view.applyAsync(later, [1]);
    const two = all.map(() => 2);
    if (ctx.rank === null) {
      assert.equal(result.wait(0.001), false);
      assert.throws(() => result.get(0.001), { code: 'ERR_TASK_TIMEOUT' });
      assert.deepEqual(result.get(), two);
    } else {
      assert.throws(() => result.get(), { code: 'ERR_ASYNC', message: /await the result/ });
    }
    assert.deepEqual(await result, two);
    assert.deepEqual(result.get(), two);
    const given = view.applyAsync(later, [2]);
    given.cancel();
    await assert.rejects(given.then(), { code: 'ERR_TASK_CANCELLED' });
    // What comes of it is nobody's; the view goes on.
    assert.deepEqual(await view.mapAsync(later, [5, 6]), [6, 7]);
  });

  it('scatter lists and typed arrays, and gather them', () => {
    const list = Array.from({ length: 2 * ctx.size + 1 }, (_, k) => ({ k }));
    view.scatter('scattered', list);
    assert.deepEqual(view.gather('scattered'), list);
    const [first] = view.pull('scattered') as { k: number }[][];
    assert.equal(first.length, 3);
    view.execute('scattered = scattered.map(({ k }) => k + 1)');
    assert.deepEqual(
      view.gather('scattered'),
      list.map(({ k }) => k + 1),
    );
    const typed = Float32Array.from({ length: 1000 }, (_, k) => k / 2);
    view.scatter('typed', typed);
    view.execute('typed = typed.map((x) => 2 * x)');
    const gathered = view.gather('typed');
    assert.ok(gathered instanceof Float32Array);
    assert.deepEqual(
      gathered,
      typed.map((x) => 2 * x),
    );
    view.delete('scattered');
    view.delete('typed');
  });

  it('push and pull as dictionaries do', () => {
    view.push({ pushed: 3, more: [1] });
    assert.deepEqual(
      view.get('pushed'),
      all.map(() => 3),
    );
    assert.deepEqual(
      view.pull(['pushed', 'more']),
      all.map(() => [3, [1]]),
    );
    view.targets([0]).set('pushed', 4);
    assert.equal(view.get('pushed')[0], 4);
    assert.ok(view.has('pushed') && !view.has('nothing'));
    view.delete('pushed');
    assert.throws(() => view.get('pushed'), { code: 'ERR_KEY' });
    view.delete('more');
  });

  it('run files', () => {
    const folder = ctx.isRoot ? mkdtempSync(join(tmpdir(), 'distarray-view-')) : '';
    const file = join(folder, 'program.js');
    if (ctx.isRoot) writeFileSync(file, 'const fromFile = 6 * 7;\n');
    view.run(file);
    assert.deepEqual(
      view.pull('fromFile'),
      all.map(() => 42),
    );
    view.delete('fromFile');
    if (ctx.isRoot) rmSync(folder, { recursive: true });
    assert.throws(() => view.run('/nowhere/program.js'), /ENOENT/);
  });

  it('refuse engines that do not exist, and none', () => {
    assert.throws(() => view.targets([ctx.size]), /for options\.targets/);
    assert.throws(() => view.targets([]), /for options\.targets/);
    assert.throws(() => new DirectView(1 as never), /a Context for context/);
    assert.throws(() => view.scatter('x', 3 as never), /for sequence/);
    assert.throws(() => view.scatter('no name', [1]), /for name/);
    assert.throws(() => view.apply(() => 1, [], { capure: 1 } as never), /perhaps capture/);
    const add = (n: number) => n;
    assert.throws(() => view.map(add, [1, 2], [3, 4] as never), /TaskPool\.starmap/);
  });
});

describe('load-balanced views', () => {
  it('give each call to who is free', () =>
    TaskPool.over(ctx, async (pool) => {
      const balanced = new LoadBalancedView(pool);
      assert.deepEqual(balanced.ids, pool.engines);
      assert.deepEqual(
        balanced.map((n: number) => n + 1, [1, 2, 3]),
        [2, 3, 4],
      );
      assert.equal(
        balanced.apply((a: number, b: number) => a * b, [2, 3]),
        6,
      );
      assert.equal(await balanced.applyAsync((a: number) => a, [5]), 5);
      assert.deepEqual([...balanced.imap((n: number) => n, [1, 2])], [1, 2]);
    }));

  it('are made of contexts where these have engines', () => {
    if (ctx.rank !== null && ctx.size > 1) {
      assert.throws(() => new LoadBalancedView(ctx), { code: 'ERR_TASK_POOL' });
      return;
    }
    using balanced = new LoadBalancedView(ctx, { targets: [0] });
    assert.deepEqual(
      balanced.map((n: number) => n + 1, [1, 2]),
      [2, 3],
    );
    assert.throws(
      () => new LoadBalancedView(ctx, { targets: [ctx.size] }),
      /options\.engines\[0\]/,
    );
    assert.throws(() => new TaskPool({ engines: [] }), /one engine or more/);
  });
});
