/**
 * Loaded before the script of `distarray run --client`: tells the command which process the client is, and connects to
 * the engines at the end of a script that has not loaded distarray, since they would wait for it for ever.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { CLIENT_STATE, type ClientState } from '../engine/job/clientState.ts';

const TITLE = '--title=distarray-client';
const states = globalThis as { [CLIENT_STATE]?: ClientState };

// Threads and child processes of the client inherit its arguments, unless they are gone by then.
if (isMainThread && process.execArgv.includes(TITLE)) {
  states[CLIENT_STATE] = 'expected';
  forgetArguments();
  const file = new URL(import.meta.url).searchParams.get('pid');
  if (file !== null) tellPid(file);
  process.on('exit', (code) => {
    if (states[CLIENT_STATE] !== 'expected') return;
    const here = fileURLToPath(import.meta.url);
    const { leave } = createRequire(here)(`./asClient${extname(here)}`);
    leave(code);
  });
}

function forgetArguments(): void {
  process.execArgv.splice(process.execArgv.indexOf(TITLE), 1);
  const own = process.execArgv.indexOf(import.meta.url);
  if (own > 0) process.execArgv.splice(own - 1, 2);
}

/** The command waits for the file to appear, and reads it whole. */
function tellPid(file: string): void {
  try {
    writeFileSync(`${file}.new`, String(process.pid), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // The client is on another host: interrupts end the job.
  }
}
