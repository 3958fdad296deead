#!/usr/bin/env node
// Compiles src/ to dist/ with tsc where something changed, and makes the command executable.
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
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');
const STAMP = join(ROOT, 'build', 'typescript-stamp');
const COMMAND = join(DIST, 'cli', 'main.js');
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

const quiet = process.argv.includes('--quiet');

function main() {
  if (!existsSync(TSC)) throw new Error('TypeScript is not installed: run npm ci');
  const sources = filesUnder(SRC);
  const stamp = stampOf(sources);
  if (readStamp() === stamp && sources.every((source) => existsSync(outputOf(source)))) {
    if (!quiet) console.log('dist: up to date');
    return;
  }
  const started = performance.now();
  process.stdout.write('dist: compiling TypeScript … ');
  rmSync(STAMP, { force: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [TSC, '--noEmitOnError'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.log('failed');
    process.stderr.write(`${stdout}${stderr}`);
    process.exitCode = 1;
    return;
  }
  prune(sources);
  if (existsSync(COMMAND)) chmodSync(COMMAND, 0o755);
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  writeFileSync(STAMP, stamp);
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function stampOf(sources) {
  const sum = createHash('sha256');
  const settings = ['tsconfig.json', 'package.json', 'node_modules/typescript/package.json'];
  for (const file of [...settings.map((name) => join(ROOT, name)), ...sources]) {
    sum.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return sum.digest('hex');
}

/** Removes what tsc made of sources that are gone: a stale module could still be imported. */
function prune(sources) {
  const stems = new Set(sources.map((source) => relative(SRC, source).replace(/\.ts$/, '')));
  for (const file of existsSync(DIST) ? filesUnder(DIST) : []) {
    const stem = relative(DIST, file).replace(/(\.d\.ts|\.js)(\.map)?$/, '');
    if (!stems.has(stem)) rmSync(file);
  }
}

const outputOf = (source) => join(DIST, relative(SRC, source).replace(/\.ts$/, '.js'));

function filesUnder(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (directory !== SRC || entry.name.endsWith('.ts')))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function readStamp() {
  return existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : null;
}

try {
  main();
} catch (error) {
  console.error(`distarray: ${error.message}`);
  process.exitCode = 1;
}
