/** The program of docs/tasks.md runs in both modes, and its assertions hold. */
import { runPage } from '../../support/docProgram.ts';

describe('docs/tasks.md', function () {
  this.timeout(60_000);

  it('is a program that runs on three ranks', () => runPage('tasks.md', 5));
  it('is a program that runs as the client of three engines', () =>
    runPage('tasks.md', 5, 'client'));
});
