/** Expressions as an operation on distributed arrays. */
import { arrayOperation } from '../ops/operation.ts';
import { type EvaluateParams, evaluate, inferred } from './evaluate.ts';
import { prepareEvaluation } from './preparedEvaluation.ts';

/** Expressions, computed in one pass over their operands. */
export const evaluateOperation = arrayOperation<EvaluateParams>('evaluate', {
  infer: (arrays, params) => inferred(arrays, params).meta,
  run: evaluate,
  prepare: prepareEvaluation,
});
