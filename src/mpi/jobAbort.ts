/**
 * Uncaught errors: the process says who it is and ends, and the exit hook of the addon aborts the job,
 * so that the other ranks do not wait for it for ever.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { raw } from './command.ts';

/** What this process is called, if not by its rank. */
let ownName: string | null = null;

/** Gives this process another name for what it says of uncaught errors: `engine 0 of 2`. */
export function nameProcess(name: string): void {
  ownName = name;
}

/** Makes an uncaught exception or unhandled rejection end the whole job with a tagged stack. */
export function installJobAbort(rank: number, size: number): void {
  const onUncaught = (error: unknown): void => {
    // A program with a handler of its own (a test runner, say) decides for itself.
    if (process.listenerCount('uncaughtException') > 1) return;
    raw.markCrashed();
    writeSync(2, taggedReport(error, ownName ?? `rank ${rank} of ${size}`));
    process.exit(1);
  };
  process.on('uncaughtException', onUncaught);
}

/** The report of an uncaught error, each line beginning with who tells it. */
function taggedReport(error: unknown, name: string): string {
  const lines = [`Uncaught ${inspect(error)}`, 'aborting the job'].join('\n').split('\n');
  return lines.map((line) => `[${name}] ${line}\n`).join('');
}
