// ranks: 1-4
/** Quoted fields in text files (RFC 4180), as the csv module of Python and numpy.loadtxt read them. */
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { Context, MPI } from '../../../src/entry/index.ts';
import { type LoadTxtOptions, loadTxt } from '../../../src/entry/io.ts';
import { skip } from '../../launcher/skip.ts';
import { failsAlike, python, SharedDirectory } from '../../support/files.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const world = MPI.COMM_WORLD;
const { rank } = world;
const directory = new SharedDirectory('quoted');
const name = () => directory.path('a.csv');

/** Rank 0 writes a file, while the others wait; its path. */
function file(text: string): string {
  world.barrier();
  if (rank === 0) writeFileSync(name(), text);
  world.barrier();
  return name();
}

/** Shape and elements of what is read from a text. */
function read(text: string, options: LoadTxtOptions = {}): [number[], unknown[]] {
  const { comm: _, ...rest } = options;
  const csv = { delimiter: ',', quoteChar: '"', ...rest } as LoadTxtOptions<'float64'>;
  const array = new Context().loadTxt(file(text), csv);
  return [[...array.shape], (array.toNested() as unknown[]).flat()];
}

describe('loadTxt with quotes', () => {
  it('reads numbers in quotes, and leaves out columns with delimiters, quotes and comments in them', () => {
    const text =
      '"time, s","name ""x""","value"\r\n' +
      '"1.5","a, b",2\r\n' +
      '3,"say ""no, #1""" , "-4e1"\r\n' +
      ' "5" ,"",6 # a comment with "quotes\r\n' +
      '\r\n' +
      '# "nothing\r\n' +
      '7,unquoted "here",8';
    const options = { skipRows: 1, useCols: [0, 2] };
    assert.deepEqual(read(text, options), [
      [4, 2],
      [1.5, 2, 3, -40, 5, 6, 7, 8],
    ]);
    assert.deepEqual(read(text, { ...options, useCols: 2 })[1], [2, -40, 6, 8]);
    assert.deepEqual(read('"1" "2"\n3\t"4"\n', { delimiter: undefined })[1], [1, 2, 3, 4]);
    assert.deepEqual(read("'1';2\n3;'4'", { delimiter: ';', quoteChar: "'" })[1], [1, 2, 3, 4]);
    assert.deepEqual(read('"9223372036854775807"\n', { dtype: 'int64' })[1], [2n ** 63n - 1n]);
  });

  it('puts a value in the place of missing ones in quotes', () => {
    const options = { fillingValue: -1, missingValues: ['NA', 'a, b'] };
    assert.deepEqual(read('"",1,"NA"\n2,"a, b",""\n,3,NA', options)[1], [
      ...[-1, 1, -1],
      ...[2, -1, -1],
      ...[-1, 3, -1],
    ]);
  });

  it('takes quotes for letters unless told otherwise, as NumPy', () => {
    failsAlike(() => loadTxt(file('"1",2\n'), { delimiter: ',' }), 'ERR_TXT_NUMBER');
    assert.deepEqual(
      read('1,"a,2\n3,",4\n', { quoteChar: null, useCols: [0, 2] })[1],
      [1, 2, 3, 4],
    );
  });

  it('names the line of what is wrong, on all ranks', () => {
    const good = '1,"2"\n'.repeat(30);
    const csv = { delimiter: ',', quoteChar: '"' };
    for (const [line, code, message] of [
      ['1,"2', 'ERR_TXT_QUOTE', /line 31: the quoted field in column 1/],
      ['"1,2', 'ERR_TXT_QUOTE', /line 31: the quoted field in column 0/],
      ['1,"2\n3"', 'ERR_TXT_QUOTE', /line 31: .* column 1/],
      ['1,"2"3', 'ERR_TXT_QUOTE', /line 31: .* column 1/],
      ['1,"2" "3"', 'ERR_TXT_QUOTE', /line 31/],
      ['"1,2",3,4', 'ERR_TXT_RAGGED', /line 31: 3 fields instead of 2/],
      ['1,"a, b"', 'ERR_TXT_NUMBER', /line 31: 'a, b' in column 1|line 31: '"a, b"' in column 1/],
      ['"",2', 'ERR_TXT_NUMBER', /line 31: an empty field in column 0/],
      ['1,"2"""', 'ERR_TXT_NUMBER', /line 31/],
    ] as const) {
      const text = `${good}${line}\n${good}`;
      failsAlike(() => loadTxt(file(text), csv), code);
      assert.throws(() => loadTxt(name(), csv), { message });
    }
    failsAlike(() => loadTxt(file('"1\n2'), csv), 'ERR_TXT_QUOTE');
  });

  it('refuses quotes that are none', () => {
    file('1\n');
    for (const quoteChar of ['""', '', 'a', '1', ' ', '.', '-', ',', '#', 'é', 3]) {
      const options = { delimiter: ',', quoteChar: quoteChar as string };
      assert.throws(() => loadTxt(name(), options), { argument: 'options.quoteChar' });
    }
    const ctx = new Context();
    assert.throws(() => ctx.loadTxt(name(), { quotechar: '"' } as never), {
      message: /one of the options .*quoteChar.*\(perhaps quoteChar\)/,
    });
    const missing = { quoteChar: '"', fillingValue: 0, missingValues: ['"'] };
    assert.throws(() => loadTxt(name(), missing), { argument: 'options.missingValues' });
  });

  it('is what Python reads', function () {
    const program = `
import csv, random, sys
import numpy as np
dice = random.Random(int(sys.argv[2]))
def text():
    return ''.join(dice.choice('ab,"# 1') for _ in range(dice.randrange(6)))
rows = [[repr(dice.uniform(-9, 9)), text(), repr(dice.randrange(999)), text()] for _ in range(500)]
with open(sys.argv[1], 'w', newline='') as file:
    for row in rows:
        style = dice.choice([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
        csv.writer(file, quoting=style).writerow(row)
with open(sys.argv[1], newline='') as file:
    read = list(csv.reader(file))
assert read == rows
np.save(sys.argv[1] + '.npy', np.array([[float(row[0]), float(row[2])] for row in read]))
found = np.loadtxt(sys.argv[1], delimiter=',', quotechar='"', usecols=(0, 2))
assert (found == np.load(sys.argv[1] + '.npy')).all()
print('done')`;
    const { ok, text } = python(program, name(), String(sharedSeed()));
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.ok(ok, text);
    const ctx = new Context();
    const options = { delimiter: ',', quoteChar: '"', useCols: [0, 2] };
    const expected = ctx.loadNpy(`${name()}.npy`);
    assert.ok(ctx.loadTxt(name(), options).equal(expected).all().item());
  });
});
