/** `distarray build`: builds the native addon. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../native.ts';
import { exitCodeOf } from './exitCode.ts';

/** Runs the build script with these arguments (`--help` lists them) and returns its exit code. */
export function build(args: readonly string[]): Promise<number> {
  const script = join(packageRoot, 'scripts', 'build-native.mjs');
  return exitCodeOf(spawn(process.execPath, [script, ...args], { stdio: 'inherit' }));
}
