/**
 * Uncaught errors: the rank says who it is and ends, and the exit hook of the addon aborts the job,
 * so that the other ranks do not wait for it for ever.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { raw } from './command.ts';

/** Makes an uncaught exception or unhandled rejection end the whole job with a tagged stack. */
export function installJobAbort(rank: number, size: number): void {
  const onUncaught = (error: unknown): void => {
    // A program with a handler of its own (a test runner, say) decides for itself.
    if (process.listenerCount('uncaughtException') > 1) return;
    raw.markCrashed();
    writeSync(2, taggedReport(error, rank, size));
    process.exit(1);
  };
  process.on('uncaughtException', onUncaught);
}

/** The report of an uncaught error, each line beginning with the rank. */
export function taggedReport(error: unknown, rank: number, size: number): string {
  const lines = [`Uncaught ${inspect(error)}`, 'aborting the job'].join('\n').split('\n');
  return lines.map((line) => `[rank ${rank} of ${size}] ${line}\n`).join('');
}
