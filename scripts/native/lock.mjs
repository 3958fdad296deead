// Lets one process at a time build: two terminals, or parallel tests, may start a build at once.

import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './build-variant.mjs';

const LOCK = join(ROOT, 'build', '.lock');

/** Runs `work` while no other build of this package runs; waits for one that does. */
export function withBuildLock(work) {
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  if (!tryLock()) {
    console.log(`native addon: waiting for another build to end (${LOCK})`);
    while (!tryLock()) sleep(200);
  }
  try {
    return work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function tryLock() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // A holder that was killed leaves its lock behind.
  if (isAbandoned()) rmSync(LOCK, { force: true });
  return false;
}

function isAbandoned() {
  try {
    const holder = Number(readFileSync(LOCK, 'utf8'));
    if (holder > 0) return !isRunning(holder);
    return Date.now() - statSync(LOCK).mtimeMs > 5000;
  } catch {
    return false; // released meanwhile
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
