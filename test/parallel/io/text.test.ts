/** Numbers in text files: what NumPy reads and writes, whatever the number of ranks and wherever the file is split. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { DTYPE_NAMES, type Dtype } from '../../../src/dtype/dtype.ts';
import { Context, Distribution, MPI } from '../../../src/entry/index.ts';
import { type LoadTxtOptions, loadTxt, saveTxt } from '../../../src/entry/io.ts';
import { LocalArray } from '../../../src/entry/local.ts';
import { skip } from '../../launcher/skip.ts';
import {
  assertNumbered,
  failsAlike,
  LAYOUTS,
  NUMBERED,
  numbered,
  python,
  SharedDirectory,
} from '../../support/files.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('text');
const path = (name: string) => directory.path(name);

/** Rank 0 writes a file, while the others wait; its path. */
function file(text: string | Buffer, name = 'a.txt'): string {
  world.barrier();
  if (rank === 0) writeFileSync(path(name), text);
  world.barrier();
  return path(name);
}

/** All elements on every rank, row after row, and the shape. */
function whole(name: string, options: LoadTxtOptions = {}): [number[], unknown[]] {
  const ctx = new Context();
  const { comm: _, ...rest } = options;
  const array = ctx.loadTxt(name, rest as LoadTxtOptions<'float64'>);
  return [[...array.shape], (array.toNested() as unknown[]).flat()];
}

describe('loadTxt', () => {
  it('reads rows of numbers between white space, and skips comments and empty lines', () => {
    const text = '# a table\n1 2.5\t-3e2\n\n  .5 +7. inf  # behind it\r\n-nan 1E-3 -Infinity';
    const [shape, values] = whole(file(text));
    assert.deepEqual(shape, [3, 3]);
    const nan = Number.NaN;
    assert.deepEqual(values, [1, 2.5, -300, 0.5, 7, Infinity, nan, 0.001, -Infinity]);
  });

  it('reads CSV: delimiters, rows and columns that are left out, a byte-order mark', () => {
    const text = '\ufefftime,a;b,c\r\nunits,,\r\n1, 2 ,3\r\n4,5,6\r\n7,8,9\r\n';
    const options = { delimiter: ',', skipRows: 2 };
    assert.deepEqual(whole(file(text), options), [
      [3, 3],
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    ]);
    assert.deepEqual(whole(path('a.txt'), { ...options, useCols: [-1, 0] }), [
      [3, 2],
      [3, 1, 6, 4, 9, 7],
    ]);
    assert.deepEqual(whole(path('a.txt'), { ...options, useCols: 1 }), [[3], [2, 5, 8]]);
    // Columns that are not read may hold anything, and rows more or less.
    const mixed = file('1,x,2\n3,,4,5\n6,"y z",7\n');
    assert.deepEqual(whole(mixed, { delimiter: ',', useCols: [2, 0] })[1], [2, 1, 4, 3, 7, 6]);
    assert.deepEqual(whole(file('1\t2\n3\t4'), { delimiter: '\t' })[1], [1, 2, 3, 4]);
  });

  it('puts a value in the place of missing ones, when it is told which', () => {
    const text = '1,,NA\n,5,6\n7,8,\n';
    const name = file(text);
    const options = { delimiter: ',', fillingValue: Number.NaN, missingValues: ['NA', 'n/a'] };
    const nan = Number.NaN;
    assert.deepEqual(whole(name, options)[1], [1, nan, nan, nan, 5, 6, 7, 8, nan]);
    const integers = { ...options, dtype: 'int64' as const, fillingValue: -1n };
    assert.deepEqual(whole(name, integers as never)[1], [1n, -1n, -1n, -1n, 5n, 6n, 7n, 8n, -1n]);
    failsAlike(() => loadTxt(name, { delimiter: ',' }), 'ERR_TXT_NUMBER');
    failsAlike(() => loadTxt(name, { delimiter: ',', fillingValue: 0 }), 'ERR_TXT_NUMBER');
  });

  it('reads every dtype, integers to the last digit', () => {
    const integers = file('9223372036854775807 -9223372036854775808\n+1 0\n');
    assert.deepEqual(whole(integers, { dtype: 'int64' } as never)[1], [
      2n ** 63n - 1n,
      -(2n ** 63n),
      1n,
      0n,
    ]);
    failsAlike(() => loadTxt(integers, { dtype: 'uint64' }), 'ERR_TXT_NUMBER');
    const bools = file('1 0 true False\n');
    assert.deepEqual(whole(bools, { dtype: 'bool' } as never)[1], [true, false, true, false]);
    const complex = file('1+2j (3-4e1j) 5 -6j\n');
    assert.deepEqual(whole(complex, { dtype: 'complex128' } as never)[1], [
      { re: 1, im: 2 },
      { re: 3, im: -40 },
      { re: 5, im: 0 },
      { re: 0, im: -6 },
    ]);
    for (const [dtype, text] of [
      ['int8', '128'],
      ['uint8', '-1'],
      ['int32', '1.0'],
      ['int32', '1e3'],
      ['uint16', '+'],
      ['bool', 'yes'],
      ['float64', '0x10'],
      ['float64', 'nan(1)'],
      ['float64', '1e'],
      ['float64', '1_000'],
      ['float64', '--1'],
      ['float64', '.'],
      ['float64', '1 000'.replace(' ', '\u00a0')],
      ['complex64', '1+2'],
      ['complex64', '1+2j3'],
      ['complex64', 'j+'],
    ] as const) {
      failsAlike(() => loadTxt(file(`${text}\n`), { dtype }), 'ERR_TXT_NUMBER');
    }
  });

  it('reads numbers as exactly as JavaScript does', () => {
    const texts = ['1e400', '-1e400', '1e-400', '5e-324', '2.4703282292062327e-324', '0.1', '1e23'];
    texts.push('9007199254740993', '179769313486231580793728971405301e276', '0'.repeat(400));
    texts.push(`0.${'0'.repeat(400)}1e401`, `1${'0'.repeat(400)}e-400`, '2.2250738585072011e-308');
    texts.push(`${'9'.repeat(400)}`, `.${'0'.repeat(340)}9`, '0e999999999999', '1e-99999999999999');
    const property = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(property, (numbers) => {
        const rows = [...texts, ...numbers.map((x) => x.toExponential(20)), ...numbers.map(String)];
        const [, values] = whole(file(rows.join('\n')));
        assert.deepEqual(values, rows.map(Number));
      }),
      { seed: sharedSeed(), numRuns: 8, endOnFailure: true },
    );
  });

  it('does not depend on where the file is split', () => {
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.integer(), fc.nat(9), fc.double({ noNaN: true })) },
      { weight: 1, arbitrary: fc.constantFrom('', '  ', '# note', '#', '\t# 1,2,3') },
    );
    const ending = fc.constantFrom('\n', '\r\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, ending), { maxLength: 12 }),
        fc.boolean(),
        (lines, isEnded) => {
          const rows = lines.map(([each]) => each).filter((each) => typeof each !== 'string');
          const joined = lines
            .map(([each, end]) => (typeof each === 'string' ? each : each.join(' , ')) + end)
            .join('');
          const text = isEnded ? joined : joined.replace(/\r?\n$/, '');
          const [shape, values] = whole(file(text), { delimiter: ',' });
          assert.deepEqual(shape, rows.length === 0 ? [0, 0] : [rows.length, 3]);
          assert.deepEqual(
            values,
            rows.flat().map((x) => (Object.is(x, -0) ? Number(`${x}`) : x)),
          );
        },
      ),
      { seed: sharedSeed(), numRuns: 40, endOnFailure: true },
    );
  });

  it('reads lines that are longer than what is read at once', () => {
    const columns = 400_000;
    const row = (first: number) =>
      Array.from({ length: columns }, (_, k) => `${first + k}.123456789012`).join(' ');
    const name = file(rank === 0 ? `# ${'x'.repeat(300_000)}\n${row(1)}\n${row(2)}` : '');
    const array = loadTxt(name);
    assert.deepEqual(array.globalShape, [2, columns]);
    const indices = array.globalIndices(0);
    for (let k = 0; k < array.localSize; k += 997) {
      const i = indices[Math.floor(k / columns)];
      assert.equal(array.data[k], Number(`${1 + i + (k % columns)}.123456789012`));
    }
  });

  it('reads an even share of the rows on each rank, or what the distribution says', () => {
    const name = file(Array.from({ length: 23 }, (_, i) => `${2 * i} ${2 * i + 1}`).join('\n'));
    const array = loadTxt(name);
    assert.ok(array.distribution.equals(Distribution.fromShape([23, 2], { size })));
    const cyclic = Distribution.fromShape([23, 2], { dist: 'cn', size });
    const back = loadTxt(name, { distribution: cyclic });
    assert.equal(back.distribution, cyclic);
    const rows = [...back.globalIndices(0)];
    assert.deepEqual(
      [...back.data],
      rows.flatMap((i) => [2 * i, 2 * i + 1]),
    );
    assert.equal(loadTxt(name, { dist: 'nc' }).distribution.dist.join(''), 'nc');
  });

  it('names the line of what is wrong, on all ranks', () => {
    const lines = Array.from({ length: 40 }, (_, k) => `${k},${k},${k}`);
    for (const [line, bad, code, says] of [
      [1, '1,2', 'ERR_TXT_RAGGED', null],
      [7, '1,2', 'ERR_TXT_RAGGED', '2 fields instead of 3'],
      [29, '1,2,3,4', 'ERR_TXT_RAGGED', '4 fields instead of 3'],
      [40, '1', 'ERR_TXT_RAGGED', '1 field instead of 3'],
      [23, '1,two,3', 'ERR_TXT_NUMBER', "'two' in column 1 is no float64"],
      [38, '1,2,', 'ERR_TXT_NUMBER', 'an empty field in column 2 is no float64'],
    ] as const) {
      const text = lines.map((each, k) => (k === line - 1 ? bad : each));
      // Comments and the lines that are skipped count.
      const name = file(`head\nhead\n#\n${text.join('\n')}\n`);
      const options = { delimiter: ',', skipRows: 2 };
      failsAlike(() => loadTxt(name, options), code);
      if (says === null) continue;
      assert.throws(() => loadTxt(name, options), {
        message: `'${name}', line ${line + 3}: ${says}`,
      });
    }
    // The first of several counts, though others are found at the same time.
    const many = lines.map((each, k) => (k >= 5 ? 'x,1,2' : each));
    assert.throws(() => loadTxt(file(many.join('\n')), { delimiter: ',' }), /line 6: 'x'/);
    const some = { delimiter: ',', useCols: [0, 2] };
    assert.throws(
      () => loadTxt(file('1,2,3\n4,5\n'), some),
      /line 2: 2 fields instead of at least 3/,
    );
  });

  it('reads nothing from files without rows', () => {
    for (const text of ['', '\n', '# only this', '\n\r\n#\n']) {
      assert.deepEqual(loadTxt(file(text)).globalShape, [0, 0]);
      assert.deepEqual(loadTxt(path('a.txt'), { useCols: [0, 5] }).globalShape, [0, 2]);
      assert.deepEqual(loadTxt(path('a.txt'), { useCols: 3 }).globalShape, [0]);
    }
    assert.deepEqual(loadTxt(file('1 2\n'), { skipRows: 9 }).globalShape, [0, 0]);
  });

  it('is what numpy.loadtxt reads', function () {
    const program = `${NUMBERED}
a = np.random.default_rng(5).normal(size=(37, 5)) * 10.0 ** np.arange(-100, 150, 50)
np.savetxt(sys.argv[1], a, delimiter=',', header='five columns\\nof numbers')
np.save(sys.argv[1] + '.npy', np.loadtxt(sys.argv[1], delimiter=','))
np.savetxt(sys.argv[2], a[:, :2] + 1j * a[:, 2:4])
np.save(sys.argv[2] + '.npy', np.loadtxt(sys.argv[2], dtype=complex))
print('done')`;
    const { ok, text } = python(program, path('n.csv'), path('c.txt'));
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.equal(text, 'done\n');
    const ctx = new Context();
    const real = ctx.loadTxt(path('n.csv'), { delimiter: ',' });
    assert.ok(
      real
        .equal(ctx.loadNpy(path('n.csv.npy')))
        .all()
        .item(),
    );
    const complex = ctx.loadTxt(path('c.txt'), { dtype: 'complex128' });
    assert.ok(
      complex
        .equal(ctx.loadNpy(path('c.txt.npy')))
        .all()
        .item(),
    );
  });

  it('refuses files and arguments that are none, before anything is read', () => {
    failsAlike(() => loadTxt(path('missing')), 'ENOENT');
    failsAlike(() => loadTxt(path('')), 'EISDIR');
    failsAlike(() => loadTxt('/dev/null'), 'ERR_NOT_A_FILE');
    const name = file('1 2\n3 4\n');
    failsAlike(() => loadTxt(name, { useCols: [2] }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => loadTxt(name, { useCols: [-3] }), 'ERR_ARGUMENT_RANGE');
    const other = Distribution.fromShape([3, 2], { size });
    failsAlike(() => loadTxt(name, { distribution: other }), 'ERR_TXT_SHAPE');
    for (const [options, argument] of [
      [{ delimiter: 'ab' }, 'options.delimiter'],
      [{ delimiter: '\n' }, 'options.delimiter'],
      [{ delimiter: 'é' }, 'options.delimiter'],
      [{ delimiter: 3 }, 'options.delimiter'],
      [{ comments: '' }, 'options.comments'],
      [{ skipRows: -1 }, 'options.skipRows'],
      [{ useCols: [] }, 'options.useCols'],
      [{ useCols: [1.5] }, 'options.useCols'],
      [{ useCols: 'a' }, 'options.useCols'],
      [{ missingValues: ['NA'] }, 'options.fillingValue'],
      [{ missingValues: ['a\nb'], fillingValue: 0 }, 'options.missingValues'],
      [{ dtype: 'int8', fillingValue: Number.NaN }, 'options.fillingValue'],
      [{ dtype: 'int8', fillingValue: 300 }, 'options.fillingValue'],
      [{ distribution: 3 }, 'options.distribution'],
    ] as const) {
      assert.throws(() => loadTxt(name, options as LoadTxtOptions), { argument });
    }
    if (size === 1) return;
    assert.throws(() => loadTxt(name, { skipRows: rank === 0 ? 1 : 0 }), { argument: 'options' });
  });
});

describe('saveTxt', () => {
  const values = () => numbered(LAYOUTS.cc(), 'float64');

  it('writes what is read back, from every distribution', () => {
    for (const [name, layout] of Object.entries(LAYOUTS)) {
      saveTxt(path('s.txt'), numbered(layout(), 'float64'));
      assertNumbered(loadTxt(path('s.txt'), { distribution: LAYOUTS.bb() }), 'float64', name);
    }
  });

  it('writes every dtype, one or two dimensions, also no rows', () => {
    for (const dtype of DTYPE_NAMES) {
      const array = numbered(LAYOUTS.bc(), dtype);
      saveTxt(path('s.txt'), array, { delimiter: ',' });
      assertNumbered(loadTxt(path('s.txt'), { dtype, delimiter: ',' }), dtype, dtype);
      const flat = numbered(Distribution.fromShape([size + 2], { dist: 'c', size }), dtype);
      saveTxt(path('s.txt'), flat);
      const back = loadTxt<Dtype>(path('s.txt'), { dtype, useCols: 0 });
      assertNumbered(back, dtype, dtype);
    }
    saveTxt(path('s.txt'), numbered(Distribution.fromShape([0, 3], { size }), 'float64'));
    assert.equal(readFileSync(path('s.txt'), 'utf8'), '');
    world.barrier();
  });

  it('writes numbers so that they are read as they were', () => {
    const numbers = [
      0.1,
      -0,
      5e-324,
      1.7976931348623157e308,
      1e21,
      Infinity,
      -Infinity,
      NaN,
      1 / 3,
    ];
    const ctx = new Context();
    ctx.saveTxt(path('s.txt'), ctx.fromArray(numbers));
    const text = readFileSync(path('s.txt'), 'utf8');
    assert.equal(text.split('\n')[1], '-0');
    assert.equal(text.split('\n')[5], 'inf');
    const back = ctx.loadTxt(path('s.txt'), { useCols: 0 }).toNested() as number[];
    assert.ok(back.every((value, k) => Object.is(value, numbers[k])));
  });

  it('writes header, footer, delimiters and formats as numpy.savetxt does', function () {
    const formats = ['%.18e', '%.3f', '%d', '%g', '%10.4e', '%-12.2f', '%+.1e', '%08.3f', '%.3g'];
    const program = `${NUMBERED}
a = numbered('<f8', (11, 7)) * np.array([1, -1, 1e-7, 1e7, 1e22, 0, 1/3])
for k, fmt in enumerate(${JSON.stringify(formats)}):
    np.savetxt(f'{sys.argv[1]}.{k}', a, fmt=fmt, delimiter=';', header='a\\nb', footer='end')
np.savetxt(sys.argv[1] + '.crlf', a[:, 0], newline='\\r\\n', comments='', header='x', fmt='%d')
print('done')`;
    const { ok, text } = python(program, path('np'));
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.equal(text, 'done\n');
    const ctx = new Context();
    const scale = ctx.fromArray([1, -1, 1e-7, 1e7, 1e22, 0, 1 / 3]);
    const array = ctx.fromLocalArrays(values()).multiply(scale);
    formats.forEach((fmt, k) => {
      const options = { fmt, delimiter: ';', header: 'a\nb', footer: 'end' };
      ctx.saveTxt(path('ours'), array, options);
      assert.equal(readFileSync(path('ours'), 'utf8'), readFileSync(path(`np.${k}`), 'utf8'), fmt);
      world.barrier();
    });
    const column = array.slice(':, 0');
    const options = { newline: '\r\n', comments: '', header: 'x', fmt: '%d' } as const;
    ctx.saveTxt(path('ours'), column, options);
    assert.equal(readFileSync(path('ours'), 'utf8'), readFileSync(path('np.crlf'), 'utf8'));
    world.barrier();
  });

  it('refuses what it cannot write, and leaves the file alone', () => {
    const name = file('precious', 'p.txt');
    failsAlike(() => saveTxt(name, values(), { mode: 'w-' }), 'EEXIST');
    const cube = new LocalArray(Distribution.fromShape([2, 2, 2], { size }));
    failsAlike(() => saveTxt(name, cube), 'ERR_ARGUMENT_RANGE');
    for (const [options, argument] of [
      [{ fmt: '%s' }, 'options.fmt'],
      [{ fmt: 3 }, 'options.fmt'],
      [{ newline: 'x' }, 'options.newline'],
      [{ delimiter: 1 }, 'options.delimiter'],
      [{ mode: 'a' }, 'options.mode'],
    ] as const) {
      assert.throws(() => saveTxt(name, values(), options as never), { argument });
    }
    assert.equal(readFileSync(name, 'utf8'), 'precious');
    world.barrier();
    if (rank === 0) mkdirSync(path('folder'));
    world.barrier();
    failsAlike(() => saveTxt(path('folder'), values()), 'EISDIR');
    failsAlike(() => saveTxt(path('missing/a.txt'), values()), 'ENOENT');
    if (size > 1) {
      const mine = path(`mine-${rank}`);
      assert.throws(() => saveTxt(mine, values()), { argument: 'name' });
      assert.ok(!existsSync(mine));
    }
  });
});
