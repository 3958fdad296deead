/** Reads the golden cases that were recorded from DistArray 0.5. */

import { readFileSync } from 'node:fs';

/** Returns the contents of a golden file. */
export function readGolden<T>(name: string): T {
  const url = new URL(`../../data/golden/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as T;
}

/** An error that DistArray raised. */
export interface GoldenError {
  readonly class: string;
  readonly message: string;
}
