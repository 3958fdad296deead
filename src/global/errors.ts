/** Errors of contexts. */
import { DistArrayError, tellErrorsOf } from '../errors.ts';

/**
 * Arrays of several contexts in one call, or a context that is closed (DistArray 0.5 `ContextError`). `code`
 * is `ERR_CONTEXT`.
 */
export class ContextError extends DistArrayError {
  constructor(message: string) {
    super('ERR_CONTEXT', message);
    this.name = 'ContextError';
  }
}

tellErrorsOf(ContextError);
