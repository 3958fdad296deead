// timeLimit: 300
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { distarray, flavours, isTaken } from '../../support/runJob.ts';

/** Fermat pseudoprimes to the base 2 below 10,000 (OEIS A001567). */
const PSEUDOPRIMES = [
  341, 561, 645, 1105, 1387, 1729, 1905, 2047, 2465, 2701, 2821, 3277, 4033, 4369, 4371, 4681, 5461,
  6601, 7957, 8321, 8481, 8911,
];
/** Of 1229 primes below 10,000 one is even. */
const ODD_PRIMES = 1228;

describe('examples with tasks', function () {
  this.timeout(120_000);

  const run = async (name: string, mode: readonly string[], ...args: string[]) => {
    const script = join(root, `examples/${name}.ts`);
    const { code, stdout, stderr } = await distarray(['run', ...mode, script, '--json', ...args]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };

  for (const flavour of flavours) {
    for (const [ranks, mode, k] of [
      [1, [], 0],
      [3, [], 1],
      [2, ['--client'], 0],
    ] as const) {
      if (!isTaken(flavour, k)) continue;
      const how = [...mode, '-n', String(ranks), '--mpi', flavour];

      it(`fermat-primes.ts: ${how.join(' ')}`, async () => {
        const args = ['--limit', '10000', '--range', '300', '--strategy', 'cardDealer'];
        const report = await run('fermat-primes', how, ...args);
        assert.deepEqual(report.pseudoprimes, PSEUDOPRIMES);
        assert.equal(report.passed, ODD_PRIMES + PSEUDOPRIMES.length);
        assert.deepEqual([report.ranks, report.tasks], [ranks, 34]);
      });

      it(`ipyparallel.ts: ${how.join(' ')}`, async () => {
        const report = await run('ipyparallel', how);
        assert.deepEqual(report.powers, Array(ranks).fill(1024));
        assert.deepEqual(report.products, Array(ranks).fill(21));
        assert.deepEqual(report.first, ['only the first']);
        assert.equal(report.sumOfSquares, (1000 * 1001 * 2001) / 6);
        assert.deepEqual([report.gathered, report.last], [1000, 1e6]);
        assert.deepEqual(report.balanced, { start: 171, steps: 124 });
      });

      it(`multiprocessing.ts: ${how.join(' ')}`, async () => {
        const report = await run('multiprocessing', how, '--increments', '300');
        const workers = mode.length === 0 ? Math.max(1, ranks - 1) : ranks;
        assert.deepEqual(report.pooled, {
          squares: [1, 4, 9, 16, 25],
          sums: [3, 7],
          done: [1, 1, 1, 30],
          workers,
        });
        const slots = [10, 20, 30].map((first) => first + 100 * ranks);
        assert.deepEqual(report.counted, Array(ranks).fill({ counter: 300 * ranks, slots }));
      });
    }
  }
});
