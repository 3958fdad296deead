/** `distarray cache`: the folder of code that was compiled at run time. */
import { parseArgs } from 'node:util';
import { cacheContents, clearCache } from '../jit/cache.ts';
import { UsageError } from './usage.ts';

const usage = `Usage: distarray cache [--clear]

Says where the code lies that programs have compiled at run time, and how much there is.

Options:
  --clear   remove it; it is compiled again when a program needs it
  --help    print this text

environment:
  DISTARRAY_CACHE   the folder; otherwise $XDG_CACHE_HOME/distarray or ~/.cache/distarray
`;

/** Runs `distarray cache` with these arguments and returns its exit code. */
export function cache(args: readonly string[]): number {
  const { clear, help } = parse(args);
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  const { path, count, bytes } = clear ? clearCache() : cacheContents();
  const size = `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  process.stdout.write(`${path}: ${count} libraries, ${size}${clear ? ', removed' : ''}\n`);
  return 0;
}

function parse(args: readonly string[]): { clear: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        clear: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError((error as Error).message, 'distarray cache --help');
  }
}
