/** The program of docs/functions.md runs, and its assertions hold. */
import { runPage } from '../../support/docProgram.ts';

describe('docs/functions.md', function () {
  this.timeout(60_000);

  it('is a program that runs on three ranks', () => runPage('functions.md', 6));
});
