import { relative } from 'node:path';
import { launchEnvironment } from './environment.ts';
import { type RunContext, runMocha } from './mochaRun.ts';
import type { SuiteResult, TestResult } from './results.ts';
import { type ParallelFile, type TestFile, timeLimitOf } from './suites.ts';
import type { MpiVariant } from './variants.ts';
import { judge } from './verdict.ts';
import { groupBy } from './wording.ts';

/** A test of a unit suite is short; parallel files have one limit for the whole file. */
const UNIT_TEST_TIMEOUT_MS = 10_000;

/** Runs a parallel test file on `size` ranks of an MPI. */
export async function runParallelSuite(
  context: RunContext,
  file: ParallelFile,
  variant: MpiVariant,
  size: number,
): Promise<SuiteResult> {
  const config = `${variant.flavour} ×${size}`;
  const timeLimit = timeLimitOf(file, variant.flavour, size);
  const end = await runMocha(context, {
    label: `${config}  ${file.name}`,
    size,
    launcher: [variant.mpiexec, '-n', String(size)],
    env: launchEnvironment(variant.flavour, size),
    files: [file.path],
    mochaArguments: ['--bail', '--timeout', '0'],
    timeLimit,
  });
  const tests = judge({
    ...end,
    file: file.path,
    timeLimit,
    parallel: true,
    narrowed: context.options.grep !== null,
  });
  return { config, name: file.name, tests, seconds: end.job.seconds, output: end.output };
}

/** Runs all unit test files in one plain process; one result per file. */
export async function runUnitSuites(
  context: RunContext,
  files: readonly TestFile[],
): Promise<SuiteResult[]> {
  const timeLimit = files.reduce((sum, file) => sum + timeLimitOf(file, null, 1), 0);
  const end = await runMocha(context, {
    label: 'unit',
    size: 1,
    launcher: [],
    env: {},
    files: files.map((file) => file.path),
    mochaArguments: ['--timeout', String(UNIT_TEST_TIMEOUT_MS)],
    timeLimit,
  });
  const tests = judge({
    ...end,
    file: '',
    timeLimit,
    parallel: false,
    narrowed: context.options.grep !== null,
  });
  const suites = groupBy(tests, ({ file }) => file).map((group) => {
    const path = group[0]?.file ?? '';
    const file = files.find((candidate) => relative('.', candidate.path) === path);
    return {
      config: 'unit',
      name: file?.name ?? (path === '' ? '(all files)' : path),
      tests: group,
      seconds: secondsOf(group),
      output: end.output,
    };
  });
  return [...suites, ...withoutTests(context, files, tests, suites)];
}

function secondsOf(tests: readonly TestResult[]): number {
  return tests.reduce((sum, test) => sum + test.seconds, 0);
}

/** A file that defines no test is a mistake, unless the tests were narrowed by title. */
function withoutTests(
  context: RunContext,
  files: readonly TestFile[],
  tests: readonly TestResult[],
  suites: readonly SuiteResult[],
): SuiteResult[] {
  if (context.options.grep !== null || !tests.some((test) => test.file !== '')) return [];
  return files
    .filter((file) => !suites.some((suite) => suite.name === file.name))
    .map((file) => ({
      config: 'unit',
      name: file.name,
      tests: [
        {
          file: file.path,
          title: '(list of tests)',
          seconds: 0,
          state: 'failed',
          lines: ['the file has no tests'],
        },
      ],
      seconds: 0,
      output: '',
    }));
}
