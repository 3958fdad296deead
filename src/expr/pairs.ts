/** Steps of a program in pairs: what one of + - * makes for another one alone is not stored in between. */
import type { Pair, Step } from '../kernels/program.ts';

const NAMES: Readonly<Record<string, string>> = {
  add: 'Add',
  subtract: 'Subtract',
  multiply: 'Multiply',
};

/**
 * Puts steps together where there is a loop for both, which rounds as they do. From the first step on, so that there are
 * as many pairs as there can be: in a tree, leaves go with their parents.
 *
 * @param steps - that name values by number: inputs, then from `firstStep` on what steps make; the last one is the result
 */
export function pairSteps(steps: readonly Step[], firstStep: number): Step[] {
  const uses = new Map<number, number>();
  for (const { inputs } of steps) {
    for (const value of inputs) uses.set(value, (uses.get(value) ?? 0) + 1);
  }
  /** By what it makes. */
  const single = new Map<number, Step>();
  const paired = new Map<number, Step>();
  for (const step of steps) {
    const k = step.inputs.findIndex((value) => uses.get(value) === 1 && single.has(value));
    const first = single.get(step.inputs[k]);
    if (
      step.operation in NAMES &&
      first !== undefined &&
      !keepsMore(first, [...paired.values()].at(-1)!)
    ) {
      paired.delete(first.output);
      paired.set(step.output, pairOf(first, step, k));
    } else {
      paired.set(step.output, step);
      if (isPart(step)) single.set(step.output, step);
    }
  }
  return [...paired.values()];

  /** Whether two values would be kept in place of one, while other steps are done. */
  function keepsMore({ inputs, output }: Step, last: Step): boolean {
    const made = new Set(inputs.filter((value) => value >= firstStep));
    return made.size > 1 && last.output !== output;
  }
}

/** Whether a step may be one of a pair. */
function isPart({ operation, compute }: Step): boolean {
  const isFloat = compute === 'float64' || compute === 'float32';
  return isFloat && (operation in NAMES || operation === 'square');
}

/** Both steps as one, the first of which makes input `k` of the second. */
function pairOf(first: Step, second: Step, k: number): Step {
  const isSquare = first.operation === 'square';
  const operands = isSquare ? [first.inputs[0], first.inputs[0]] : first.inputs;
  const name = isSquare ? 'multiply' : first.operation;
  const from = second.operation === 'subtract' && k === 1 ? 'From' : '';
  return {
    operation: `${name}Then${NAMES[second.operation]}${from}` as Pair,
    compute: second.compute,
    inputs: [...operands, second.inputs[1 - k]],
    output: second.output,
  };
}
