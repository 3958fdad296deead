#!/usr/bin/env node
/** The `distarray` command. */
import { packageVersion } from '../native.ts';
import { UsageError } from './usage.ts';

const usage = `Usage: distarray <command> [options]

Commands:
  run       run a script on N processes of the MPI that distarray is built with
  repl      a prompt whose arrays are on N engines
  engines   start, stop and show engines in the background
  build     build the native addon for the MPIs that are installed
  cache     say where code lies that was compiled at run time, or remove it

Options:
  --version   print the version
  --help      print this text; after a command, that command's help
`;

// A command loads what it needs itself: the prompt loads MPI, which the launcher of a job must not initialise.
async function main([command, ...rest]: readonly string[]): Promise<number> {
  switch (command) {
    case 'run':
      return (await import('./run.ts')).run(rest);
    case 'repl':
      return (await import('./repl.ts')).repl(rest);
    case 'engines':
      return (await import('./engines.ts')).engines(rest);
    case 'build':
      return (await import('./build.ts')).build(rest);
    case 'cache':
      return (await import('./cache.ts')).cache(rest);
    case '--version':
      process.stdout.write(`${packageVersion()}\n`);
      return 0;
    case '--help':
    case 'help':
      process.stdout.write(usage);
      return 0;
    case undefined:
      throw new UsageError(
        'Expected a command: run, repl, engines, build or cache.',
        'distarray --help',
      );
    default:
      throw new UsageError(
        `Expected a command (run, repl, engines, build or cache), but received '${command}'.`,
        'distarray --help',
      );
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const usageError = error instanceof UsageError;
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(`distarray: ${text}\n${usageError ? `Try: ${error.help}\n` : ''}`);
    process.exitCode = usageError ? 2 : 1;
  },
);
