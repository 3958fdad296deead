import { strict as assert } from 'node:assert';
import { IteratorItems, ListItems } from '../../../src/tasks/items.ts';
import { joined, piecesOf } from '../../../src/tasks/pieces.ts';

/** What each worker takes, two items at a time, in turn. */
function taken(items: ListItems, workers: number): number[][] {
  const all: number[][] = Array.from({ length: workers }, () => []);
  for (let isSome = true; isSome; ) {
    isSome = false;
    for (let worker = 0; worker < workers; worker++) {
      const some = items.take(worker, 2);
      if (some === null) continue;
      isSome = true;
      all[worker].push(...some.indices);
    }
  }
  return all;
}

const letters = [...'abcdefg'];

describe('items of a list', () => {
  it('go to whoever asks', () => {
    assert.deepEqual(taken(new ListItems(letters, 'balanced', 2), 2), [
      [0, 1, 4, 5],
      [2, 3, 6],
    ]);
  });

  it('go in equal portions that follow each other', () => {
    assert.deepEqual(taken(new ListItems(letters, 'equalPortion', 3), 3), [
      [0, 1],
      [2, 3],
      [4, 5, 6],
    ]);
    assert.deepEqual(taken(new ListItems(['a'], 'equalPortion', 3), 3), [[], [], [0]]);
  });

  it('go in turn', () => {
    assert.deepEqual(taken(new ListItems(letters, 'cardDealer', 3), 3), [
      [0, 3, 6],
      [1, 4],
      [2, 5],
    ]);
  });

  it('go to others when a worker takes no more', () => {
    const items = new ListItems(letters, 'cardDealer', 3);
    assert.deepEqual(items.take(1, 1)?.indices, [1]);
    items.release(1);
    assert.equal(items.left(0), 3);
    assert.deepEqual(taken(items, 3), [[0, 3, 6], [4], [2, 5]]);
    items.end();
    assert.equal(items.take(0, 1), null);
  });

  it('are the list’s', () => {
    const items = new ListItems(Float32Array.of(5, 6, 7), 'balanced', 1);
    assert.deepEqual(items.take(0, 2), { indices: [0, 1], items: [5, 6] });
    assert.deepEqual([items.total, items.left(0)], [3, 1]);
  });
});

describe('items of an iterator', () => {
  it('are asked for when they are taken', () => {
    let asked = 0;
    let isClosed = false;
    function* letter() {
      try {
        for (;;) yield asked++;
      } finally {
        isClosed = true;
      }
    }
    const items = new IteratorItems(letter());
    assert.deepEqual(items.take(0, 3), { indices: [0, 1, 2], items: [0, 1, 2] });
    assert.deepEqual([asked, items.total], [3, null]);
    items.end();
    assert.ok(isClosed);
    assert.deepEqual([items.take(0, 1), items.total], [null, 3]);
  });

  it('end with the iterator', () => {
    const items = new IteratorItems(['a', 'b'].values());
    assert.deepEqual(items.take(0, 5)?.items, ['a', 'b']);
    assert.deepEqual([items.total, items.take(0, 1)], [2, null]);
  });
});

describe('pieces of a sequence', () => {
  it('make the sequence again', () => {
    assert.deepEqual(piecesOf([1, 2, 3, 4, 5], 3), [[1, 2], [3, 4], [5]]);
    assert.deepEqual(piecesOf([1], 3), [[1], [], []]);
    const typed = Int16Array.of(1, 2, 3);
    assert.deepEqual(joined(piecesOf(typed, 2), 'x'), typed);
    assert.deepEqual(joined([Int8Array.of(1), [2]], 'x'), [1, 2]);
    assert.throws(() => joined([[1], 2], 'x'), /lists or typed arrays \(x\)/);
  });
});
