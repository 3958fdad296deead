/** What the master does with workers that fail, end, or do not answer: its workers are this test. */
import { strict as assert } from 'node:assert';
import { type Decoder, decode, type Encoded } from '../../../src/mpi/objects/encoding.ts';
import type { Carrier, Receiver } from '../../../src/tasks/carrier.ts';
import { ListItems, type Strategy } from '../../../src/tasks/items.ts';
import { Job } from '../../../src/tasks/job.ts';
import { Answer, Order, type ToWorker } from '../../../src/tasks/protocol.ts';
import { Scheduler } from '../../../src/tasks/scheduler.ts';

/** Workers that do nothing; what they were sent last is kept. */
class Workers implements Carrier {
  readonly names: readonly number[];
  readonly noun = 'engine';
  readonly pool = 0;
  receiver: Receiver | null = null;
  readonly asked: ToWorker[][];

  constructor(count: number) {
    this.names = Array.from({ length: count }, (_, k) => k);
    this.asked = this.names.map(() => []);
  }

  send(worker: number, { head, parts }: Encoded): void {
    const decoder = decode(head) as Decoder;
    for (const [k, part] of decoder.parts.entries()) part.set(parts[k]);
    this.asked[worker].push(decoder.finish() as ToWorker);
  }

  /** The items of what a worker was asked last. */
  items(worker: number): readonly unknown[] | null {
    const last = this.asked[worker].at(-1);
    return last?.[0] === Order.run ? last[5] : null;
  }

  take(): number {
    return 0;
  }

  waitUntil(): void {}
  close(): void {}
}

function begun(
  count: number,
  options: Partial<Job['settings']> = {},
  strategy: Strategy = 'balanced',
) {
  const workers = new Workers(count);
  const scheduler = new Scheduler(workers, { functions: {}, initializer: null, initArgs: [] });
  for (const worker of workers.names) workers.receiver?.(worker, [Answer.opened, 0]);
  const job = new Job({
    fn: { number: 0, sent: { name: 'f' }, release: () => undefined },
    items: new ListItems(['a', 'b', 'c', 'd'], strategy, count),
    isSpread: false,
    chunkSize: 1,
    retries: 0,
    timeout: null,
    failsFast: false,
    window: null,
    signal: null,
    progress: null,
    site: new Error('called here'),
    ...options,
  });
  scheduler.add(job);
  const answer = (worker: number, value: unknown) =>
    workers.receiver?.(worker, [Answer.done, 0, [value], [0.1]]);
  const fail = (worker: number, message: string) => {
    const error = { className: 'RangeError', message, fields: {} };
    workers.receiver?.(worker, [Answer.mixed, 0, [[false, { error, stack: undefined }]], [0.1]]);
  };
  const gone = (worker: number) => workers.receiver?.(worker, [Answer.gone, 7]);
  return { workers, scheduler, job, answer, fail, gone };
}

/** Lets time pass. */
function pass(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('the scheduler', () => {
  it('gives each worker one task, and the next when it answers', () => {
    const { workers, job, answer, scheduler } = begun(2);
    assert.deepEqual([workers.items(0), workers.items(1)], [['a'], ['b']]);
    answer(1, 'B');
    assert.deepEqual(workers.items(1), ['c']);
    answer(1, 'C');
    answer(1, 'D');
    assert.equal(job.isOver, false);
    answer(0, 'A');
    assert.deepEqual(job.values, ['A', 'B', 'C', 'D']);
    assert.deepEqual(job.arrived, [1, 2, 3, 0]);
    assert.ok(job.isOver && scheduler.isIdle && scheduler.isQuiet);
  });

  it('sends a function once to each worker', () => {
    const { workers, answer } = begun(1);
    answer(0, 'A');
    const runs = workers.asked[0].filter((message) => message[0] === Order.run);
    assert.deepEqual(
      runs.map((run) => (run as readonly unknown[])[3] !== null),
      [true, false],
    );
  });

  it('has another worker try again what has failed', () => {
    const { workers, job, answer, fail } = begun(2, { retries: 1 });
    fail(0, 'first');
    // Not the one that has failed.
    assert.deepEqual(workers.items(0), ['c']);
    answer(1, 'B');
    assert.deepEqual(workers.items(1), ['a']);
    fail(1, 'second');
    answer(0, 'C');
    answer(1, 'D');
    assert.ok(job.isOver);
    const error = job.errors.get(0) as Error & Record<string, unknown>;
    assert.deepEqual(
      [error.message, error.engine, error.task, error.attempts],
      ['second', 1, 0, 2],
    );
    assert.ok(error instanceof RangeError && (error.cause as Error).message === 'called here');
  });

  it('has others do what a worker that is late was to do, and uses it again when it answers', () => {
    const { workers, job, answer, scheduler } = begun(2, { retries: 1, timeout: 5 }, 'cardDealer');
    assert.deepEqual([workers.items(0), workers.items(1)], [['a'], ['b']]);
    answer(1, 'B');
    assert.deepEqual(workers.items(1), ['d']);
    pass(10);
    // The other one is late, too: it answers just in time.
    answer(1, 'D');
    scheduler.tick();
    assert.deepEqual(scheduler.stuck, [0]);
    assert.deepEqual(workers.items(1), ['a']);
    answer(1, 'A');
    assert.deepEqual(workers.items(1), ['c']);
    // What it says after all is not wanted, but it is there again.
    answer(0, 'late');
    assert.deepEqual(scheduler.stuck, []);
    answer(1, 'C');
    assert.deepEqual(job.values, ['A', 'B', 'C', 'D']);
  });

  it('fails by name what is late too often, and all when nobody answers', () => {
    const { job, scheduler } = begun(2, { timeout: 5 });
    pass(10);
    scheduler.tick();
    assert.match(
      (job.errors.get(0) as Error).message,
      /Task 0 took more than 0\.005 s on engine 0/,
    );
    assert.match((job.errors.get(1) as Error).message, /on engine 1/);
    assert.equal(job.isOver, false);
    scheduler.tick();
    pass(10);
    scheduler.tick();
    assert.equal((job.failure as { code: string }).code, 'ERR_ENGINE_STUCK');
  });

  it('has others do what a worker that has ended was to do, or fails it', () => {
    const { workers, job, answer, gone, scheduler } = begun(2, { retries: 1 });
    gone(0);
    assert.equal(scheduler.lost.length, 1);
    answer(1, 'B');
    assert.deepEqual(workers.items(1), ['a']);
    for (const value of ['A', 'C', 'D']) answer(1, value);
    assert.deepEqual(job.values, ['A', 'B', 'C', 'D']);
    const last = begun(1);
    last.gone(0);
    assert.ok(last.job.isOver);
    assert.match(String(last.job.failure), /engine 0 has ended with exit code 7/);
  });

  it('drops what nobody wants', () => {
    const { workers, job, answer, scheduler } = begun(1);
    job.cancel();
    assert.ok(scheduler.isIdle && !scheduler.isQuiet);
    answer(0, 'A');
    assert.ok(scheduler.isQuiet);
    assert.deepEqual(job.values, []);
    assert.equal(workers.asked[0].filter((message) => message[0] === Order.run).length, 1);
  });
});
