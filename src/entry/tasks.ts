/** The package's `distarray/tasks`: pools of workers, views of engines, memory that processes share. */
import './asClient.ts';

export { AsyncResult } from '../tasks/asyncResult.ts';
export {
  EngineError,
  TaskCancelledError,
  type TaskErrorFields,
  TaskTimeoutError,
} from '../tasks/errors.ts';
export type { Strategy } from '../tasks/items.ts';
export type { TaskDetails } from '../tasks/job.ts';
export type {
  MapOptions,
  OverOptions,
  PoolDefaults,
  PoolOptions,
  TaskOptions,
  WorkerOptions,
} from '../tasks/poolOptions.ts';
export type { TaskResults } from '../tasks/results.ts';
export { TaskPool } from '../tasks/taskPool.ts';
