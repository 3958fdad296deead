/** Whether this process is a client of the engines of its job: known to all copies of the package that it may load. */

/** Where that is in the global object. */
export const CLIENT_STATE = Symbol.for('distarray.client');

/** `expected`: it was started as one, and has not connected. */
export type ClientState = 'expected' | 'connected';
