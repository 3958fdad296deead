/** The package's `distarray/tasks`: pools of workers, views of engines, memory that processes share. */
import './asClient.ts';
import { nameExports } from '../ops/functions/references.ts';
import { SharedArray, SharedValue } from '../tasks/shared.ts';

export { AsyncResult } from '../tasks/asyncResult.ts';
export { type CallOptions, DirectView, type ViewOptions } from '../tasks/directView.ts';
export {
  EngineError,
  TaskCancelledError,
  type TaskErrorFields,
  TaskTimeoutError,
} from '../tasks/errors.ts';
export type { Strategy } from '../tasks/items.ts';
export type { TaskDetails } from '../tasks/job.ts';
export { type LoadBalancedOptions, LoadBalancedView } from '../tasks/loadBalancedView.ts';
export type { Sequence } from '../tasks/pieces.ts';
export type {
  MapOptions,
  OverOptions,
  PoolDefaults,
  PoolOptions,
  TaskOptions,
  WorkerOptions,
} from '../tasks/poolOptions.ts';
export type { TaskResults } from '../tasks/results.ts';
export { SharedArray, type SharedDtype, type SharedOptions, SharedValue } from '../tasks/shared.ts';

// Captured, they travel as their names.
nameExports('distarray/tasks', { SharedArray, SharedValue });

export { TaskPool } from '../tasks/taskPool.ts';
