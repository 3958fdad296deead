/**
 * The programs that tests start: compiled where the test launcher has done that, which saves each process 0.7 s of
 * computing, and otherwise as they are.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const COMPILED = join('build', 'tests') + sep;
const ownRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the project. */
export const root = ownRoot.endsWith(COMPILED) ? ownRoot.slice(0, -COMPILED.length) : ownRoot;

/** The path of a program, of which the source is at a path in the project. */
export function programFile(source: string): string {
  const compiled = join(root, COMPILED, source.replace(/\.ts$/, '.js'));
  return existsSync(compiled) ? compiled : join(root, source);
}

/** Arguments of node that run such a program, or another file. */
export function nodeArguments(program: string): string[] {
  const file = program.startsWith(sep) ? program : programFile(program);
  if (!file.endsWith('.ts')) return [file];
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href, file];
}
