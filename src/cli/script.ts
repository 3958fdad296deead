/** How node has to be called for a script. */
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UsageError } from './usage.ts';

/**
 * Arguments of node that come before the script.
 * @throws {@link UsageError} when the script is not there, or is TypeScript and nothing can run it
 */
export function loaderArguments(script: string): string[] {
  if (!existsSync(script)) throw new UsageError(`There is no script '${script}'.`, runHelp);
  if (statSync(script).isDirectory()) {
    throw new UsageError(`'${script}' is a directory, not a script.`, runHelp);
  }
  const args: string[] = [];
  // A loader given by --import stays in the process: the tsx command would start another one, which
  // has no connection to the launcher.
  if (/\.[cm]?tsx?$/.test(script)) args.push('--import', tsxFor(script));
  return args;
}

const runHelp = 'distarray run --help';

/** The tsx of the script's project, else ours. */
function tsxFor(script: string): string {
  for (const from of [resolve(script), fileURLToPath(import.meta.url)]) {
    try {
      return pathToFileURL(createRequire(from).resolve('tsx')).href;
    } catch {
      // Not there: the next place.
    }
  }
  throw new UsageError(
    `'${script}' is TypeScript, which tsx runs, but it is not installed: npm install --save-dev tsx`,
    runHelp,
  );
}
