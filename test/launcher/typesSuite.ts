import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { RUN_MARKER, testEnvironment } from './environment.ts';
import { runJob } from './job.ts';
import type { RunContext } from './mochaRun.ts';
import { patience } from './patience.ts';
import type { SuiteResult, TestResult } from './results.ts';
import type { TestFile } from './suites.ts';
import { groupBy, nameExit } from './wording.ts';

const TIME_LIMIT = 300;
const SHOWN_ERRORS = 20;

/** Type-checks the type tests with the sources; one test per file. */
export async function runTypesSuite(
  context: RunContext,
  files: readonly TestFile[],
): Promise<SuiteResult> {
  const marker = randomUUID();
  const outer = process.env[RUN_MARKER];
  const outputFile = join(context.folder, `types-${marker}.txt`);
  const project = join(context.options.testsFolder, 'types', 'tsconfig.json');
  const job = await runJob({
    command: process.execPath,
    args: ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false', '-p', project],
    env: testEnvironment(process.env, outer ? `${outer}/${marker}` : marker, context.folder),
    outputFile,
    timeLimit: TIME_LIMIT * patience(),
    marker,
    interrupt: context.interrupt,
    shouldStop: () => {
      context.progress('types', 'checking');
      return false;
    },
  });
  const output = readFileSync(outputFile, 'utf8');
  const ending = job.reason === 'ended' ? nameExit(job.code, job.signal) : job.reason;
  const tests = typeResults(files, output, job.code === 0, `tsc ${job.startError ?? ending}`);
  return { config: 'types', name: 'tsc', tests, seconds: job.seconds, output: '' };
}

/** One result per type test, and one for each other file with errors. */
export function typeResults(
  files: readonly TestFile[],
  output: string,
  succeeded: boolean,
  ending: string,
): TestResult[] {
  const errors = output.split('\n').flatMap((line) => {
    const match = /^(.+?)\((\d+),\d+\): (error TS\d+: .*)$/.exec(line);
    if (match === null) return [];
    return [
      { path: relative('.', match[1] ?? ''), text: `${match[3]} at ${match[1]}:${match[2]}` },
    ];
  });
  const results = files.map((file): TestResult => {
    const own = errors.filter((error) => error.path === relative('.', file.path));
    return resultOf(file.path, `types/${file.name}`, own);
  });
  const others = errors.filter(
    (error) => !files.some((file) => relative('.', file.path) === error.path),
  );
  for (const ofFile of groupBy(others, (error) => error.path)) {
    const path = ofFile[0]?.path ?? '';
    results.push(resultOf(path, path, ofFile));
  }
  if (!succeeded && errors.length === 0) {
    const lines = [ending, ...output.trim().split('\n').slice(0, SHOWN_ERRORS)];
    // no file was checked: none of them has passed
    return files.map(
      (file): TestResult => ({
        file: file.path,
        title: `types/${file.name}`,
        seconds: 0,
        state: 'failed',
        lines,
      }),
    );
  }
  return results;
}

function resultOf(file: string, title: string, errors: readonly { text: string }[]): TestResult {
  if (errors.length === 0) return { file, title, seconds: 0, state: 'passed' };
  const lines = errors.slice(0, SHOWN_ERRORS).map((error) => error.text);
  return { file, title, seconds: 0, state: 'failed', lines };
}
