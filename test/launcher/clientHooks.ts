/*
 * Loaded by mocha before the test files where these run in a client: what fails on the engines fails the test that asked
 * for it, also when that did not wait for anything.
 */
import { Context } from '../../src/entry/index.ts';

const context = new Context();

export const mochaHooks = {
  afterEach(): void {
    // A value that all engines have a part in.
    void context.stats;
  },
};
