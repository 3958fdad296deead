/** The error for questions about indices that only another process knows. */

import { DistArrayError, tellErrorsOf } from '../errors.ts';

/**
 * An unstructured map was asked about indices of a process whose list it does not hold. `code`
 * is `ERR_INDICES_UNKNOWN`; the distributed directory answers such questions, collectively.
 */
export class UnknownIndicesError extends DistArrayError {
  constructor(question: string, map: { toString(): string }) {
    super(
      'ERR_INDICES_UNKNOWN',
      `${map} does not know ${question}: it holds the indices of one grid rank only. ` +
        'Ask the distributed directory (collective), or make the map from the indices of all',
    );
    this.name = 'UnknownIndicesError';
  }
}

tellErrorsOf(UnknownIndicesError);
