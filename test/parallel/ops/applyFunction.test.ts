/** Functions as operations: one process, like a client, tells the others what to call. */
import { strict as assert } from 'node:assert';
import { pathToFileURL } from 'node:url';
import { MPI, ValueProxy } from '../../../src/entry/index.ts';
import { type ApplyParams, applyFunction, type Returned } from '../../../src/ops/applyFunction.ts';
import { keepFunction, openScopeOperation } from '../../../src/ops/functions/namedValues.ts';
import { moduleFunction } from '../../../src/ops/functions/references.ts';
import type { OperationEnvironment } from '../../../src/ops/operation.ts';
import { Traffic } from '../../../src/ops/redistribute/traffic.ts';
import { type Capture, ShippedFunction } from '../../../src/ops/shippedFunction.ts';
import { programFile } from '../../support/programs.ts';

const comm = MPI.COMM_WORLD;
const { rank, size } = comm;
const environment: OperationEnvironment = { comm, traffic: new Traffic() };
const all = Array.from({ length: size }, (_, target) => target);
const scope = openScopeOperation.run([], null, environment);

/** What rank 0 asks all to do, as it comes to them; it hears it as they do. */
function told<T>(value: T): T {
  if (rank > 0) return comm.bcastObject(value, { root: 0 });
  // A blocking send to itself may wait for the receive.
  const sent = comm.isendObject(value, 0);
  const heard = comm.recvObject<T>(0);
  sent.wait();
  return comm.bcastObject(heard, { root: 0 });
}

/** Calls a function of rank 0 everywhere: the other processes are sent it. */
function call(
  fn: unknown,
  args: readonly unknown[] = [],
  options: Partial<ApplyParams> & { capture?: Capture } = {},
): Returned[] | Promise<Returned[]> {
  const { capture, ...rest } = options;
  const shipped = ShippedFunction.of(fn, { argument: 'fn', travels: true, capture });
  const params = { args, targets: all, scope, keepsArrays: false, awaits: true, ...rest };
  return applyFunction.run([], told({ fn: shipped, ...params }), environment);
}

const valuesOf = (returned: readonly Returned[]) =>
  returned.map((one) => (one.kind === 'value' ? one.value : one.proxy));

describe('functions that one process sends to all', () => {
  it('are called with what they capture', async () => {
    const k = rank === 0 ? 3 : 4;
    const times = (a: number) => a * k;
    const values = valuesOf(await call(times, [2], { capture: { k } }));
    assert.deepEqual(values, Array(size).fill(6));
  });

  it('give what their promises give, or throw what these do', async () => {
    const wait = async (a: number) => {
      await new Promise((done) => setTimeout(done, 5));
      return a + 1;
    };
    const returned = call(wait, [1]);
    assert.ok(returned instanceof Promise);
    assert.deepEqual(valuesOf(await returned), Array(size).fill(2));
    const fails = async (last: number) => {
      await null;
      const { MPI } = (
        globalThis as unknown as { tested: { MPI: { COMM_WORLD: { rank: number } } } }
      ).tested;
      if (MPI.COMM_WORLD.rank === last) throw new RangeError('late');
    };
    Object.assign(globalThis, { tested: { MPI } });
    await assert.rejects(async () => call(fails, [size - 1]), RangeError);
    Reflect.deleteProperty(globalThis, 'tested');
    assert.throws(() => call(wait, [1], { awaits: false }), { code: 'ERR_ASYNC' });
  });

  it('may be of modules that the processes import', async () => {
    const url = pathToFileURL(programFile('test/fixtures/functions/lateKernels.ts'));
    const fn = rank === 0 ? await moduleFunction(url, 'tripled') : () => 0;
    const values = await call(fn, [5]);
    assert.deepEqual(valuesOf(values), Array(size).fill(15));
  });

  it('are sent once when they are kept', async () => {
    const fn = ShippedFunction.of((a: number) => a + 10, { argument: 'fn', travels: true });
    const key = 'test key';
    await keepFunction.run([], told({ key, fn }), environment);
    const kept = fn.keptAs(key);
    assert.deepEqual(kept.serialize(), { kind: 'registered', key });
    const params = { args: [1], targets: all, scope, keepsArrays: false, awaits: true };
    const returned = await applyFunction.run([], told({ fn: kept, ...params }), environment);
    assert.deepEqual(valuesOf(returned), Array(size).fill(11));
  });

  it('keep objects under the same names, and get them for proxies', async () => {
    const make = (list: number[]) => {
      const inner = proxyize(new Map([[1, list]]));
      return { inner, list: [proxyize('second')] };
    };
    const [first] = valuesOf(await call(make, [[1, 2]])) as [
      { inner: ValueProxy; list: ValueProxy[] },
    ];
    assert.ok(first.inner instanceof ValueProxy && first.list[0] instanceof ValueProxy);
    assert.equal(first.inner.typeString, 'Map');
    const use = (map: Map<number, number[]>, [text]: string[], { map: same }: { map: unknown }) =>
      `${map.get(1)} ${text} ${map === same}`;
    const used = await call(use, [first.inner, first.list, { map: first.inner }]);
    assert.deepEqual(valuesOf(used), Array(size).fill('1,2 second true'));
    const captured = await call(() => map.get(1), [], { capture: { map: first.inner } });
    assert.deepEqual(valuesOf(captured), Array(size).fill([1, 2]));
    first.inner.cleanup();
    assert.throws(() => first.inner.dereference(), { code: 'ERR_KEY' });
    assert.throws(() => call(use, [first.inner, first.list, {}]), { code: 'ERR_KEY' });
  });

  it('keep arrays that they return where they are', async () => {
    const make = () =>
      distarray.ones(distarray.Distribution.fromShape([4], { size: 1 }), {
        comm: distarray.MPI.COMM_SELF,
      });
    await assert.rejects(async () => call(make), { argument: 'fn' });
    if (size > 1)
      await assert.rejects(async () => call(make, [], { keepsArrays: true }), { argument: 'fn' });
    const whole = (part: number) =>
      new LocalArray(distarray.Distribution.fromShape([part * 2], { size: part }));
    const kept = await call(whole, [size], { keepsArrays: true });
    assert.deepEqual(
      kept.map((one) => one.kind === 'array' && one.part.shape),
      all.map(() => [2 * size]),
    );
  });
});

// What functions that travel find where they run.
declare function proxyize<T>(object: T): ValueProxy<T>;
declare const distarray: typeof import('../../../src/entry/index.ts');
declare const map: Map<number, number[]>;
declare const LocalArray: typeof import('../../../src/entry/index.ts').LocalArray;
