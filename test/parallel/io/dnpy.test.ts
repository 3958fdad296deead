/** .dnpy files: DistArray's own, and ours, of every kind of map. */
import { strict as assert } from 'node:assert';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { parseNumpyName } from '../../../src/dtype/numpyNames.ts';
import { loadDnpy, loadHdf5, loadNpy, parseDnpyHeader, saveDnpy } from '../../../src/entry/io.ts';
import { LocalArray, ndenumerate, redistribute } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';
import {
  COLUMNS,
  failsAlike,
  LAYOUTS,
  numbered,
  ROWS,
  SharedDirectory,
} from '../../support/files.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const folder = new URL('../../data/golden/', import.meta.url).pathname;
const directory = new SharedDirectory('dnpy');
const path = (name: string) => directory.path(name);

interface GoldenArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | boolean | { complex: readonly number[] })[];
}

interface GoldenCase {
  readonly name: string;
  readonly files: readonly string[];
  readonly array: GoldenArray;
  readonly dist?: readonly string[];
  readonly grid_shape?: readonly number[];
}

const golden = JSON.parse(readFileSync(`${folder}dnpy_manifest.json`, 'utf8'));
const cases: readonly GoldenCase[] = golden.cases;

/** The elements of an array as the golden files list them, on every rank. */
function assertGolden(
  local: LocalArray,
  { dtype: name, shape, data }: GoldenArray,
  hint: string,
): void {
  const { dtype } = parseNumpyName(name);
  assert.equal(local.dtype, dtype, hint);
  assert.deepEqual(local.globalShape, shape, hint);
  const whole = redistribute(local, Distribution.replicated(shape, { size }));
  const expected = data.flatMap((value) =>
    typeof value === 'object' ? value.complex : [Number(value)],
  );
  assert.deepEqual(Array.from(whole.data as Float64Array, Number), expected, hint);
}

describe("files of DistArray's", () => {
  it('are read as they were written', () => {
    for (const { name, files, array, dist, grid_shape: grid } of cases) {
      const read = () => loadDnpy(`${folder}dnpy/${name}`);
      if (files.length > size) {
        failsAlike(read, 'ERR_DNPY_PARTS');
        continue;
      }
      const local = read();
      assertGolden(local, array, name);
      assert.deepEqual(
        local.distribution.targets,
        files.map((_, target) => target),
      );
      if (grid !== undefined) assert.deepEqual(local.gridShape, grid);
      // What is not distributed is a block on one process in the format.
      if (dist !== undefined)
        assert.deepEqual(
          local.dist,
          dist.map((letter) => (letter === 'n' ? 'b' : letter)),
        );
    }
  });

  it('are what we write: the header and the elements, byte by byte', () => {
    for (const { name, files, array } of cases) {
      if (files.length > size || array.dtype.startsWith('>')) continue;
      saveDnpy(path(name), loadDnpy(`${folder}dnpy/${name}`));
      world.barrier();
      for (const file of files) {
        const theirs = readFileSync(`${folder}dnpy/${file}`);
        // DistArray 0.5 wrote some payloads in Fortran order.
        if (theirs.includes("'fortran_order': True")) continue;
        assert.deepEqual(readFileSync(path(file)), theirs, file);
      }
    }
  });

  it('are refused when they are corrupt', () => {
    failsAlike(() => loadDnpy(`${folder}dnpy/corrupt_magic`), 'ERR_DNPY_HEADER');
  });

  it('come with .npy and .hdf5 files, which are read, too', () => {
    for (const { file, array, error } of golden.load_npy) {
      if (error === undefined)
        assertGolden(loadNpy(`${folder}dnpy/${file}`, { dist: 'bc' }), array, file);
    }
    for (const { file, array, key } of golden.hdf5) {
      const distribution = Distribution.fromShape(array.shape, { size });
      assertGolden(loadHdf5(`${folder}dnpy/${file}`, distribution, { key }), array, file);
    }
  });
});

describe('saveDnpy and loadDnpy', () => {
  for (const [name, make] of Object.entries(LAYOUTS)) {
    it(`keep the distribution: ${name}`, () => {
      const array = numbered(make(), 'float64');
      saveDnpy(path('kept'), array);
      const back = loadDnpy(path('kept'));
      // Padding is left out; of copies there is one.
      const { isReplicated } = array.distribution;
      const expected = isReplicated && rank > 0 ? [0, 0] : array.localShape;
      if (name === 'on the last process') assert.equal(back.localSize, rank === 0 ? 77 : 0);
      // Ranks of a transposed grid do not ascend with processes; those that read do.
      else if (name !== 'a transposed grid') assert.deepEqual(back.localShape, expected);
      for (const [[i, j], value] of ndenumerate(back)) assert.equal(value, i * COLUMNS + j + 1);
      assert.equal(world.allreduce(back.localSize) >= ROWS * COLUMNS, true);
    });
  }

  it('keep every dtype', () => {
    for (const dtype of DTYPE_NAMES) {
      const array = numbered(LAYOUTS.cc(), dtype);
      saveDnpy(path(dtype), array);
      const back = loadDnpy(path(dtype));
      assert.equal(back.dtype, dtype);
      assert.deepEqual(back.data, array.data);
    }
  });

  it('keep views', () => {
    for (const name of ['bn', 'cn', 'block-cyclic', 'unstructured', 'with a halo']) {
      for (const spec of ['1:-1, ::2', '::-1, ::-1', '2:2, :', '4, 5']) {
        const view = numbered(LAYOUTS[name](), 'int16').slice(spec);
        saveDnpy(path('view'), view);
        const back = loadDnpy(path('view'));
        const shape = view.globalShape;
        const whole = Distribution.replicated(shape, { size });
        const hint = `${name} [${spec}]`;
        assert.deepEqual(redistribute(back, whole).data, redistribute(view, whole).data, hint);
      }
    }
  });

  it('write a list of names, and read it', () => {
    const names = Array.from({ length: size }, (_, r) => path(`part-${(r * 7) % 5}-${r}`));
    const array = numbered(LAYOUTS.bb(), 'int32');
    saveDnpy(names, array);
    world.barrier();
    assert.deepEqual(
      names.map(existsSync),
      names.map((_, r) => r < array.distribution.numProcesses),
    );
    assert.deepEqual(loadDnpy(names).data, array.data);
    const turned = numbered(LAYOUTS['a transposed grid'](), 'int32');
    saveDnpy(names, turned);
    for (const [[i, j], value] of ndenumerate(loadDnpy(names))) {
      assert.equal(value, i * COLUMNS + j + 1);
    }
    const onLast = numbered(LAYOUTS['on the last process'](), 'int32');
    const targets = [size - 1];
    saveDnpy([path('last')], onLast, { targets });
    const back = loadDnpy([path('last')], { targets });
    assert.deepEqual(back.distribution.targets, targets);
    assert.deepEqual(back.data, onLast.data);
  });

  it('have dictionaries without padding, and their own elements', () => {
    const array = numbered(LAYOUTS['periodic, with halo and boundary'](), 'float64');
    saveDnpy(path('padded'), array);
    world.barrier();
    for (let r = 0; r < array.distribution.numProcesses; r++) {
      const { dimData } = parseDnpyHeader(readFileSync(path(`padded_${r}.dnpy`)));
      const keys = ['dist_type', 'size', 'proc_grid_rank', 'proc_grid_size', 'start', 'stop'];
      for (const dict of dimData) assert.deepEqual(Object.keys(dict), keys);
    }
  });

  it('refuse bad arguments', () => {
    const array = numbered(LAYOUTS.bn(), 'float64');
    const tooMany = Array.from({ length: size + 1 }, (_, k) => path(`n${k}`));
    failsAlike(() => saveDnpy(tooMany, array), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => loadDnpy(tooMany), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => loadDnpy(null as never), 'ERR_ARGUMENT_TYPE');
    assert.throws(() => saveDnpy(path('x'), array, { mode: 'a' as 'w' }), {
      argument: 'options.mode',
    });
    if (size > 1) {
      failsAlike(() => saveDnpy(Array(size).fill(path('x')), array), 'ERR_ARGUMENT_RANGE');
      failsAlike(() => saveDnpy([path('x')], array, { targets: [0] }), 'ERR_ARGUMENT_RANGE');
      assert.throws(() => saveDnpy(path(`x${rank}`), array), { argument: 'name' });
    }
    assert.ok(!existsSync(path('x_0.dnpy')));
  });

  it('refuse files that are missing, there already, cut, or of different arrays', () => {
    const array = numbered(LAYOUTS.bn(), 'float64');
    saveDnpy(path('whole'), array);
    failsAlike(() => loadDnpy(path('missing')), 'ENOENT');
    failsAlike(() => saveDnpy(path('missing/x'), array), 'ENOENT');
    const before = readFileSync(path(`whole_${rank}.dnpy`));
    failsAlike(
      () => saveDnpy(path('whole'), numbered(LAYOUTS.bn(), 'int8'), { mode: 'w-' }),
      'EEXIST',
    );
    assert.deepEqual(readFileSync(path(`whole_${rank}.dnpy`)), before);
    const last = path(`whole_${size - 1}.dnpy`);
    world.barrier();
    const first = path('whole_0.dnpy');
    if (rank === 0) truncateSync(first, statSync(first).size - 8);
    world.barrier();
    failsAlike(() => loadDnpy(path('whole')), 'ERR_NPY_TRUNCATED');
    saveDnpy(path('whole'), array);
    if (size === 1) return;
    // The last part of another array, then of another dtype.
    saveDnpy(path('cyclic'), numbered(LAYOUTS.cn(), 'float64'));
    saveDnpy(path('bytes'), numbered(LAYOUTS.bn(), 'int8'));
    for (const other of ['cyclic', 'bytes']) {
      world.barrier();
      if (rank === 0) copyFileSync(path(`${other}_${size - 1}.dnpy`), last);
      world.barrier();
      failsAlike(() => loadDnpy(path('whole')), 'ERR_DNPY_PARTS');
    }
    world.barrier();
    if (rank === 0) writeFileSync(last, 'nothing of the kind');
    world.barrier();
    failsAlike(() => loadDnpy(path('whole')), 'ERR_DNPY_HEADER');
  });

  it('refuse mutated files with an error that has a name, on all ranks alike', () => {
    let seed = sharedSeed();
    const below = (limit: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % limit;
    };
    for (let round = 0; round < 40; round++) {
      const layout = ['bb', 'block-cyclic', 'unstructured'][round % 3];
      saveDnpy(path('mutant'), numbered(LAYOUTS[layout](), 'int16'));
      const victim = path(`mutant_${below(size)}.dnpy`);
      const changes = Array.from({ length: 1 + below(2) }, () => [below(2 ** 16), below(2 ** 8)]);
      world.barrier();
      if (rank === 0 && existsSync(victim)) {
        const bytes = readFileSync(victim);
        // Digits are what a header is made of: other digits make another array.
        const digits = [...bytes.keys()].filter((k) => bytes[k] >= 48 && bytes[k] <= 57);
        for (const [at, value] of changes) {
          if (round % 2 === 0) bytes[digits[at % digits.length]] = 48 + (value % 10);
          else bytes[at % bytes.length] = value;
        }
        writeFileSync(victim, bytes);
      }
      world.barrier();
      let told = '';
      try {
        loadDnpy(path('mutant'));
      } catch (error) {
        const { code = '', message } = error as { code?: string; message: string };
        assert.match(code, /^ERR_D?NPY_/, message);
        told = message;
      }
      assert.equal(broadcastText(world, told, 0), told);
    }
  });

  it('work on a part of the processes', () => {
    using half = world.split(rank % 2);
    const distribution = Distribution.fromShape([10], { size: half.size });
    const dtype: Dtype = 'float32';
    const array = new LocalArray(distribution, { comm: half, dtype });
    array.data.fill(rank % 2);
    saveDnpy(path(`half-${rank % 2}`), array);
    const back = loadDnpy(path(`half-${rank % 2}`), { comm: half });
    assert.equal(back.itemsize, DTYPES[dtype].itemsize);
    assert.deepEqual(back.data, array.data);
  });
});
