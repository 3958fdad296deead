/** Which block of memory holds which value of a program, and for how long. */
import type { Step } from '../kernels/program.ts';

/**
 * Gives the results of steps the numbers of temporaries: a temporary is used again after the last step that reads it,
 * and that step may write over it.
 *
 * @param inputs - number of inputs; temporaries are numbered after them
 * @param firstStep - the value that the first step makes; the others follow
 */
export function allocateTemporaries(
  steps: readonly Step[],
  inputs: number,
  firstStep: number,
): { steps: Step[]; count: number } {
  const lastUse = new Map<number, number>();
  steps.forEach((step, index) => {
    for (const value of step.inputs) lastUse.set(value, index);
  });
  const places = new Map<number, number>();
  const free: number[] = [];
  let count = 0;
  const placed = steps.map((step, index): Step => {
    const from = step.inputs.map((value) => (value < firstStep ? value : places.get(value)!));
    for (const value of new Set(step.inputs)) {
      if (value >= firstStep && lastUse.get(value) === index) free.push(places.get(value)!);
    }
    if (index === steps.length - 1) return { ...step, inputs: from, output: -1 };
    const output = free.pop() ?? inputs + count++;
    places.set(step.output, output);
    return { ...step, inputs: from, output };
  });
  return { steps: placed, count };
}
