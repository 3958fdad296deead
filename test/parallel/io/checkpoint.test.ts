/** Checkpoints: what comes back is what was written, on as many processes or on others, or an error with a name. */
import { strict as assert } from 'node:assert';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DTYPE_NAMES } from '../../../src/dtype/dtype.ts';
import { numpyName } from '../../../src/dtype/numpyNames.ts';
import { Context, DistArray, Distribution, MPI } from '../../../src/entry/index.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/entry/io.ts';
import type { LocalArray } from '../../../src/entry/local.ts';
import { skip } from '../../launcher/skip.ts';
import {
  assertNumbered,
  COLUMNS,
  failsAlike,
  LAYOUTS,
  NUMBERED,
  numbered,
  python,
  ROWS,
  SharedDirectory,
} from '../../support/files.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('checkpoint');
const path = (name: string) => directory.path(name);
const names = Object.keys(LAYOUTS);

/** Rank 0 does something to files, while the others wait. */
function onFiles(work: () => void): void {
  world.barrier();
  if (rank === 0) work();
  world.barrier();
}

describe('saveCheckpoint and loadCheckpoint', () => {
  it('bring back every dtype in every distribution, distributed as it was', () => {
    const arrays: Record<string, LocalArray> = {};
    names.forEach((name, k) => {
      arrays[name] = numbered(LAYOUTS[name](), DTYPE_NAMES[k % DTYPE_NAMES.length]);
    });
    for (const dtype of DTYPE_NAMES) arrays[dtype] = numbered(LAYOUTS.bc(), dtype);
    assert.equal(saveCheckpoint(path('all'), { arrays, state: { step: 3 } }), 1);
    const back = loadCheckpoint(path('all'));
    assert.deepEqual(Object.keys(back.arrays), Object.keys(arrays));
    assert.deepEqual([back.state, back.generation, back.random], [{ step: 3 }, 1, null]);
    for (const [name, array] of Object.entries(arrays)) {
      const { distribution, dtype } = back.arrays[name];
      assertNumbered(back.arrays[name], array.dtype, name);
      assert.equal(dtype, array.dtype);
      assert.ok(distribution.equals(array.distribution), `${name}: ${distribution}`);
      assert.deepEqual(back.arrays[name].halo, array.halo, name);
    }
  });

  it('write .npy files that NumPy reads', function () {
    const files = readdirSync(path('all/00000001')).filter((name) => name.endsWith('.npy'));
    const { ok, text } = python(
      `${NUMBERED}
for name, dtype in zip(sys.argv[1::2], sys.argv[2::2]):
    a = np.load(name)
    assert np.array_equal(a, numbered(dtype, (${ROWS}, ${COLUMNS}))), name
print('same')`,
      ...DTYPE_NAMES.flatMap((dtype) => [path(`all/00000001/${dtype}.npy`), numpyName(dtype)]),
    );
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.equal(text, 'same\n');
    assert.equal(files.length, names.length + DTYPE_NAMES.length);
  });

  it('bring back views, arrays without elements and single values', () => {
    const base = numbered(LAYOUTS['block-cyclic'](), 'int32');
    const lists = numbered(LAYOUTS.unstructured(), 'int64');
    const known = numbered(LAYOUTS['unstructured, each knows its own'](), 'int64');
    const arrays = {
      view: base.slice('1:-1, ::-2'),
      row: base.slice('4, :'),
      none: base.slice('3:3, :'),
      reversed: numbered(LAYOUTS['with a halo'](), 'float32').slice('::-1, 2:'),
      some: lists.slice('2:9:2, :'),
      own: known.slice('9:1:-1, :'),
      few: numbered(Distribution.fromShape([2], { size }), 'uint8'),
      empty: numbered(Distribution.fromShape([0, 4], { size }), 'bool'),
      value: numbered(Distribution.fromShape([]), 'complex64'),
      everywhere: numbered(Distribution.replicated([], { size }), 'float64'),
      ['__proto__']: numbered(Distribution.fromShape([3], { size }), 'int16'),
    };
    saveCheckpoint(path('views'), { arrays });
    const back = loadCheckpoint(path('views')).arrays;
    for (const [name, array] of Object.entries(arrays)) {
      // A view of lists comes back as lists.
      if (name === 'some' || name === 'own') {
        assert.deepEqual(back[name].globalIndices(0), array.globalIndices(0), name);
      } else {
        assert.ok(back[name].distribution.isCompatible(array.distribution), name);
      }
      assert.deepEqual(back[name].toContiguous(), array.toContiguous(), name);
    }
  });

  it('read on other numbers of processes what some have written', () => {
    const layouts = [
      ['b', { dist: 'bn' }],
      ['c', { dist: 'cc', blockSize: 3 }],
      ['halo', { dist: 'bn', commPadding: 1, periodic: true }],
      ['last', { dist: 'nb' }],
    ] as const;
    for (let writers = 1; writers <= size; writers++) {
      using some = world.split(rank < writers ? 0 : 1);
      const file = path(`from-${writers}`);
      if (rank < writers) {
        const arrays = Object.fromEntries(
          layouts.map(([name, options]) => {
            const distribution = Distribution.fromShape([13, 6], { ...options, size: writers });
            return [name, numbered(distribution, 'float64', some)];
          }),
        );
        saveCheckpoint(file, { arrays }, { comm: some });
      }
      world.barrier();
      for (let readers = 1; readers <= size; readers++) {
        using others = world.split(rank < readers ? 0 : 1);
        if (rank >= readers) continue;
        const cyclic = Distribution.fromShape([13, 6], { dist: 'nc', size: readers });
        const distributions = { last: cyclic };
        const { arrays } = loadCheckpoint(file, { comm: others, distributions });
        for (const [name] of layouts) assertNumbered(arrays[name], 'float64', name);
        assert.deepEqual(arrays.c.distribution.dist, ['c', 'c']);
        assert.equal(arrays.last.distribution, cyclic);
        const before = Distribution.fromShape([13, 6], {
          ...layouts[2][1],
          size: readers,
        });
        assert.ok(arrays.halo.distribution.equals(before));
      }
      world.barrier();
    }
  });

  it('keep as many as they are told, and remove what killed jobs have left', () => {
    const file = path('kept');
    onFiles(() => {
      mkdirSync(join(file, '00000001.0123456789ab.tmp'), { recursive: true });
      writeFileSync(join(file, '00000001.0123456789ab.tmp/u.npy'), 'half');
      writeFileSync(join(file, 'notes.tmp'), 'of somebody');
    });
    failsAlike(() => loadCheckpoint(file), 'ERR_CHECKPOINT_NONE');
    const u = numbered(LAYOUTS.bn(), 'float64');
    for (let step = 1; step <= 4; step++) {
      assert.equal(saveCheckpoint(file, { arrays: { u }, state: step }, { keep: 3 }), step);
    }
    assert.deepEqual(readdirSync(file).sort(), ['00000002', '00000003', '00000004', 'notes.tmp']);
    assert.equal(loadCheckpoint(file).state, 4);
    assert.equal(loadCheckpoint(file, { generation: 2 }).state, 2);
    failsAlike(() => loadCheckpoint(file, { generation: 1 }), 'ERR_CHECKPOINT_NONE');
    world.barrier();
    saveCheckpoint(file, { state: 5 }, { keep: 1, comm: world });
    assert.deepEqual(readdirSync(file).sort(), ['00000005', 'notes.tmp']);
    onFiles(() => rmSync(join(file, 'notes.tmp')));
  });

  it('name any changed byte of any file, on all ranks', () => {
    const arrays = {
      u: numbered(LAYOUTS.bn(), 'float64'),
      v: numbered(LAYOUTS.cc(), 'bool'),
      w: numbered(LAYOUTS['unstructured, each knows its own'](), 'int16'),
      'a name/of any kind': numbered(LAYOUTS['a copy on every process'](), 'float32'),
    };
    saveCheckpoint(path('bytes'), { arrays, state: { text: 'α' } });
    const folder = path('bytes/00000001');
    const files = readdirSync(folder).sort();
    assert.equal(files.length, 6);
    let seed = sharedSeed();
    for (const name of files) {
      const file = join(folder, name);
      const good = readFileSync(file);
      for (let k = 0; k < 6; k++) {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        const at = k === 0 ? good.length - 1 : (seed >>> 8) % good.length;
        onFiles(() => {
          const bad = Buffer.from(good);
          bad[at] ^= 1 << (seed & 7);
          writeFileSync(file, bad);
        });
        failsAlike(() => loadCheckpoint(path('bytes')), 'ERR_CHECKPOINT_CORRUPT');
      }
      onFiles(() => writeFileSync(file, good));
      onFiles(() => truncateSync(file, good.length - 1));
      failsAlike(() => loadCheckpoint(path('bytes')), 'ERR_CHECKPOINT_CORRUPT');
      onFiles(() => rmSync(file));
      failsAlike(() => loadCheckpoint(path('bytes')), 'ERR_CHECKPOINT_CORRUPT');
      onFiles(() => writeFileSync(file, good));
    }
    assert.equal(Object.keys(loadCheckpoint(path('bytes')).arrays).length, 4);
  });

  it('leave the former one when something fails, and nothing else', () => {
    const file = path('fails');
    const u = numbered(LAYOUTS.bn(), 'float64');
    saveCheckpoint(file, { arrays: { u }, state: 'good' });
    onFiles(() => writeFileSync(path('plain'), ''));
    failsAlike(() => saveCheckpoint(path('plain'), { arrays: { u } }), 'ENOTDIR');
    failsAlike(() => saveCheckpoint(path('plain/below'), { arrays: { u } }), 'ENOTDIR');
    if (process.getuid?.() === 0 && size > 1) {
      onFiles(() => {
        chmodSync(path(''), 0o777);
        chmodSync(file, 0o700);
      });
      // The last rank is nobody for a while.
      if (rank === size - 1) process.seteuid?.(65534);
      try {
        failsAlike(() => saveCheckpoint(file, { arrays: { u } }), /EACCES|ERR_NOT_SHARED/);
        failsAlike(() => loadCheckpoint(file), /EACCES|ERR_NOT_SHARED/);
      } finally {
        if (rank === size - 1) process.seteuid?.(0);
      }
    }
    assert.deepEqual(readdirSync(file), ['00000001']);
    assert.equal(loadCheckpoint(file).state, 'good');
  });

  it('refuse bad arguments before anything is written', () => {
    const u = numbered(LAYOUTS.bn(), 'float64');
    const file = path('none');
    const save = (contents: object, options = {}) => saveCheckpoint(file, contents, options);
    assert.throws(() => saveCheckpoint('', { arrays: { u } }), { argument: 'directory' });
    assert.throws(() => save({ arrays: { u: 3 } }), { argument: 'arrays.u' });
    assert.throws(() => save({ arrays: { '': u } }), { argument: 'arrays' });
    assert.throws(() => save({ arrays: { ['x'.repeat(200)]: u } }), { argument: 'arrays' });
    assert.throws(() => save({ arrays: { '\ud800': u } }), { argument: 'arrays' });
    assert.throws(() => save({ arrays: { u } }, { keep: 0 }), { argument: 'options.keep' });
    for (const [state, argument] of [
      [{ dt: Number.NaN }, 'state.dt'],
      [[1, [2n]], 'state[1][0]'],
      [{ when: new Date() }, 'state.when'],
      [() => 1, 'state'],
      [{ a: new Float64Array(2) }, 'state.a'],
    ] as const) {
      assert.throws(() => save({ arrays: { u }, state }), { argument });
    }
    if (size > 1) {
      assert.throws(() => save({ arrays: { u }, state: rank }), { argument: 'state' });
      assert.throws(() => save({ arrays: { [`u${rank}`]: u } }), { argument: 'arrays' });
      failsAlike(
        () => save({ arrays: { u: rank === 0 ? 3 : u } }, { comm: world }),
        'ERR_ARGUMENT_TYPE',
      );
    }
    assert.ok(!existsSync(file));
    failsAlike(() => loadCheckpoint(file), 'ERR_CHECKPOINT_NONE');
    saveCheckpoint(file, { arrays: { u } });
    const d = Distribution.fromShape([3, 3], { size });
    failsAlike(() => loadCheckpoint(file, { distributions: { x: d } }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => loadCheckpoint(file, { distributions: { u: d } }), 'ERR_ARGUMENT_RANGE');
    const wide = Distribution.fromShape([ROWS, COLUMNS], { targets: [size] });
    failsAlike(() => loadCheckpoint(file, { distributions: { u: wide } }), 'ERR_ARGUMENT_RANGE');
    assert.throws(() => loadCheckpoint(file, { distributions: { u: 3 as never } }), {
      argument: 'options.distributions.u',
    });
  });
});

describe('Context: checkpoint and restore', () => {
  const ctx = new Context();

  it('bring back arrays, state and the stream of random numbers', () => {
    const u = ctx.random.rand([9, 4], { dist: 'cn' });
    const v = ctx.arange(7);
    const state = { step: 12, time: 0.1 + 0.2, names: ['a', null], deep: { ok: true } };
    assert.equal(ctx.checkpoint(path('ctx'), { arrays: { u, v }, state }), 1);
    const next = ctx.random.rand([5]).toNested();
    ctx.random.seed(1);
    const back = ctx.restore<typeof state>(path('ctx'));
    assert.deepEqual(back.state, state);
    assert.equal(back.generation, 1);
    assert.ok(back.arrays.u instanceof DistArray && back.arrays.u.context === ctx);
    assert.ok(back.arrays.u.distribution.equals(u.distribution));
    assert.ok(back.arrays.u.equal(u).all().item());
    assert.deepEqual(back.arrays.v.toNested(), v.toNested());
    assert.deepEqual(ctx.random.rand([5]).toNested(), next);
    const d = ctx.distribution([9, 4], { dist: 'bb' });
    assert.equal(ctx.restore(path('ctx'), { distributions: { u: d } }).arrays.u.distribution, d);
  });

  it('work without arrays, and leave the random numbers alone when they fail', () => {
    ctx.checkpoint(path('bare'), { state: [1, 2] });
    assert.deepEqual(ctx.restore(path('bare')).state, [1, 2]);
    const before = ctx.random.getState();
    failsAlike(() => ctx.restore(path('missing')), 'ERR_CHECKPOINT_NONE');
    assert.deepEqual(ctx.random.getState(), before);
    failsAlike(() => ctx.checkpoint(path('bare'), null as never), 'ERR_ARGUMENT_TYPE');
    // An array that stands beside `arrays` would be lost.
    failsAlike(
      () => ctx.checkpoint(path('bare'), { a: ctx.zeros([2]) } as never),
      'ERR_ARGUMENT_RANGE',
    );
    failsAlike(() => ctx.restore(path('bare'), { number: 1 } as never), 'ERR_ARGUMENT_RANGE');
    failsAlike(
      () => ctx.checkpoint(path('bare'), { arrays: { u: 3 as never } }),
      'ERR_ARGUMENT_TYPE',
    );
    assert.deepEqual(readdirSync(path('bare')), ['00000001']);
  });

  it('keep distributions on the targets of the context', () => {
    using some = new Context({ targets: [size - 1] });
    some.checkpoint(path('targets'), { arrays: { a: some.arange(5) } });
    assert.deepEqual(some.restore(path('targets')).arrays.a.targets, [size - 1]);
  });
});
