/** The version key of a structure. */
import { PROTOCOL_VERSION } from './structure.ts';
import { typeName } from './values.ts';

/** `distutils.version.StrictVersion`, by which the reference reads versions: 0.10, 0.10.0, 0.10.0a1. */
const STRICT_VERSION = /^(\d+)\.(\d+)(?:\.(\d+))?(?:[ab]\d+)?$/;

/** Returns why a version is not one that we understand, or `undefined`. */
export function versionProblem(version: unknown): string | undefined {
  if (typeof version !== 'string') return `__version__ has non-string type ${typeName(version)}.`;
  const shown = version.slice(0, 80);
  const match = STRICT_VERSION.exec(version);
  if (match === null) return `__version__ "${shown}" not valid.`;
  const numbers = match.slice(1, 4).map((part) => Number(part ?? 0));
  return numbers.join('.') === PROTOCOL_VERSION
    ? undefined
    : `__version__ "${shown}" not supported by this checker.`;
}
