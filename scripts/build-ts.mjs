#!/usr/bin/env node
// Compiles TypeScript with tsc where something changed: src/ to dist/, and makes the command executable.
//   --tests  src/ and test/ to build/tests/ instead, where the processes of a test need no loader for TypeScript
//   --quiet  say nothing when there is nothing to do

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const TESTS = join(ROOT, 'build', 'tests');

const builds = {
  dist: {
    name: 'dist',
    config: 'tsconfig.json',
    base: join(ROOT, 'src'),
    folders: [join(ROOT, 'src')],
    output: join(ROOT, 'dist'),
    stamp: join(ROOT, 'build', 'typescript-stamp'),
    finish() {
      chmodSync(join(ROOT, 'dist', 'cli', 'main.js'), 0o755);
    },
  },
  tests: {
    name: 'tests',
    config: 'tsconfig.tests.json',
    base: ROOT,
    folders: ['src', 'test', 'examples', 'scripts'].map((name) => join(ROOT, name)),
    output: TESTS,
    stamp: join(ROOT, 'build', 'tests-stamp'),
    finish: linkTheRest,
  },
};
const quiet = process.argv.includes('--quiet');

function main(build) {
  if (!existsSync(TSC)) throw new Error('TypeScript is not installed: run npm ci');
  const sources = build.folders.flatMap(sourcesUnder);
  if (readStamp(build) === stampOf(build, sources)) {
    if (!quiet) console.log(`${build.name}: up to date`);
    return;
  }
  const started = performance.now();
  process.stdout.write(`${build.name}: compiling TypeScript … `);
  rmSync(build.stamp, { force: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [TSC, '-p', build.config, '--noEmitOnError'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) {
    console.log('failed');
    process.stderr.write(`${stdout}${stderr}`);
    process.exitCode = 1;
    return;
  }
  prune(build, sources);
  build.finish();
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  writeFileSync(build.stamp, stampOf(build, sources));
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** What was compiled from, and what was made of it: a file that is missing there is made again. */
function stampOf({ config, output }, sources) {
  const sum = createHash('sha256');
  const settings = [
    'tsconfig.json',
    config,
    'package.json',
    'node_modules/typescript/package.json',
  ];
  for (const file of [...settings.map((name) => join(ROOT, name)), ...sources]) {
    sum.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  const made = existsSync(output) ? filesUnder(output).filter((file) => file.endsWith('.js')) : [];
  return `${sum.digest('hex')} ${made.length}`;
}

/** Removes what tsc made of sources that are gone: a stale module could still be imported. */
function prune({ base, output }, sources) {
  const stems = new Set(sources.map((source) => relative(base, source).replace(/\.ts$/, '')));
  for (const file of existsSync(output) ? filesUnder(output) : []) {
    const stem = relative(output, file).replace(/(\.d\.ts|\.js)(\.map)?$/, '');
    if (!stems.has(stem)) rmSync(file);
  }
}

/** What the compiled tests look for beside themselves, they find where it is. */
function linkTheRest() {
  const link = (folder, isLinked) => {
    for (const { name } of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const place = join(TESTS, folder, name);
      if (!isLinked(name) || existsSync(place)) continue;
      rmSync(place, { force: true });
      symlinkSync(relative(dirname(place), join(ROOT, folder, name)), place);
    }
  };
  const compiled = builds.tests.folders.map((folder) => relative(ROOT, folder));
  link('', (name) => !name.startsWith('.') && !compiled.includes(name));
  link('test', (name) => name === 'data');
  const isProgram = (name) => /\.(py|c)$/.test(name) || name === 'numpy' || name === 'launcher';
  link('test/fixtures', isProgram);
}

const sourcesUnder = (folder) => filesUnder(folder).filter((file) => file.endsWith('.ts'));

function filesUnder(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function readStamp({ stamp }) {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
}

try {
  main(process.argv.includes('--tests') ? builds.tests : builds.dist);
} catch (error) {
  console.error(`distarray: ${error.message}`);
  process.exitCode = 1;
}
