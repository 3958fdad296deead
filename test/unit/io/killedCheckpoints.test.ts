// timeLimit: 240
/** Jobs that are killed while they write checkpoints: the last one that was complete is there, whole. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { flavours, type JobResult, runJob } from '../../support/runJob.ts';

const RANKS = 2;
const KILLS = 4;

interface Found {
  readonly step: number;
  readonly whole: boolean;
  readonly generation: number;
}

const seed = Number(process.env.DISTARRAY_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
let last = seed;

/** A number of [0, 1), the same for the same seed. */
function random(): number {
  last = (Math.imul(last, 1103515245) + 12345) >>> 0;
  return (last >>> 8) / 2 ** 24;
}

/** The processes of a job, once all have begun to write and there is a checkpoint. */
async function processes(directory: string, job: Promise<JobResult>): Promise<number[]> {
  const ranks = [...Array(RANKS).keys()];
  let ended: JobResult | undefined;
  void job.then((result) => {
    ended = result;
  });
  for (;;) {
    const names = readdirSync(directory);
    const isWritten = names.some((name) => /^\d{8}$/.test(name));
    if (isWritten && ranks.every((rank) => names.includes(`pid.${rank}`))) {
      const pids = ranks.map((rank) =>
        Number(readFileSync(join(directory, `pid.${rank}`), 'utf8')),
      );
      // A file that is empty yet must not become process 0, which is this one's whole group.
      if (pids.every((pid) => pid > 1)) return pids;
    }
    assert.equal(ended?.stderr, undefined);
    await pause(5);
  }
}

/** Runs a job that writes until some of its ranks are killed; what it has found when it began. */
async function killed(flavour: 'openmpi' | 'mpich', directory: string): Promise<Found> {
  for (const name of readdirSync(directory)) {
    if (name.startsWith('pid.')) rmSync(join(directory, name));
  }
  const job = runJob(flavour, RANKS, 'checkpoints', [directory]);
  const pids = await processes(directory, job);
  await pause(20 + random() * 500);
  const victims = random() < 0.5 ? pids : [pids[Math.floor(random() * RANKS)]];
  for (const pid of victims) process.kill(pid, 'SIGKILL');
  const { code, signal, stdout } = await job;
  assert.ok(code !== 0 || signal !== null);
  return JSON.parse(stdout.split('\n')[0]);
}

for (const flavour of flavours) {
  describe(`checkpoints of jobs that are killed (${flavour})`, function () {
    this.timeout(120_000);
    let directory: string;
    before(() => {
      directory = mkdtempSync(join(tmpdir(), 'distarray-killed-'));
    });
    after(() => rmSync(directory, { recursive: true }));

    it(`are whole, every one later than the one before (DISTARRAY_TEST_SEED=${seed})`, async () => {
      let before: Found = { step: 0, whole: true, generation: 0 };
      for (let kill = 0; kill < KILLS; kill++) {
        const found = await killed(flavour, directory);
        assert.ok(found.whole, JSON.stringify(found));
        assert.ok(kill === 0 ? found.step === 0 : found.step >= before.step);
        assert.equal(found.step, found.generation);
        before = found;
      }
      // On another number of ranks, which then cleans up.
      const { code, stdout, stderr } = await runJob(flavour, 3, 'checkpoints', [
        directory,
        '--once',
      ]);
      assert.equal(code, 0, stderr);
      const found: Found = JSON.parse(stdout);
      assert.ok(found.whole && found.step > 0 && found.step >= before.step, stdout);
      const names = readdirSync(directory).filter((name) => !name.startsWith('pid.'));
      // What one killed job may have left: the former ones were cleaned up by their followers.
      assert.ok(names.filter((name) => name.endsWith('.tmp')).length <= 2, names.join());
      assert.ok(names.includes(String(found.generation).padStart(8, '0')), names.join());
    });
  });
}
