import assert from 'node:assert/strict';
import { parseDirectives } from '../../launcher/directives.ts';
import { launchEnvironment, testEnvironment } from '../../launcher/environment.ts';
import { parseOptions, parseRanks } from '../../launcher/options.ts';
import { patience } from '../../launcher/patience.ts';
import { describeError } from '../../launcher/recordedError.ts';
import { parseRecords } from '../../launcher/records.ts';
import {
  configurationsUnder,
  type ParallelFile,
  ranksUnder,
  sizeText,
  timeLimitOf,
} from '../../launcher/suites.ts';

describe('launcher: options', () => {
  it('runs everything by default', () => {
    const options = parseOptions([]);
    assert.deepEqual(options.mpi, ['openmpi', 'mpich']);
    assert.deepEqual(options.kinds, ['unit', 'types', 'parallel']);
    assert.equal(options.ranks, null);
    assert.equal(options.jobs, 1);
  });

  it('reads lists and ranges of rank counts', () => {
    assert.deepEqual(parseRanks('3', '--ranks'), [3]);
    assert.deepEqual(parseRanks('4,1-2,2', '--ranks'), [1, 2, 4]);
  });

  for (const text of ['', '0', '1-', '3-2', 'two', '1,,2', '-1', '1.5', '99999']) {
    it(`refuses the rank counts '${text}'`, () => {
      assert.throws(() => parseRanks(text, '--ranks'), { name: 'UsageError' });
    });
  }
});

describe('launcher: directives', () => {
  it('reads those above the first line of code', () => {
    const source = '// A suite.\n// ranks: 2,4\n//timeLimit: 90\n\nimport x;\n// mpi: mpich\n';
    assert.deepEqual(parseDirectives(source, 'a.ts'), {
      ranks: [2, 4],
      mpi: null,
      modes: null,
      timeLimit: 90,
    });
    assert.deepEqual(parseDirectives('// mpi: openmpi\n', 'a.ts').mpi, ['openmpi']);
    const { modes } = parseDirectives('// modes: spmd, client\n', 'a.ts');
    assert.deepEqual(modes, ['spmd', 'client']);
  });

  it('leaves other comments alone', () => {
    const nothing = { ranks: null, mpi: null, modes: null, timeLimit: null };
    assert.deepEqual(parseDirectives('// see: the standard\n// note: ranks: 2\n', 'a.ts'), nothing);
  });

  it('refuses misspelt names and values that cannot be', () => {
    assert.throws(() => parseDirectives('\n// rank: 2\n', 'a.ts'), /a\.ts:2: .*'\/\/ ranks:'/);
    assert.throws(() => parseDirectives('// timelimit: 2\n', 'a.ts'), { name: 'UsageError' });
    assert.throws(() => parseDirectives('// ranks: 0\n', 'a.ts'), /'\/\/ ranks:' of a\.ts/);
    assert.throws(() => parseDirectives('// mpi: lam\n', 'a.ts'), { name: 'UsageError' });
    assert.throws(() => parseDirectives('// mode: spmd\n', 'a.ts'), { name: 'UsageError' });
    assert.throws(() => parseDirectives('// modes: alone\n', 'a.ts'), { name: 'UsageError' });
    assert.throws(() => parseDirectives('// timeLimit: 1m\n', 'a.ts'), { name: 'UsageError' });
  });
});

describe('launcher: sample', () => {
  const file = (name: string, ranks = [1, 2, 3, 4, 5]): ParallelFile => ({
    path: name,
    name,
    timeLimit: null,
    mpi: ['openmpi', 'mpich'],
    ranks,
    modes: ['spmd', 'client'],
    isSpmdOnly: false,
  });
  const runs = (each: ParallelFile) =>
    each.mpi.flatMap((mpi) => ranksUnder(each, mpi, true).map((size) => `${mpi} ${size}`));

  it('takes two rank counts of a file, and both MPIs', () => {
    for (const name of ['a', 'b', 'c', 'mpi/window', 'global/chains']) {
      const sampled = runs(file(name));
      assert.equal(sampled.length, 2);
      assert.equal(new Set(sampled.map((run) => run.split(' ')[1])).size, 2);
      assert.equal(new Set(sampled.map((run) => run.split(' ')[0])).size, 2);
    }
  });

  it('takes each rank count under each MPI for some file', () => {
    const all = [...'abcdefghij'].flatMap((name) => runs(file(name)));
    assert.equal(new Set(all).size, 10);
  });

  it('takes all of few rank counts, and everything when there is no sample', () => {
    assert.equal(runs(file('a', [2, 3])).length, 2);
    assert.deepEqual(ranksUnder(file('a'), 'mpich', false), [1, 2, 3, 4, 5]);
  });
});

describe('launcher: modes', () => {
  const file: ParallelFile = {
    path: 'global/a.test.ts',
    name: 'global/a',
    timeLimit: null,
    mpi: ['openmpi', 'mpich'],
    ranks: [1, 2, 3],
    modes: ['spmd', 'client'],
    isSpmdOnly: false,
  };
  const sizes = (each: ParallelFile, sample = false) =>
    each.mpi.flatMap((mpi) => configurationsUnder(each, mpi, sample).map(sizeText));

  it('run a file on so many processes, and as the client of so many engines', () => {
    const all = ['×1', '×2', '×3', '1+1', '1+2', '1+3'];
    assert.deepEqual(sizes(file), [...all, ...all]);
    assert.deepEqual(sizes({ ...file, modes: ['client'] }), [...all.slice(3), ...all.slice(3)]);
    assert.deepEqual(sizes({ ...file, modes: ['spmd'] }), [...all.slice(0, 3), ...all.slice(0, 3)]);
  });

  it('a sample runs a file as a client once, and all numbers of engines under both MPIs', () => {
    const met = new Set<string>();
    for (let k = 0; k < 40; k++) {
      const each = { ...file, name: `global/${k}` };
      const sampled = each.mpi.flatMap((mpi) =>
        configurationsUnder(each, mpi, true)
          .filter(({ mode }) => mode === 'client')
          .map(({ size }) => `${mpi} ${size}`),
      );
      assert.equal(sampled.length, 1);
      met.add(sampled[0] as string);
    }
    assert.equal(met.size, 6);
  });
});

describe('launcher: time limit', () => {
  const file = { path: 'a.test.ts', name: 'a', timeLimit: null };

  it('is 60 s, and more for MPICH with more ranks than cores', () => {
    assert.equal(timeLimitOf(file, 'openmpi', 5, 2, 1), 60);
    assert.equal(timeLimitOf(file, 'mpich', 2, 2, 1), 60);
    assert.equal(timeLimitOf(file, 'mpich', 3, 2, 1), 180);
  });

  it('is what the file says', () => {
    assert.equal(timeLimitOf({ ...file, timeLimit: 7 }, 'mpich', 3, 2, 1), 7);
  });

  it('is longer with patience, which the tests of a change have, and one may ask for', () => {
    assert.equal(timeLimitOf(file, 'openmpi', 5, 2, 3), 180);
    assert.equal(patience({}), 1);
    assert.equal(patience({ CI: 'true' }), 3);
    assert.equal(patience({ CI: 'true', DISTARRAY_TEST_PATIENCE: '1.5' }), 1.5);
  });
});

describe('launcher: environment', () => {
  it('passes on nothing of an outer MPI job or test run', () => {
    const outer = {
      PATH: '/bin',
      OMPI_MCA_btl: 'self,tcp',
      OMPI_COMM_WORLD_RANK: '1',
      PMI_RANK: '1',
      PMIX_NAMESPACE: 'n',
      DISTARRAY_MPI: 'mpich',
    };
    assert.deepEqual(testEnvironment(outer, 'a/b', '/results'), {
      PATH: '/bin',
      OMPI_MCA_btl: 'self,tcp',
      DISTARRAY_TEST_RUN: 'a/b',
      DISTARRAY_TEST_RESULTS: '/results',
      DISTARRAY_CHECK: '1',
      DISTARRAY_TEST_PATIENCE: '1',
    });
    const inside = testEnvironment({ ...outer, OMPI_COMM_WORLD_SIZE: '2' }, 'a', '/results');
    assert.equal(inside.OMPI_MCA_btl, undefined);
  });

  it('lets Open MPI run as root only as root, and yield only with too few cores', () => {
    const user = launchEnvironment('openmpi', 2, 4, false);
    assert.equal(user.OMPI_ALLOW_RUN_AS_ROOT, undefined);
    assert.equal(user.OMPI_MCA_mpi_yield_when_idle, undefined);
    assert.equal(user.OMPI_MCA_rmaps_base_oversubscribe, '1');
    const root = launchEnvironment('openmpi', 5, 4, true);
    assert.equal(root.OMPI_ALLOW_RUN_AS_ROOT, '1');
    assert.equal(root.OMPI_ALLOW_RUN_AS_ROOT_CONFIRM, '1');
    assert.equal(root.OMPI_MCA_mpi_yield_when_idle, '1');
    assert.deepEqual(launchEnvironment('mpich', 5, 4, true), { DISTARRAY_MPI: 'mpich' });
  });
});

describe('launcher: records', () => {
  it('reads records up to a line that a crash cut short', () => {
    const text = '{"event":"boot","t":1,"pid":7}\n{"event":"test","t":2,"ti';
    assert.deepEqual(parseRecords(text), [{ event: 'boot', t: 1, pid: 7 }]);
  });

  it('describes errors with code, cause, and place in the test file', () => {
    const cause = new Error('disk full');
    const error = Object.assign(new TypeError('no good', { cause }), { code: 'ERR_X' });
    const described = describeError(error, 'test/unit/launcher/parsing.test.ts');
    assert.equal(described.message, 'TypeError [ERR_X]: no good\ncaused by Error: disk full');
    assert.match(described.at ?? '', /^test\/unit\/launcher\/parsing\.test\.ts:\d+$/);
    assert.equal(described.diff, null);
  });

  it('shows both values where the message does not', () => {
    const error = Object.assign(new Error('far apart'), { actual: [1, 2], expected: [1, 3] });
    const { diff } = describeError(error, '');
    assert.equal(diff, '+ actual:   [ 1, 2 ]\n- expected: [ 1, 3 ]');
    assert.equal(describeError('a string', '').message, "thrown: 'a string'");
  });
});
