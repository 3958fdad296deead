/** What can go wrong with tasks beside what they throw themselves. */
import { programsOwn } from '../engine/clientLink.ts';
import {
  DistArrayError,
  type ErrorDescription,
  errorOfDescription,
  tellErrorsOf,
} from '../errors.ts';

/** What the error of a task tells beside what was thrown. */
export interface TaskErrorFields {
  /** The engine (or rank) that ran the task. */
  readonly engine: number;
  /** Which item or call it was, from 0. */
  readonly task: number;
  /** How often it was tried. */
  readonly attempts: number;
}

/** A task took longer than its `timeout`. `code` is `ERR_TASK_TIMEOUT`. */
export class TaskTimeoutError extends DistArrayError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TASK_TIMEOUT', message, options);
    this.name = 'TaskTimeoutError';
  }
}

/** The program does not want the result of a task any more. `code` is `ERR_TASK_CANCELLED`. */
export class TaskCancelledError extends DistArrayError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TASK_CANCELLED', message, options);
    this.name = 'TaskCancelledError';
  }
}

/** An engine has ended, or does not answer, and tasks need it. `code` is `ERR_ENGINE_LOST` or `ERR_ENGINE_STUCK`. */
export class EngineError extends DistArrayError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = 'EngineError';
  }
}

for (const errorClass of [TaskTimeoutError, TaskCancelledError, EngineError])
  tellErrorsOf(errorClass);

/** What a worker tells of something that was thrown. */
export interface Thrown {
  readonly error: ErrorDescription;
  /** Where on the engine. */
  readonly stack: string | undefined;
}

/** Returns the error of the program that a task's is: of the same class, with the call of the program as its `cause`. */
export function errorOfTask({ error, stack }: Thrown, fields: TaskErrorFields, site: Error): Error {
  site.stack = programsOwn(site.stack ?? '');
  const made = errorOfDescription(error, { cause: site });
  made.stack = programsOwn(made.stack ?? '');
  return Object.assign(made, fields, { engineStack: stack });
}
