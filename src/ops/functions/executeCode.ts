/** Running code in the names of processes, as an operation. */
import { valueOperation } from '../operation.ts';
import { beginCall } from './namespace.ts';
import { callKeeping } from './proxy.ts';
import { readScript, runScript } from './script.ts';
import { callOnTargets, checkTargets, notAwaited, type OnTargets } from './targetCall.ts';

/** What {@link executeCode} takes. */
export interface ExecuteParams extends OnTargets {
  readonly code: string;
  readonly scope: number;
  /** Whether code that awaits something is waited for. */
  readonly awaits: boolean;
}

/** Runs code on some processes. The result is a promise where it awaits something. */
export const executeCode = valueOperation<ExecuteParams, null[] | Promise<null[]>>('execute', {
  check: (_, { code, targets }) => {
    checkTargets(targets, Number.MAX_SAFE_INTEGER);
    readScript(code);
  },
  run: (_, { code, targets, scope, awaits }, { comm }) => {
    const names = beginCall(scope);
    return callOnTargets(comm, {
      targets,
      awaits,
      prepare: () => {
        checkTargets(targets, comm.size);
        if (!awaits && readScript(code).awaits) throw notAwaited();
      },
      call: () => callKeeping(names, awaits, () => runScript(code, comm.rank)),
      tell: () => null,
    });
  },
});
