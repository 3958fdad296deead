/** What `import()` means in code that has come as text: what it means in the program itself. */
import { constants } from 'node:vm';

/** Node warns once of what it is. */
const NAME = 'vm.USE_MAIN_CONTEXT_DEFAULT_LOADER';

let isSilenced = false;

/** The option of `compileFunction`. @internal */
export function mainLoader(): typeof constants.USE_MAIN_CONTEXT_DEFAULT_LOADER {
  if (!isSilenced) {
    isSilenced = true;
    silence();
  }
  return constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
}

/** Whoever imports a module in a function has not chosen what Node calls experimental. */
function silence(): void {
  const emit = process.emitWarning;
  process.emitWarning = ((warning: unknown, ...rest: never[]) => {
    const isIt = typeof warning === 'string' && warning.startsWith(NAME);
    if (isIt) process.emitWarning = emit;
    else Reflect.apply(emit, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
}
