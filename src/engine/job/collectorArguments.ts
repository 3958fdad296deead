/** How V8 collects garbage in the processes of a job. */
import { availableParallelism } from 'node:os';

/**
 * Arguments of node for so many processes on this host. V8 marks the heap on threads of its own while the program
 * runs; where all cores have a process, those take turns with the program, and a collection takes milliseconds
 * that it does not take otherwise. (Each new array of more than 64 MB starts one.)
 */
export function collectorArguments(processes: number): string[] {
  return processes >= availableParallelism() ? ['--no-concurrent-marking'] : [];
}
