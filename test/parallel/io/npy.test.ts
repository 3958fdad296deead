/** .npy files: what we write NumPy reads, and the reverse, from any distribution to any other. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { DTYPE_NAMES } from '../../../src/dtype/dtype.ts';
import { numpyName } from '../../../src/dtype/numpyNames.ts';
import { loadNpy, saveNpy } from '../../../src/entry/io.ts';
import { LocalArray } from '../../../src/entry/local.ts';
import { CyclicMap, Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { boxRuns } from '../../../src/io/boxRuns.ts';
import { Traffic } from '../../../src/ops/redistribute/traffic.ts';
import { skip } from '../../launcher/skip.ts';
import {
  assertNumbered,
  COLUMNS,
  LAYOUTS,
  NUMBERED,
  numbered,
  python,
  ROWS,
  SharedDirectory,
} from '../../support/files.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const { rank, size } = MPI.COMM_WORLD;
const shape = [ROWS, COLUMNS];
const directory = new SharedDirectory('npy');
const names = Object.keys(LAYOUTS);

describe('saveNpy and loadNpy', () => {
  let seed = sharedSeed();
  /** Any layout, the same on all ranks. */
  const any = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return names[(seed >>> 8) % names.length];
  };

  for (const from of names) {
    it(`write ${from} and read it back`, () => {
      const file = directory.path(`${from}.npy`);
      saveNpy(file, numbered(LAYOUTS[from](), 'float64'));
      for (const to of [from, any()])
        assertNumbered(loadNpy(file, LAYOUTS[to]()), 'float64', `${from} → ${to}`);
    });
  }

  it('write every dtype from and to any distribution', () => {
    for (const dtype of DTYPE_NAMES) {
      const [from, to] = [any(), any()];
      const file = directory.path(`${dtype}.npy`);
      saveNpy(file, numbered(LAYOUTS[from](), dtype));
      assertNumbered(loadNpy(file, LAYOUTS[to]()), dtype, `${dtype}: ${from} → ${to}`);
    }
  });

  it('write what numpy.save writes, byte by byte', function () {
    const program = `${NUMBERED}
import io
for name, dtype in zip(sys.argv[1::2], sys.argv[2::2]):
    out = io.BytesIO()
    np.save(out, numbered(dtype, (${ROWS}, ${COLUMNS})))
    assert open(name, 'rb').read() == out.getvalue(), name
    assert np.load(name).dtype == np.dtype(dtype)
print('same')`;
    const files = [
      ...names.flatMap((name) => [directory.path(`${name}.npy`), '<f8']),
      ...DTYPE_NAMES.flatMap((dtype) => [directory.path(`${dtype}.npy`), numpyName(dtype)]),
    ];
    const { ok, text } = python(program, ...files);
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.equal(text, 'same\n');
  });

  it('choose a distribution for the shape in the file, by options or in blocks of rows', () => {
    const file = directory.path('bn.npy');
    const blocks = loadNpy(file);
    assert.ok(blocks.distribution.equals(Distribution.fromShape(shape, { size })));
    const cyclic = loadNpy(file, { dist: 'cn', blockSize: 2 });
    assert.ok(cyclic.distribution.maps[0].equals(new CyclicMap(ROWS, size, { blockSize: 2 })));
    const grid = loadNpy(file, { dist: 'bb', gridShape: [1, size] });
    assert.deepEqual(grid.gridShape, [1, size]);
    const last = loadNpy(file, { targets: [size - 1] });
    assert.deepEqual(last.distribution.targets, [size - 1]);
    for (const array of [blocks, cyclic, grid, last]) assertNumbered(array, 'float64');
  });

  it('write views, forwards and backwards', () => {
    for (const name of ['block-cyclic', 'with a halo']) {
      const array = numbered(LAYOUTS[name](), 'int32');
      for (const spec of ['1:-1, ::2', '::-1, ::-1', '4, :', '2:2, :']) {
        const view = array.slice(spec);
        const file = directory.path('view.npy');
        saveNpy(file, view);
        const back = loadNpy(file, view.distribution);
        assert.deepEqual(back.toContiguous(), view.toContiguous(), `${name} [${spec}]`);
      }
    }
  });

  it('write more ranks than rows, nothing at all, and a single value', () => {
    for (const few of [[2], [0, 5], [], [2, 1, 3]]) {
      const file = directory.path(`few-${few.join('x')}.npy`);
      saveNpy(file, numbered(Distribution.fromShape(few, { size }), 'uint16'));
      assertNumbered(loadNpy(file), 'uint16', file);
      assertNumbered(loadNpy(file, Distribution.replicated(few, { size })), 'uint16', file);
    }
    const value = numbered(Distribution.replicated([], { size }), 'float32');
    saveNpy(directory.path('replicated.npy'), value);
    assertNumbered(loadNpy(directory.path('replicated.npy')), 'float32');
  });

  it('write long runs where they belong, also of columns, and send nothing for that', () => {
    // Runs of 1 MiB in each of two rows.
    const columns = Distribution.fromShape([2, size * 2 ** 18], { dist: 'nb', size });
    const rows = Distribution.fromShape([2 * size, 2 ** 18], { dist: 'bn', size });
    for (const distribution of [columns, rows]) {
      const array = new LocalArray(distribution, { dtype: 'int32' });
      for (let k = 0; k < array.data.length; k++) array.data[k] = 1000003 * (k + rank);
      const traffic = new Traffic();
      const file = directory.path('long.npy');
      saveNpy(file, array, { traffic });
      const back = loadNpy(file, distribution, { traffic });
      assert.ok(Buffer.from(back.data.buffer).equals(Buffer.from(array.data.buffer)));
      assert.equal(traffic.messages, 0);
    }
  });

  it('bring short runs together first: no rank gets more than its share', () => {
    const cyclic = numbered(LAYOUTS.cc(), 'float64');
    const traffic = new Traffic();
    saveNpy(directory.path('cyclic.npy'), cyclic, { traffic });
    assert.ok(traffic.bytes <= 8 * cyclic.localSize);
    assert.equal(traffic.messages > 0, size > 1);
  });

  it('replace a file, and make what a byte of a bool says', () => {
    const file = directory.path('bool.npy');
    const bytes = readFileSync(file);
    MPI.COMM_WORLD.barrier();
    const { ok, text } = python(
      "import sys; f = open(sys.argv[1], 'r+b'); f.seek(128); f.write(bytes([0, 7, 255]))",
      file,
    );
    assert.ok(ok, text);
    const back = loadNpy(file, LAYOUTS['on the last process']());
    if (back.localSize > 0) assert.deepEqual([...back.data.subarray(0, 3)], [0, 1, 1]);
    saveNpy(file, numbered(LAYOUTS.cc(), 'bool'));
    assert.deepEqual(readFileSync(file), bytes);
  });

  it('work on a part of the processes', () => {
    using half = MPI.COMM_WORLD.split(rank % 2);
    const file = directory.path(`half-${rank % 2}.npy`);
    const whole = loadNpy(directory.path('bn.npy'), { dist: 'nc', comm: half });
    saveNpy(file, whole);
    assertNumbered(loadNpy(file, { comm: half }), 'float64');
  });
});

describe('boxRuns', () => {
  it('are the places of a box, in the order of the file', () => {
    const extents = [3, 4, 5];
    for (const order of ['C', 'F'] as const) {
      for (const box of [
        [
          [0, 3],
          [0, 4],
          [0, 5],
        ],
        [
          [1, 2],
          [0, 4],
          [0, 5],
        ],
        [
          [1, 1],
          [1, 2],
          [0, 5],
        ],
        [
          [0, 3],
          [1, 2],
          [2, 3],
        ],
        [
          [2, 1],
          [3, 1],
          [4, 1],
        ],
        [
          [0, 3],
          [0, 0],
          [0, 5],
        ],
      ] as const) {
        const expected: number[] = [];
        const [a, b, c] = box.map(([start, count]) =>
          Array.from({ length: count }, (_, k) => start + k),
        );
        for (const i of a)
          for (const j of b)
            for (const k of c)
              expected.push(order === 'C' ? (i * 4 + j) * 5 + k : (k * 4 + j) * 3 + i);
        const places = [...boxRuns(extents, box, order)].flatMap(({ first, length }) =>
          Array.from({ length }, (_, k) => first + k),
        );
        assert.deepEqual(
          places,
          expected.sort((x, y) => x - y),
          `${order} ${box.join(' ')}`,
        );
      }
    }
    assert.deepEqual([...boxRuns([], [], 'C')], [{ first: 0, length: 1 }]);
  });
});
