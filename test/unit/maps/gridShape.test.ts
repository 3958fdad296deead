import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { ArgumentRangeError, ArgumentTypeError } from '../../../src/errors.ts';
import { makeGridShape, normalizeGridShape } from '../../../src/maps/gridShape.ts';
import { multiplicativePartitions } from '../../../src/maps/multiplicativePartitions.ts';
import { type DistLetter, type DistSpec, normalizeDist } from '../../../src/maps/normalizeDist.ts';
import { type GoldenError, readGolden } from './golden.ts';

interface GridShapeCase {
  readonly shape: number[];
  readonly dist: string;
  readonly comm_size: number;
  readonly result?: number[];
  readonly error?: GoldenError;
}

const product = (factors: readonly number[]) => factors.reduce((a, b) => a * b, 1);

/**
 * Golden cases whose shape is valid but where DistArray throws: the grid shrinks to fit here.
 * Key: shape, letters and processes.
 */
const SHRUNK: Record<string, number[]> = {
  '0 b 1': [1],
  '0 b 3': [1],
  '0 b 7': [1],
  '0,0 bb 4': [1, 1],
  '2,2 bb 12': [2, 2],
  '1,2 bb 4': [1, 2],
  '2,3 bb 5': [2, 2],
};

/** Golden cases that are errors here too: number of processes, too many letters, bad input. */
const REFUSED = ['10 b -3', '10 bb 4', '10,-5 bb 4', '10,10 bq 4'];

describe('makeGridShape', () => {
  const { cases } = readGolden<{ cases: GridShapeCase[] }>('make_grid_shape');

  for (const { shape, dist, comm_size: size, result } of cases) {
    const key = `${shape} ${dist} ${size}`;
    // The rule only asks whether a dimension is distributed: 'u' runs as 'c' until it exists.
    const letters = dist.replaceAll('u', 'c');
    if (result !== undefined) {
      it(`${key} → ${result} (golden)`, () => {
        assert.deepEqual(makeGridShape(shape, letters, size), result);
      });
    } else if (key in SHRUNK) {
      it(`${key} → ${SHRUNK[key]} (DistArray throws)`, () => {
        assert.deepEqual(makeGridShape(shape, letters, size), SHRUNK[key]);
      });
    } else {
      it(`${key} is refused (golden)`, () => {
        assert.ok(REFUSED.includes(key));
        assert.throws(() => makeGridShape(shape, letters, size), ArgumentRangeError);
      });
    }
  }

  it('uses all golden cases that the lists name', () => {
    const errors = cases.filter(({ error }) => error !== undefined);
    assert.equal(cases.length, 122);
    assert.equal(errors.length, Object.keys(SHRUNK).length + REFUSED.length);
  });

  it('takes the most processes that can be arranged to fit', () => {
    assert.deepEqual(makeGridShape([30, 30], 'bb', 127), [9, 14]);
    assert.deepEqual(makeGridShape([2, 7], 'bb', 8), [2, 4]);
    assert.deepEqual(makeGridShape([1, 3, 8], 'ccn', 4), [1, 3, 1]);
    assert.deepEqual(makeGridShape([5, 0], 'bb', 4), [4, 1]);
    assert.deepEqual(makeGridShape([0, 10], 'nb', 4), [1, 4]);
    assert.deepEqual(makeGridShape([10, 0], 'bn', 4), [4, 1]);
  });

  it('has no dimensions for a 0-d array', () => {
    assert.deepEqual(makeGridShape([], '', 4), []);
  });

  it('fits the shape and the processes, whatever they are', () => {
    const letters = fc.constantFrom<DistLetter>('b', 'c', 'n');
    const dimensions = fc.array(fc.tuple(fc.nat({ max: 40 }), letters), { maxLength: 4 });
    fc.assert(
      fc.property(dimensions, fc.integer({ min: 1, max: 300 }), (dims, size) => {
        const shape = dims.map(([extent]) => extent);
        const dist = dims.map(([, letter]) => letter);
        const gridShape = makeGridShape(shape, dist, size);
        assert.equal(gridShape.length, shape.length);
        assert.ok(product(gridShape) <= size);
        gridShape.forEach((processes, axis) => {
          assert.ok(processes >= 1);
          if (dist[axis] === 'n') assert.equal(processes, 1);
          if (shape[axis] > 0) assert.ok(processes <= shape[axis]);
        });
        const fewestProcesses = Math.max(1, ...shape.filter((_, axis) => dist[axis] !== 'n'));
        if (!shape.includes(0)) assert.ok(product(gridShape) >= Math.min(size, fewestProcesses));
      }),
    );
  });

  it('refuses bad arguments by name', () => {
    const bad: [unknown, unknown, unknown, string][] = [
      ['10', 'b', 4, 'shape'],
      [[10, '10'], 'b', 4, 'shape[1]'],
      [[1.5], 'b', 4, 'shape[0]'],
      [[2 ** 30, 2 ** 30], 'b', 4, 'shape'],
      [[10], 7, 4, 'dist'],
      [[10], 'x', 4, 'dist[0]'],
      [[10], 'bb', 4, 'dist'],
      [[10], 'b', 0, 'size'],
      [[10], 'b', '4', 'size'],
    ];
    for (const [shape, dist, size, argument] of bad) {
      const call = () => makeGridShape(shape as number[], dist as DistSpec, size as number);
      assert.throws(call, { argument });
    }
  });
});

describe('multiplicativePartitions', () => {
  it('agrees with the golden mult_partitions', () => {
    // DistArray fails for one factor; here that is the number itself.
    const { mult_partitions } = readGolden<{
      mult_partitions: { args: [number, number]; result?: number[][] }[];
    }>('metadata_utils');
    for (const { args, result } of mult_partitions) {
      assert.deepEqual(multiplicativePartitions(...args), result ?? [[args[0]]]);
    }
  });
});

describe('normalizeGridShape', () => {
  it('pads with 1', () => {
    assert.deepEqual(normalizeGridShape([2], ['b', 'b'], 4), [2, 1]);
    assert.deepEqual(normalizeGridShape([], ['b', 'n'], 4), [1, 1]);
    assert.deepEqual(normalizeGridShape([], [], 1), []);
  });

  /**
   * Deliberately different from golden: DistArray takes a 0 and, at this point, several
   * processes for an 'n' dimension. The checks of shape and dist are those of their own
   * functions.
   */
  it('agrees with the golden normalize_grid_shape', () => {
    const refusedHere = ['[[0,2],[10,10],["b","b"],4]', '[[2,2],[10,10],["n","b"],4]'];
    const checkedElsewhere = ['[[1],[10,10],["b"],4]', '[[1],[-10],["b"],4]'];
    const { normalize_grid_shape: cases } = readGolden<{
      normalize_grid_shape: {
        args: [number[], number[], DistLetter[], number];
        result?: number[];
      }[];
    }>('metadata_utils');
    const used: string[] = [];
    for (const { args, result } of cases) {
      const key = JSON.stringify(args);
      used.push(key);
      if (checkedElsewhere.includes(key)) continue;
      const call = () => normalizeGridShape(args[0], args[2], args[3]);
      if (result === undefined || refusedHere.includes(key)) {
        assert.throws(call, ArgumentRangeError, key);
      } else {
        assert.deepEqual(call(), result);
      }
    }
    assert.ok([...refusedHere, ...checkedElsewhere].every((key) => used.includes(key)));
  });

  it('refuses bad grids by name', () => {
    const bad: [unknown, string, string][] = [
      [4, 'gridShape', 'ArgumentTypeError'],
      [['2'], 'gridShape[0]', 'ArgumentTypeError'],
      [[2, 2, 1], 'gridShape', 'ArgumentRangeError'],
      [[-1, 2], 'gridShape[0]', 'ArgumentRangeError'],
      [[1, 2], 'gridShape[1]', 'ArgumentRangeError'],
      [[5], 'gridShape', 'ArgumentRangeError'],
    ];
    for (const [gridShape, argument, name] of bad) {
      const call = () => normalizeGridShape(gridShape as number[], ['b', 'n'], 4);
      assert.throws(call, { argument, name });
    }
  });
});

describe('normalizeDist', () => {
  it("is 'b' first and 'n' after that by default", () => {
    assert.deepEqual(normalizeDist(undefined, 3), ['b', 'n', 'n']);
    assert.deepEqual(normalizeDist(undefined, 0), []);
  });

  it('takes strings, arrays and objects by axis', () => {
    assert.deepEqual(normalizeDist('bc', 3), ['b', 'c', 'n']);
    assert.deepEqual(normalizeDist(['n', 'b'], 2), ['n', 'b']);
    assert.deepEqual(normalizeDist({ 1: 'c' }, 2), ['n', 'c']);
  });

  /**
   * Deliberately different from golden: more letters than dimensions are an error here, in
   * DistArray only later. Left to a later part: the letter 'u'.
   */
  it('agrees with the golden normalize_dist', () => {
    const tooLong = '["bbb",2]';
    const laterPart = '["u",2]';
    const { normalize_dist: cases } = readGolden<{
      normalize_dist: { args: [DistSpec, number]; result?: DistLetter[] }[];
    }>('metadata_utils');
    for (const { args, result } of cases) {
      const key = JSON.stringify(args);
      if (key === laterPart) continue;
      if (key === tooLong) assert.throws(() => normalizeDist(...args), ArgumentRangeError);
      else if (result === undefined) assert.throws(() => normalizeDist(...args), ArgumentTypeError);
      else assert.deepEqual(normalizeDist(...args), result);
    }
  });

  it('refuses everything else by name', () => {
    const bad: [unknown, string, string][] = [
      [7, 'dist', 'ArgumentTypeError'],
      [null, 'dist', 'ArgumentTypeError'],
      ['bq', 'dist[1]', 'ArgumentRangeError'],
      ['B', 'dist[0]', 'ArgumentRangeError'],
      [['b', 1], 'dist[1]', 'ArgumentTypeError'],
      [{ 1: 'x' }, 'dist[1]', 'ArgumentRangeError'],
      [{ first: 'b' }, 'dist', 'ArgumentRangeError'],
    ];
    for (const [dist, argument, name] of bad) {
      assert.throws(() => normalizeDist(dist as DistSpec, 2), { argument, name });
    }
  });
});
