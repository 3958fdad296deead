import { strict as assert } from 'node:assert';
import { resolveSlice } from '../../../src/maps/resolveSlice.ts';
import { newaxis, parseSlice, type SliceSpec, showSlice } from '../../../src/maps/sliceSpec.ts';

describe('parseSlice', () => {
  it('reads NumPy’s notation', () => {
    const range = (start: number | null, stop: number | null, step: number | null = null) => ({
      start,
      stop,
      step,
    });
    assert.deepEqual(parseSlice('1:-1, ::2'), [range(1, -1), range(null, null, 2)]);
    assert.deepEqual(parseSlice('3, ...'), [3, '...']);
    assert.deepEqual(parseSlice('..., None'), ['...', newaxis]);
    assert.deepEqual(parseSlice(' newaxis ,\t: '), [newaxis, range(null, null)]);
    assert.deepEqual(parseSlice('-1'), [-1]);
    assert.deepEqual(parseSlice('+2 : 10 : -3'), [range(2, 10, -3)]);
    assert.deepEqual(parseSlice('3,'), [3]);
    assert.deepEqual(parseSlice('::'), [range(null, null, null)]);
  });

  it('reads a text once while it is remembered, and lets nobody change what it read', () => {
    const first = parseSlice('1:5, 7');
    assert.equal(parseSlice('1:5, 7'), first);
    assert.ok(Object.isFrozen(first) && Object.isFrozen(first[0]));
    for (let k = 0; k < 1000; k++) assert.deepEqual(parseSlice(`${k}, ...`), [k, '...']);
    assert.notEqual(parseSlice('1:5, 7'), first);
    assert.deepEqual(parseSlice('1:5, 7'), first);
    const long = `${' '.repeat(200)}3`;
    assert.notEqual(parseSlice(long), parseSlice(long));
  });

  it('points at the column of a mistake', () => {
    const bad: [string, string][] = [
      ['', 'an index or a range at column 1'],
      ['1:2,,3', 'an index or a range at column 5'],
      ['1:2, x', 'an integer at column 6'],
      ['1:2, 3:y', 'an integer at column 8'],
      ['1.5', 'an integer at column 1'],
      ['1:2:3:4', 'at most two colons in a range at column 6'],
      [':, 1:5:0', 'a step that is not 0 at column 8'],
      ['1 2', 'an integer at column 1'],
      ['..', 'an integer at column 1'],
      ['99999999999999999999', 'an integer at column 1'],
    ];
    for (const [text, expected] of bad) {
      assert.throws(() => parseSlice(text), { argument: 'slice', expected }, text);
    }
    assert.throws(() => parseSlice('1:2, x'), {
      message: 'Expected an integer at column 6 for slice, but received "1:2, x"',
    });
  });

  it('has its way back', () => {
    for (const text of ['1:-1, ::2', '3, ...', '..., None', ':5:-1']) {
      assert.equal(showSlice(parseSlice(text)), text);
    }
    assert.equal(showSlice([null, { stop: 3 }]), ':, :3');
  });
});

describe('resolveSlice', () => {
  const range = (axis: number, start: number, step: number, count: number) => ({
    kind: 'range',
    axis,
    start,
    step,
    count,
  });

  it('clips ranges and fills up dimensions', () => {
    assert.deepEqual(resolveSlice('-100:100', [10, 4]), [range(0, 0, 1, 10), range(1, 0, 1, 4)]);
    assert.deepEqual(resolveSlice('7:3', [10]), [range(0, 0, 1, 0)]);
    assert.deepEqual(resolveSlice('::-3', [10]), [range(0, 9, -3, 4)]);
    assert.deepEqual(resolveSlice([null, -1], [10, 4]), [
      range(0, 0, 1, 10),
      { kind: 'index', axis: 1, index: 3 },
    ]);
  });

  it('expands ... and makes new axes', () => {
    assert.deepEqual(resolveSlice('0, ..., None', [2, 3, 4]), [
      { kind: 'index', axis: 0, index: 0 },
      range(1, 0, 1, 3),
      range(2, 0, 1, 4),
      { kind: 'newaxis' },
    ]);
    assert.deepEqual(resolveSlice('...', []), []);
    assert.deepEqual(resolveSlice([newaxis], []), [{ kind: 'newaxis' }]);
  });

  it('refuses what NumPy refuses, by name', () => {
    const bad: [unknown, string, string][] = [
      ['0, 0, 0', 'slice', 'ArgumentRangeError'],
      ['..., ...', 'slice', 'ArgumentRangeError'],
      ['10', 'slice[0]', 'ArgumentRangeError'],
      ['0, -5', 'slice[1]', 'ArgumentRangeError'],
      [[1.5], 'slice[0]', 'ArgumentRangeError'],
      [[true], 'slice[0]', 'ArgumentTypeError'],
      [['x'], 'slice[0]', 'ArgumentTypeError'],
      [[[1, 2]], 'slice[0]', 'ArgumentTypeError'],
      [[{ start: '1' }], 'slice[0].start', 'ArgumentTypeError'],
      [[{ step: 0 }], 'slice[0].step', 'ArgumentRangeError'],
      [[{ stop: 0.5 }], 'slice[0].stop', 'ArgumentRangeError'],
      [7, 'slice', 'ArgumentTypeError'],
    ];
    for (const [spec, argument, name] of bad) {
      const call = () => resolveSlice(spec as SliceSpec, [10, 4]);
      assert.throws(call, { argument, name }, JSON.stringify(spec));
    }
  });
});
