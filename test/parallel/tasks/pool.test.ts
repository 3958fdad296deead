// modes: spmd,client
/** Pools, in whatever mode the tests run: engines of a client, the other ranks of a job, or this process alone. */
import { strict as assert } from 'node:assert';
import { Context, proxyize } from '../../../src/entry/index.ts';
import { TaskPool, TaskTimeoutError } from '../../../src/entry/tasks.ts';
import { isClient, size } from '../../support/mode.ts';

const ctx = new Context();
/** Runs a body on the master; what fails there fails everywhere. */
const over = <R>(body: (pool: TaskPool) => R | Promise<R>, options = {}) =>
  TaskPool.over(ctx, body, options);

const square = (n: number) => n ** 2;
const numbers = Array.from({ length: 100 }, (_, n) => n);
const squares = numbers.map(square);

describe('pools', () => {
  it('map a function over a list, as Array.map does', async () => {
    const mapped = await over((pool) => {
      assert.deepEqual(pool.map(square, numbers), squares);
      assert.deepEqual(pool.map(square, []), []);
      assert.deepEqual(pool.map(square, Int16Array.of(1, 2, 3)), [1, 4, 9]);
      assert.deepEqual(pool.map(square, new Set([3, 4])), [9, 16]);
      return pool.map(square, [5]);
    });
    // Every process has what the body returns.
    assert.deepEqual(mapped, [25]);
  });

  for (const strategy of ['balanced', 'equalPortion', 'cardDealer'] as const) {
    for (const chunkSize of [undefined, 1, 7, 1000]) {
      it(`map with the strategy ${strategy} and chunks of ${chunkSize ?? 'any'} items`, () =>
        over((pool) => {
          const result = pool.mapAsync(square, numbers, { strategy, chunkSize });
          assert.deepEqual(result.get(), squares);
          const engines = result.details.map((one) => one?.engine as number);
          assert.ok(engines.every((engine) => pool.engines.includes(engine)));
          if (strategy === 'cardDealer') {
            assert.deepEqual(
              engines,
              numbers.map((k) => pool.engines[k % pool.size]),
            );
          } else if (strategy === 'equalPortion') {
            const bounds = pool.engines.map((_, w) => Math.floor((100 * w) / pool.size));
            const ownerOf = (k: number) => pool.engines[bounds.filter((b) => b <= k).length - 1];
            assert.deepEqual(engines, numbers.map(ownerOf));
          }
        }));
    }
  }

  it('call functions with lists of arguments', () =>
    over((pool) => {
      const power = (base: number, exponent: number) => base ** exponent;
      assert.deepEqual(
        pool.starmap(power, [
          [2, 3],
          [3, 2],
        ]),
        [8, 9],
      );
      assert.equal(pool.apply(power, [2, 10]), 1024);
      assert.throws(() => pool.starmap(power, [[1, 2], 3 as never]), /for items\[1\]/);
    }));

  it('await async functions, and are awaited', () =>
    over(async (pool) => {
      const slowly = async (n: number) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return n + 1;
      };
      assert.deepEqual(await pool.mapAsync(slowly, [1, 2, 3, 4]), [2, 3, 4, 5]);
      assert.equal(await pool.submit(slowly, [10]), 11);
      const failing = async () => {
        await null;
        throw new TypeError('later');
      };
      await assert.rejects(async () => await pool.submit(failing), {
        name: 'TypeError',
        message: 'later',
      });
    }));

  it('send what functions capture', () =>
    over((pool) => {
      const factor = 3;
      const table = Float64Array.of(1, 2, 3);
      const scaled = (k: number) => table[k] * factor;
      const capture = { factor, table };
      assert.deepEqual(pool.map(scaled, [0, 1, 2], { capture }), [3, 6, 9]);
    }));

  it('return typed arrays, large ones too', () =>
    over((pool) => {
      const fill = (n: number) => new Float64Array(n).fill(n);
      const [short, long] = pool.map(fill, [3, 100_000]);
      assert.deepEqual(short, Float64Array.of(3, 3, 3));
      assert.equal(long.length, 100_000);
      assert.equal(long[99_999], 100_000);
      const large = new Float64Array(50_000).fill(2);
      const sum = (part: Float64Array) => part.reduce((a, b) => a + b);
      assert.deepEqual(pool.map(sum, [large, large, large, large, large]), Array(5).fill(100_000));
    }));

  it('throw what the first failing task throws, with who, which and how often', () =>
    over(async (pool) => {
      const fail = (n: number) => {
        if (n === 3) throw new RangeError('three');
        return n;
      };
      const error = await pool.mapAsync(fail, [1, 2, 3, 4], { chunkSize: 2 }).then(
        () => assert.fail('it has not failed'),
        (reason) => reason,
      );
      assert.ok(error instanceof RangeError);
      assert.equal(error.message, 'three');
      const { engine, task, attempts, engineStack, cause } = error as never as Record<
        string,
        unknown
      >;
      assert.deepEqual([task, attempts], [2, 1]);
      assert.ok(pool.engines.includes(engine as number));
      assert.match(engineStack as string, /RangeError: three/);
      assert.match((cause as Error).stack as string, /pool\.test/);
      // The pool is as good as before.
      assert.deepEqual(pool.map(fail, [1, 2]), [1, 2]);
    }));

  it('try again as often as they are told', () =>
    over((pool) => {
      const seen = `seen${Math.random()}`;
      // Each worker fails the first time.
      const fail = (name: string) => {
        const all = globalThis as unknown as Record<string, number>;
        all[name] = (all[name] ?? 0) + 1;
        if (all[name] === 1) throw new Error('once');
        return all[name];
      };
      const result = pool.submit(fail, [seen], { retries: 10 });
      assert.ok(result.get() > 1);
      const attempts = result.details[0]?.attempts as number;
      assert.ok(attempts >= 2 && attempts <= pool.size + 1, `${attempts} attempts`);
      assert.throws(() => pool.apply(fail, [`${seen}x`], { retries: 0 }), /once/);
    }));

  it('yield results in the order of items, or as they come, of as many items as are asked for', () =>
    over(async (pool) => {
      let asked = 0;
      function* endless() {
        for (let n = 0; ; n++) {
          asked = n;
          yield n;
        }
      }
      const some: number[] = [];
      for (const value of pool.imap(square, endless())) {
        some.push(value);
        if (some.length === 100) break;
      }
      assert.deepEqual(some, squares);
      assert.ok(asked < 100 + 64 * pool.size + 64, `${asked} items were asked for`);
      const unordered: number[] = [];
      for await (const value of pool.imapUnordered(square, numbers)) unordered.push(value);
      assert.deepEqual(
        unordered.sort((a, b) => a - b),
        squares,
      );
      const dealt = [...pool.imap(square, numbers, { strategy: 'cardDealer' })];
      assert.deepEqual(dealt, squares);
      const inOrderOfArrival = pool.map(square, numbers, { ordered: false });
      assert.deepEqual(
        inOrderOfArrival.sort((a, b) => a - b),
        squares,
      );
    }));

  it('throw in the place of a result, and go on with the next', () =>
    over((pool) => {
      const odd = (n: number) => {
        if (n === 1) throw new RangeError('one');
        return n;
      };
      const results = pool.imap(odd, [0, 1, 2]);
      assert.deepEqual(results.next(), { done: false, value: 0 });
      assert.throws(() => results.next(), /one/);
      assert.deepEqual(results.next(), { done: false, value: 2 });
      assert.equal(results.next().done, true);
    }));

  it('throw what an iterator of items throws', () =>
    over((pool) => {
      function* broken() {
        yield 1;
        throw new TypeError('no more');
      }
      const results = pool.imap(square, broken());
      assert.throws(() => [...results], /no more/);
      assert.throws(() => pool.map(square, broken()), /no more/);
    }));

  it('have results that are looked at before they are there', () =>
    over(async (pool) => {
      const result = pool.mapAsync(square, numbers, { chunkSize: 1 });
      assert.equal(result.total, 100);
      assert.equal(result.wait(), true);
      assert.ok(result.ready && result.successful);
      assert.equal(result.done, 100);
      assert.deepEqual(result.partial, squares);
      assert.ok(result.details.every((one) => one !== undefined && one.seconds >= 0));
      assert.deepEqual(await result, squares);
      assert.deepEqual(result.get(), squares);
      const never = pool.submit(() => 1);
      never.cancel();
      assert.ok(never.ready && !never.successful);
      assert.throws(() => never.get(), { code: 'ERR_TASK_CANCELLED' });
    }));

  it('give up when a signal says so', () =>
    over(async (pool) => {
      const controller = new AbortController();
      const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
      const result = pool.mapAsync(wait, numbers, { signal: controller.signal, chunkSize: 1 });
      setTimeout(() => controller.abort(new Error('enough')), 30);
      await assert.rejects(async () => await result, /enough/);
      assert.ok(result.done < 100);
      assert.throws(
        () => pool.map(square, [1], { signal: AbortSignal.abort(new Error('before')) }),
        /before/,
      );
      assert.deepEqual(await pool.mapAsync(square, [3]), [9]);
    }));

  it('fail tasks that take too long by name, and use their engines again when these answer', () =>
    over(async (pool) => {
      const wait = (ms: number) => new Promise((resolve) => setTimeout(() => resolve(ms), ms));
      const late = pool.submit(wait, [400], { timeout: 0.05 });
      const error = await late.then(
        () => assert.fail('it was in time'),
        (reason) => reason,
      );
      assert.ok(error instanceof TaskTimeoutError, String(error));
      assert.match(error.message, /Task 0 took more than 0\.05 s on (engine|rank) \d/);
      const all = await pool.mapAsync(
        wait,
        numbers.map(() => 1),
        { chunkSize: 1 },
      );
      assert.equal(all.length, 100);
    }));

  it('call an initializer on each worker, and functions by their names', () =>
    over(
      (pool) => {
        const read = () => (globalThis as unknown as { poolBase: number }).poolBase;
        assert.deepEqual(
          pool.map(read, numbers),
          numbers.map(() => 40),
        );
        assert.deepEqual(pool.map('addTwo', [1, 2]), [3, 4]);
        assert.throws(() => pool.map('missing', [1]), { code: 'ERR_TASK_FUNCTION' });
      },
      {
        initializer: (base: number) => {
          (globalThis as unknown as { poolBase: number }).poolBase = base;
        },
        initArgs: [40],
        functions: { addTwo: (n: number) => n + 2 },
      },
    ));

  it('say that an initializer has failed', async () => {
    const initializer = () => {
      throw new RangeError('no licence');
    };
    await assert.rejects(
      over((pool) => pool.map(square, [1]), { initializer }),
      {
        code: 'ERR_POOL_INITIALIZER',
        message: /no licence/,
      },
    );
    assert.deepEqual(await over((pool) => pool.map(square, [2])), [4]);
  });

  it('end with what the body throws, everywhere alike', async () => {
    const body = async (pool: TaskPool) => {
      await pool.submit(square, [1]);
      throw new RangeError('the body');
    };
    await assert.rejects(over(body), { name: 'RangeError', message: 'the body' });
  });

  it('tell of failures that nobody has asked for when they end', async () => {
    const body = (pool: TaskPool) => {
      const fail = () => {
        throw new RangeError('unheard');
      };
      pool.submit(fail);
    };
    await assert.rejects(over(body), /unheard/);
  });

  it('wait for what is under way when they end', async () => {
    let value = 0;
    const result = await over((pool) => {
      pool.submit(square, [4]).then((found) => {
        value = found;
      });
      return 'body';
    });
    assert.equal(result, 'body');
    if (ctx.isRoot) assert.equal(value, 16);
  });

  it('refuse what cannot be sent at the call, naming its path', async () => {
    const array = ctx.ones([2]);
    await over((pool) => {
      const one = { a: { callback: () => 1 } };
      assert.throws(() => pool.map(() => 1, [1, one]), /items\[1\]\.a\.callback/);
      assert.throws(() => pool.submit((_: unknown) => 1, [one]), /args\[0\]\.a\.callback/);
      const unsendable = () => ({ inside: { fn: () => 1 } });
      assert.throws(() => pool.apply(unsendable), /result\.inside\.fn/);
      const told = /a DistArray is a part on each process.*for items\[0\]\.array/;
      assert.throws(() => pool.map(() => 1, [{ array }]), told);
    });
    array.dispose();
  });

  it('give functions the objects of proxies', async () => {
    const [kept] = ctx.apply(() => proxyize(new Map([['k', 5]])));
    await over((pool) => {
      const found = (map: Map<string, number>) => map.get('k');
      assert.deepEqual(pool.map(found as never, [kept, kept]), [5, 5]);
      const sum = ({ map }: { map: Map<string, number> }, n: number) =>
        (map.get('k') as number) + n;
      assert.equal(pool.apply(sum as never, [{ map: kept }, 2]), 7);
    });
    kept.cleanup();
  });

  it('give tasks up that only the event loop could bring, when the wait for them fails', () =>
    over(async (pool) => {
      if (isClient || size > 1) return;
      const slowly = () => new Promise((resolve) => setTimeout(resolve, 60));
      const call = () => pool.map(slowly, [1], { timeout: 0.03 });
      assert.throws(call, { code: 'ERR_ASYNC' });
      // What is late then is nobody's.
      await slowly();
    }));

  it('refuse arguments that are none', () =>
    over((pool) => {
      assert.throws(() => pool.map(3 as never, [1]), /for fn/);
      assert.throws(() => pool.map(square, 3 as never), /for items/);
      assert.throws(() => pool.map(square, [1], { chunkSize: 0 }), /options\.chunkSize/);
      assert.throws(() => pool.map(square, [1], { strategy: 'fair' as never }), /'cardDealer'/);
      assert.throws(() => pool.map(square, [1], { retries: -1 }), /options\.retries/);
      assert.throws(() => pool.map(square, [1], { timeout: 0 }), /options\.timeout/);
      assert.throws(() => pool.map(square, [1], { timout: 1 } as never), /perhaps timeout/);
      assert.throws(() => pool.map(square, [1], { signal: 1 as never }), /options\.signal/);
    }));
});
