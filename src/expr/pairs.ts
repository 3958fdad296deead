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
  /** Steps that may be the first of a pair, by what they make. */
  const open = new Map<number, Step>();
  /** By what they make. */
  const made = new Map<number, Step>();
  let last: Step | undefined;
  for (const step of steps) {
    const k = step.inputs.findIndex((value) => uses.get(value) === 1 && open.has(value));
    const first = open.get(step.inputs[k]);
    // Two values are not kept in place of one while other steps are done.
    const isKept = (value: number) => value >= firstStep;
    if (
      step.operation in NAMES &&
      first !== undefined &&
      (first === last || new Set(first.inputs.filter(isKept)).size < 2)
    ) {
      made.delete(first.output);
      made.set(step.output, pairOf(first, step, k));
    } else {
      made.set(step.output, step);
      if (isPart(step)) open.set(step.output, step);
    }
    last = step;
  }
  return [...made.values()];
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
