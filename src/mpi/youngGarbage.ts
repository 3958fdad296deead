/** Collections of young garbage, which make memory free that V8 does not look after by itself. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { raw } from './command.ts';

/** V8's function of its option `--expose-gc`. */
type Collect = (options: { readonly type: 'minor' | 'major' }) => void;

let isAsked = false;

/** Lets the addon have young garbage collected when its memory grows. */
export function collectYoungGarbage(): void {
  if (isAsked) return;
  isAsked = true;
  raw.collectYoungBy(() => {
    // Another thread might give the memory back late, and V8 then counts it beside what is made next.
    setFlagsFromString('--no-concurrent-array-buffer-sweeping');
    collectGarbage('minor');
    setFlagsFromString('--concurrent-array-buffer-sweeping');
  });
}

let collect: Collect | undefined;

/** Has V8 collect garbage at once: of the young objects, or of all. */
export function collectGarbage(type: 'minor' | 'major'): void {
  collect ??= collector();
  collect({ type });
}

/** What V8 gives to contexts that are made while it is asked for; a program sees nothing of it. */
function collector(): Collect {
  const { gc } = globalThis as { gc?: Collect };
  if (gc !== undefined) return gc;
  setFlagsFromString('--expose-gc');
  const made = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return made;
}
