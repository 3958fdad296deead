/** The program of docs/client.md runs, and its assertions hold. */
import { runPage } from '../../support/docProgram.ts';

describe('docs/client.md', function () {
  this.timeout(60_000);

  it('is a program that node alone runs', () => runPage('client.md', 3, 'node'));
});
