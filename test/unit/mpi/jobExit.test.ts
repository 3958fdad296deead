// timeLimit: 300
import { strict as assert } from 'node:assert';
import { patience } from '../../launcher/patience.ts';
import { flavours, runJob } from '../../support/runJob.ts';

// A wait for the others takes 1 s; anything much longer would be a hang that a launcher broke.
const PROMPTLY = 12 * patience();

for (const flavour of flavours) {
  describe(`the end of a job (${flavour})`, function () {
    this.timeout(60_000);

    it('is clean when all ranks end normally', async () => {
      const { code, stdout, stderr } = await runJob(flavour, 3, 'normal');
      assert.equal(code, 0, stderr);
      assert.equal(stderr, '');
      const lines = stdout.trim().split(/\r?\n/).sort();
      assert.deepEqual(lines, ['rank 0 of 3', 'rank 1 of 3', 'rank 2 of 3']);
    });

    it('waits for the ranks that still work', async () => {
      const { code, stdout } = await runJob(flavour, 3, 'leavesLate');
      assert.equal(code, 0);
      assert.match(stdout, /late 1/);
      assert.match(stdout, /late 2/);
    });

    it('takes everybody along when a rank throws, and says which and where', async () => {
      const { code, stderr, seconds } = await runJob(flavour, 3, 'throws', [], { isSource: true });
      assert.notEqual(code, 0);
      assert.ok(seconds < PROMPTLY, `${seconds} s`);
      assert.match(stderr, /^\[rank 1 of 3\] Uncaught Error: boom$/m);
      assert.match(stderr, /^\[rank 1 of 3\] {5}at .*throws\.ts:3:/m);
      assert.match(stderr, /^\[rank 1 of 3\] .*\[cause\]: TypeError: the reason/m);
      assert.doesNotMatch(stderr, /\[rank [02] of 3\]/);
    });

    it('takes everybody along when a promise is rejected and nobody looks', async () => {
      const { code, stderr } = await runJob(flavour, 3, 'rejects');
      assert.notEqual(code, 0);
      assert.match(stderr, /^\[rank 1 of 3\] Uncaught Error: nobody waits for me$/m);
    });

    it('has the exit code that all ranks gave, without an abort', async () => {
      const { code, stderr } = await runJob(flavour, 3, 'allExit', ['3']);
      assert.equal(code, 3);
      assert.doesNotMatch(stderr, /abort\(|MPI_ABORT/i);
    });

    it('comes for all when one rank leaves with an error code', async () => {
      const { code, seconds } = await runJob(flavour, 3, 'oneExits', ['5']);
      assert.equal(code, 5);
      assert.ok(seconds < PROMPTLY, `${seconds} s`);
    });

    it('never looks like success when the code is a multiple of 256', async () => {
      assert.equal((await runJob(flavour, 2, 'oneExits', ['256'])).code, 1);
      assert.equal((await runJob(flavour, 2, 'allExit', ['256'])).code, 1);
      assert.equal((await runJob(flavour, 1, 'allExit', ['512'])).code, 1);
    });

    it('comes when a rank is killed', async () => {
      const { code, seconds } = await runJob(flavour, 3, 'isKilled');
      assert.notEqual(code, 0);
      assert.ok(seconds < PROMPTLY, `${seconds} s`);
    });

    it('leaves uncaught errors to a program that handles them', async () => {
      const { code, stdout } = await runJob(flavour, 2, 'handlesItself');
      assert.equal(code, 0);
      assert.match(stdout, /handled: mine/);
    });

    it('makes MPI calls errors once MPI is finalized', async () => {
      const { code, stdout } = await runJob(flavour, 2, 'finalizes');
      assert.equal(code, 0);
      assert.match(stdout, /MPI_Barrier on rank 0: MPI_ERR_OTHER: MPI is finalized/);
    });

    it('begins with the attributes of COMM_SELF, the latest first, while MPI works', async () => {
      const { code, stdout } = await runJob(flavour, 2, 'selfAttributes', ['finalizes']);
      assert.equal(code, 0);
      const lines = stdout.trim().split(/\r?\n/);
      assert.deepEqual(lines, ['second: 2 ranks, 1 of its own', 'first: 2 ranks, 1 of its own']);
      const failed = await runJob(flavour, 2, 'selfAttributes', ['throws']);
      assert.notEqual(failed.code, 0);
      assert.match(failed.stdout, /first: 2 ranks/);
      assert.match(failed.stderr, /no second/);
      const left = await runJob(flavour, 2, 'selfAttributes', ['fails']);
      assert.equal(left.code, 3);
      assert.equal(left.stdout, '');
    });

    it('follows SIGINT and SIGTERM', async () => {
      for (const [name, expected] of [
        ['SIGINT', 130],
        ['SIGTERM', 143],
      ] as const) {
        const settings = { signal: { name, ranks: 2 } };
        const { code, seconds } = await runJob(flavour, 2, 'waits', [], settings);
        assert.equal(code, expected, name);
        assert.ok(seconds < PROMPTLY, `${seconds} s`);
      }
    });

    it('tells under DISTARRAY_DEBUG what was not freed, and where it was made', async () => {
      const settings = { isSource: true, env: { DISTARRAY_DEBUG: '1' } };
      const { code, stderr } = await runJob(flavour, 2, 'leaks', [], settings);
      assert.equal(code, 0);
      const lines = stderr.split(/\r?\n/).filter((line) => line.startsWith('[rank 1 of 2]'));
      assert.equal(lines.length, 6, stderr);
      assert.match(lines[0], /not freed: 2 × group made at .*leaks\.ts:8:/);
      assert.match(lines[1], /not freed: 1 × communicator made at .*leaks\.ts:6:/);
      assert.match(lines[2], /not freed: 1 × request made at .*leaks\.ts:10:/);
      assert.match(lines[3], /not freed: 1 × datatype made at .*leaks\.ts:11:/);
      assert.match(lines[4], /not freed: 1 × operation made at .*leaks\.ts:13:/);
      assert.match(lines[5], /not freed: 1 × window made at .*leaks\.ts:14:/);
      const quiet = await runJob(flavour, 2, 'leaks', [], { env: { DISTARRAY_DEBUG: '0' } });
      // MPICH 4.0 itself warns of datatypes that were not freed.
      assert.equal(quiet.stderr.replace(/^\[WARNING\] yaksa: .*\r?\n/gm, ''), '');
    });

    // MPICH 4.0 over UCX cannot spawn.
    if (flavour === 'openmpi') {
      it('comes when a process that it has started fails', async () => {
        const settings = { env: { OMPI_MCA_rmaps_base_oversubscribe: '1' } };
        const { code, stderr, seconds } = await runJob(flavour, 1, 'spawnsFailing', [], settings);
        assert.notEqual(code, 0);
        assert.match(stderr, /the child fails/);
        assert.ok(seconds < PROMPTLY, `${seconds} s`);
      });
    }

    it('refuses MPI in a worker thread', async () => {
      const { code, stdout } = await runJob(flavour, 1, 'worker');
      assert.equal(code, 0);
      assert.match(stdout, /ERR_MPI_WORKER_THREAD/);
    });
  });
}
