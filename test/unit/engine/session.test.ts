/** A client and an engine in one process: the engine goes on when the client waits. */
import { strict as assert } from 'node:assert';
import { ClientLink } from '../../../src/engine/clientLink.ts';
import { ClientSession } from '../../../src/engine/clientSession.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { AbortError } from '../../../src/engine/interrupts.ts';
import { Action } from '../../../src/engine/records.ts';
import { ArgumentRangeError, Context, DistArrayError } from '../../../src/entry/index.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { makeSessionsBy } from '../../../src/global/contextBase.ts';
import { memoryChannels } from '../../support/memoryChannel.ts';

/** Both ends, contexts of the client, and what a test does to them. */
class Pair {
  readonly link: ClientLink;
  readonly engine: Engine;
  readonly #ends = memoryChannels(1);
  /** Ctrl-C that nobody has noticed. */
  interrupts = 0;
  /** Whether the engine does what it is told when the client waits. */
  isAwake = true;

  constructor() {
    const [client, end] = this.#ends;
    this.engine = new Engine(end, MPI.COMM_SELF);
    client.onIdle = () => {
      if (this.isAwake) this.step();
    };
    this.link = new ClientLink(client, 'quits', {
      take: () => {
        if (this.interrupts === 0) return false;
        this.interrupts--;
        return true;
      },
      close: () => {},
    });
  }

  /** The engine does what comes next. */
  step(): void {
    const message = this.#ends[1].poll();
    if (message !== null) this.engine.take(message);
  }

  /** Records that the engine has not taken. */
  get waiting(): number {
    return this.#ends[1].left;
  }

  context(): Context {
    makeSessionsBy(() => new ClientSession(this.link));
    try {
      return new Context();
    } finally {
      makeSessionsBy(null);
    }
  }
}

const outOfRange = { name: 'ArgumentRangeError', message: /index 7 is out of bounds/ };

describe('a client and its engine', () => {
  let pair: Pair;
  let ctx: Context;
  beforeEach(() => {
    pair = new Pair();
    ctx = pair.context();
  });

  /** An operation that only the engine finds wrong. */
  const failing = () => ctx.arange(5).get(ctx.fromArray([7], { dtype: 'int64' }));

  it('go on without each other until a value is needed', () => {
    const a = ctx.ones([4]);
    const b = a.add(1).slice('1:').mul(3);
    assert.deepEqual(b.shape, [3]);
    assert.equal(pair.waiting, 4);
    assert.equal(pair.engine.arrayCount, 0);
    assert.deepEqual(b.toNested(), [6, 6, 6]);
    assert.equal(pair.waiting, 0);
    assert.equal(pair.engine.arrayCount, 4);
  });

  it('tell with the next value what has failed before, with the place of the call', () => {
    const b = failing();
    assert.equal(b.dtype, 'float64');
    const thrown = thrownBy(() => +ctx.ones([3]).sum());
    assert.ok(thrown instanceof ArgumentRangeError);
    assert.match(thrown.message, outOfRange.message);
    assert.match((thrown.cause as Error).stack ?? '', /session\.test\.ts/);
    assert.equal((thrown as ArgumentRangeError & { engine: number }).engine, 0);
    // Once.
    assert.equal(+ctx.ones([3]).sum(), 3);
  });

  it('let what depends on a failure fail with it, and nothing else', () => {
    const a = ctx.arange(5);
    const b = failing();
    const later = b.add(1).mul(2);
    assert.throws(() => later.toArray(), outOfRange);
    assert.throws(() => b.toNested(), outOfRange);
    assert.throws(() => +later.sum(), outOfRange);
    assert.equal(+a.sum(), 10);
  });

  it('find what metadata tell before anything is sent', () => {
    const a = ctx.ones([4, 3]);
    const before = pair.waiting;
    assert.throws(() => a.add(ctx.ones([2])), ArgumentRangeError);
    assert.throws(() => a.get(4, 0), ArgumentRangeError);
    assert.throws(() => a.get([0, 9]), ArgumentRangeError);
    assert.throws(() => a.sum({ axis: 2 }), ArgumentRangeError);
    assert.throws(() => a.matmul(a), ArgumentRangeError);
    // That of ones([2]).
    assert.equal(pair.waiting, before + 1);
  });

  it('lose no failure at the end', () => {
    failing();
    const [error, ...more] = pair.link.close();
    assert.match(error.message, outOfRange.message);
    assert.deepEqual(more, []);
    assert.throws(() => ctx.ones([2]), { code: 'ERR_SESSION_CLOSED' });
  });

  it('stay usable when a wait is interrupted, by values and by elements', () => {
    const a = ctx.arange(6);
    for (const wait of [() => +a.sum(), () => a.toArray(), () => a.getLocalArrays()]) {
      pair.isAwake = false;
      pair.interrupts = 1;
      const thrown = thrownBy(wait);
      assert.ok(thrown instanceof AbortError, String(thrown));
      assert.equal((thrown as AbortError).code, 'ABORT_ERR');
      pair.isAwake = true;
      assert.deepEqual(a.add(1).toNested(), [1, 2, 3, 4, 5, 6]);
      assert.equal(+a.mul(2).sum(), 30);
    }
    assert.deepEqual(pair.link.close(), []);
  });

  it('say which operation the engine does not know', () => {
    const ask = () => pair.link.ask(Action.evaluate, ['nothing', [], null], 'nothing()');
    assert.throws(ask, { code: 'ERR_UNKNOWN_OPERATION' });
    assert.equal(+ctx.ones([3]).sum(), 3);
  });

  it('free arrays that were disposed of, with the next record', () => {
    {
      using a = ctx.ones([4]);
      using b = a.add(1);
      assert.equal(+b.sum(), 8);
    }
    assert.equal(+ctx.ones([2]).sum(), 2);
    // ones and the sum.
    assert.equal(pair.engine.arrayCount <= 3, true, String(pair.engine.arrayCount));
  });

  it('free the arrays of a context that is closed, and go on with another', () => {
    const other = pair.context();
    const kept = other.arange(4);
    const gone = ctx.ones([3]);
    assert.equal(+kept.sum() + +gone.sum(), 9);
    ctx.close();
    for (const use of [() => gone.add(1), () => gone.toArray(), () => ctx.zeros([2])]) {
      assert.throws(use, { code: 'ERR_CONTEXT' });
    }
    assert.equal(+kept.sum(), 6);
    // kept, and two sums.
    assert.equal(pair.engine.arrayCount, 3);
    gone.dispose();
    assert.equal(+kept.sum(), 6);
  });

  it('keep the contexts of a program apart in whether they compute at once', () => {
    const other = pair.context();
    other.eager = true;
    assert.equal(ctx.eager, false);
    assert.deepEqual(other.ones([3]).add(1).toNested(), [2, 2, 2]);
    assert.deepEqual(ctx.ones([3]).add(1).toNested(), [2, 2, 2]);
    assert.throws(() => {
      other.eager = 1 as never;
    }, /eager/);
  });

  it('have no elements and no communicator in the client: it says where they are', () => {
    const a = ctx.ones([3]);
    const here = { code: 'ERR_NO_LOCAL_DATA', message: /on the engines/ };
    for (const use of [() => a.local, () => ctx.comm, () => ctx.makeSubcomm([0])]) {
      assert.throws(use, here);
    }
    assert.equal(ctx.rank, null);
    assert.equal(ctx.isRoot, true);
    assert.equal(ctx.size, 1);
  });

  it('wait for the engine when it is far behind', () => {
    let a = ctx.zeros([2]);
    let most = 0;
    for (let k = 0; k < 1000; k++) {
      a = a.add(1);
      most = Math.max(most, pair.waiting);
    }
    assert.deepEqual(a.toNested(), [1000, 1000]);
    assert.ok(most < 300, String(most));
  });

  it('answer later where the program goes on meanwhile', async () => {
    const asked = (operation: string) =>
      new Promise((resolve, reject) =>
        pair.link.askLater(Action.evaluate, [operation, [], null], { resolve, reject }),
      );
    assert.deepEqual(await asked('traffic'), { messages: 0, bytes: 0 });
    await assert.rejects(asked('nothing'), DistArrayError);
    assert.deepEqual(pair.link.close(), []);
  });
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
