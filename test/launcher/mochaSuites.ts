import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BY_LOADER, type Loading, loadingOf } from './compiled.ts';
import { launchEnvironment } from './environment.ts';
import { type RunContext, runMocha } from './mochaRun.ts';
import type { Mode } from './options.ts';
import type { SuiteResult, TestResult } from './results.ts';
import {
  type Configuration,
  type ParallelFile,
  processesOf,
  sizeText,
  type TestFile,
  timeLimitOf,
} from './suites.ts';
import type { MpiVariant } from './variants.ts';
import { judge } from './verdict.ts';
import { groupBy } from './wording.ts';

/** A test of a unit suite is short; parallel files have one limit for the whole file. */
const UNIT_TEST_TIMEOUT_MS = 10_000;

const localPath = (file: string) => relative('.', fileURLToPath(new URL(file, import.meta.url)));
const ENGINE = localPath('../../src/entry/engineMain.ts');
const CLIENT_HOOKS = localPath('./clientHooks.ts');

/** Runs a parallel test file under an MPI. */
export async function runParallelSuite(
  context: RunContext,
  file: ParallelFile,
  variant: MpiVariant,
  configuration: Configuration,
): Promise<SuiteResult> {
  const { mode, size } = configuration;
  const config = `${variant.flavour} ${sizeText(configuration)}`;
  const loading = loadingOf(file.path);
  const processes = processesOf(configuration);
  const timeLimit = timeLimitOf(file, variant.flavour, processes);
  const end = await runMocha(context, {
    label: `${config}  ${file.name}`,
    ...programOf(mode, size, loading),
    loading,
    launcher: [variant.mpiexec, '-n', String(mode === 'client' ? 1 : size)],
    env: launchEnvironment(variant.flavour, processes),
    files: [file.path],
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

/** What the processes run: all the tests, or one of them the tests and the others an engine each. */
function programOf(mode: Mode, size: number, { options, pathOf }: Loading) {
  const mochaArguments = ['--bail', '--timeout', '0'];
  if (mode === 'spmd') return { size, nodeArguments: [], mochaArguments, others: [] };
  return {
    // Engines write no records.
    size: 1,
    nodeArguments: ['--title=distarray-client'],
    mochaArguments: [...mochaArguments, '--require', `./${pathOf(CLIENT_HOOKS)}`],
    others: [':', '-n', String(size), process.execPath, ...options, pathOf(ENGINE)],
  };
}

/** What a run of unit test files is called: by its file, if it is one. */
export function unitLabel(files: readonly TestFile[]): string {
  return files.length === 1 ? `unit  ${files[0]?.name}` : 'unit';
}

/** Runs unit test files in one plain process; one result per file. */
export async function runUnitSuites(
  context: RunContext,
  files: readonly TestFile[],
): Promise<SuiteResult[]> {
  const timeLimit = files.reduce((sum, file) => sum + timeLimitOf(file, null, 1), 0);
  const end = await runMocha(context, {
    label: unitLabel(files),
    size: 1,
    loading: BY_LOADER,
    launcher: [],
    nodeArguments: [],
    others: [],
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
  const wholeName = (files.length === 1 && files[0]?.name) || '(all files)';
  const suites = groupBy(tests, ({ file }) => file).map((group) => {
    const path = group[0]?.file ?? '';
    const file = files.find((candidate) => relative('.', candidate.path) === path);
    return {
      config: 'unit',
      name: file?.name ?? (path === '' ? wholeName : path),
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
