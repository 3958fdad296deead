/** Headers that somebody else, or nobody, has written: an error with a name, or a value; never anything else. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseDnpyHeader, parseNpyHeader } from '../../../src/entry/io.ts';
import { readDnpy } from '../../../src/io/dnpyFile.ts';
import { parsePythonLiteral } from '../../../src/io/pythonLiteral.ts';
import { root } from '../../support/programs.ts';

const folder = join(root, 'test/data/golden/dnpy');
const golden = readdirSync(folder)
  .filter((name) => /npy$/.test(name))
  .map((name) => readFileSync(join(folder, name)));

/** Either a value, or one of the errors that a file is refused with. */
function isHarmless(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.match((error as { code?: string }).code ?? String(error), /^ERR_D?NPY_[A-Z]+$/);
  }
}

const readers = [parseNpyHeader, parseDnpyHeader];

/** A golden file with bytes changed, put in, taken out, or cut off. */
const mutated = fc
  .record({
    file: fc.nat({ max: golden.length - 1 }),
    changes: fc.array(
      fc.record({
        at: fc.nat({ max: 400 }),
        remove: fc.nat({ max: 3 }),
        put: fc.uint8Array({ maxLength: 3 }),
      }),
      { maxLength: 4 },
    ),
    cut: fc.option(fc.nat({ max: 400 })),
  })
  .map(({ file, changes, cut }) => {
    let bytes = golden[file];
    for (const { at, remove, put } of changes) {
      bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + remove)]);
    }
    return cut === null ? bytes : bytes.subarray(0, cut);
  });

/** Text of things that might be in a header. */
const tokens = fc
  .array(
    fc.constantFrom(
      ...[
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        ',',
        ':',
        "'",
        '"',
        '\\',
        "'descr'",
        "'shape'",
        "'fortran_order'",
      ],
      ...[
        "'dim_data'",
        "'__version__'",
        "'0.10.0'",
        "'<f8'",
        "'size'",
        "'indices'",
        'array',
        'dtype=int64',
      ],
      ...[
        'True',
        'False',
        'None',
        '0',
        '-1',
        '7L',
        '99999999999999999999',
        ' ',
        '\n',
        '...',
        'b',
        'u',
        '1e9',
      ],
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('readers of headers', function () {
  this.timeout(60_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-fuzz-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  it('take any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const read of readers) isHarmless(() => read(bytes));
      }),
    );
  });

  it('take mutated files', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        for (const read of readers) isHarmless(() => read(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('take any tokens', () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom('NUMPY', 'DARRY'), (literal, magic) => {
        const text = Buffer.from(literal);
        const start = Buffer.from(`\x93${magic}\x01\x00..`, 'latin1');
        start.writeUInt16LE(text.length, 8);
        for (const read of readers) isHarmless(() => read(Buffer.concat([start, text])));
        try {
          parsePythonLiteral(literal);
        } catch (error) {
          assert.ok(error instanceof SyntaxError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('take whole mutated files, without more memory than they have', () => {
    const path = join(directory, 'mutated.dnpy');
    fc.assert(
      fc.property(mutated, (bytes) => {
        writeFileSync(path, bytes);
        isHarmless(() => {
          const { data } = readDnpy(path, true);
          assert.ok((data?.byteLength ?? 0) <= bytes.length);
        });
      }),
      { numRuns: 500 },
    );
  });
});
