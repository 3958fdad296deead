import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { makeGridShape, normalizeGridShape } from '../../../src/maps/gridShape.ts';
import { type DistLetter, type DistSpec, normalizeDist } from '../../../src/maps/normalizeDist.ts';

const product = (factors: readonly number[]) => factors.reduce((a, b) => a * b, 1);

describe('makeGridShape', () => {
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

  it('arranges processes once for arrays of many shapes', () => {
    // So many that the search for their factors takes a while.
    const size = 2 ** 46;
    assert.deepEqual(makeGridShape([1e7, 5e8], 'bb', size), [2 ** 20, 2 ** 26]);
    const before = process.cpuUsage();
    for (let k = 1; k <= 40; k++) {
      assert.deepEqual(makeGridShape([1e7 + k, 5e8], 'bb', size), [2 ** 20, 2 ** 26]);
    }
    const taken = process.cpuUsage(before).user / 1e6;
    assert.ok(taken < 0.5, `${taken} s`);
  });

  it('is not confused by the call before', () => {
    assert.deepEqual(makeGridShape([40, 10], 'bb', 4), [4, 1]);
    assert.deepEqual(makeGridShape([10, 40], 'bb', 4), [1, 4]);
    assert.deepEqual(makeGridShape([10, 40], 'bb', 16), [2, 8]);
    assert.deepEqual(makeGridShape([10, 40], 'bb', 16), [2, 8]);
    assert.deepEqual(makeGridShape([10, 40, 1], 'bbn', 16), [2, 8, 1]);
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

describe('normalizeGridShape', () => {
  it('pads with 1', () => {
    assert.deepEqual(normalizeGridShape([2], ['b', 'b'], 4), [2, 1]);
    assert.deepEqual(normalizeGridShape([], ['b', 'n'], 4), [1, 1]);
    assert.deepEqual(normalizeGridShape([], [], 1), []);
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
