// timeLimit: 300
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patience } from '../../launcher/patience.ts';
import { skip } from '../../launcher/skip.ts';
import { nodeArguments } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';
import { hasTerminal, Terminal } from '../../support/terminal.ts';
import { areGone } from '../../support/watchedProgram.ts';

const repl = [process.execPath, ...nodeArguments('src/cli/main.ts'), 'repl'].join(' ');

for (const flavour of flavours) {
  describe(`distarray repl (${flavour})`, function () {
    this.timeout(180_000);
    let folder: string;
    let terminal: Terminal;
    before(function () {
      if (!hasTerminal) skip(this, 'needs tmux');
    });
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'da-'));
      const command = `${repl} -n 2 --mpi ${flavour} --history '${folder}/history'`;
      terminal = new Terminal(command, { NO_COLOR: '1' }, folder);
      await terminal.shows(/2 engines\. ctx is ready/);
    });
    afterEach(() => {
      terminal.close();
      rmSync(folder, { recursive: true });
    });

    it('shows arrays, awaits, completes, and keeps what was typed', async () => {
      terminal.type('const a = ctx.ones([2, 3])');
      await terminal.shows(/undefined/);
      terminal.type('a.add(1)');
      await terminal.shows(/^\[\[2\. 2\. 2\.\]\n \[2\. 2\. 2\.\]\]$/m);
      terminal.type('ctx.zeros([2000, 1000])');
      await terminal.shows(/^DistArray float64 \[2000, 1000\]/m);
      terminal.type('sum(a).item() + 100');
      await terminal.shows(/^106$/m);
      terminal.type('await Promise.resolve(new Context().size + 40)');
      await terminal.shows(/^42$/m);
      terminal.type('new Float64Array(2) instanceof Float64Array && ctx.fromArray([1, 2]).dtype');
      await terminal.shows(/^'float64'$/m);
      terminal.type('ctx.apply(() => console.log("from an engine")).length');
      await terminal.shows(/^\[0\] from an engine$/m);
      await terminal.shows(/^\[1\] from an engine$/m);
      terminal.press('-l', 'ctx.fromFunc');
      terminal.press('Tab');
      await terminal.shows(/^> ctx\.fromFunction$/m);
      terminal.press('C-c');
      terminal.press('C-d');
      await terminal.shows(/^exit code 0$/m);
      assert.match(readFileSync(join(folder, 'history'), 'utf8'), /sum\(a\)\.item\(\) \+ 100/);
    });

    it('goes on after errors and Ctrl-C, and leaves no process behind', async () => {
      terminal.type('pids = ctx.apply(() => process.pid); pids.join(" ") + " are here"');
      await terminal.shows(/^'\d+ \d+ are here'$/m);
      const pids = (terminal.text.match(/'(\d+ \d+) are here'/)?.[1] ?? '').split(' ').map(Number);
      assert.equal(pids.length, 2);
      terminal.type('ctx.ones([3]).add(ctx.ones([4]))');
      await terminal.shows(/^Uncaught/m);
      terminal.type('"computing"; for (;;) ctx.ones([500, 500]).sin().sum().item()');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      terminal.press('C-c');
      await terminal.shows(/AbortError: The wait for \S+ was interrupted/);
      terminal.type('await new Promise(() => {})');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      terminal.press('C-c');
      await terminal.shows(/AbortError: The wait for the promise was interrupted/);
      terminal.type('setTimeout(() => { throw new Error("late") }, 10); 0');
      await terminal.shows(/Uncaught Error: late/);
      terminal.press('-l', 'this is not run');
      terminal.press('C-c');
      terminal.type('ctx.ones([77]).sum().item()');
      await terminal.shows(/^77$/m);
      terminal.type('.exit');
      await terminal.shows(/^exit code 0$/m);
      await areGone(pids);
    });

    it('says at its end that engines are busy, and leaves them after Ctrl-C', async () => {
      terminal.type('pids = ctx.apply(() => process.pid); pids.join(" ") + " are here"');
      await terminal.shows(/^'\d+ \d+ are here'$/m);
      const pids = (terminal.text.match(/'(\d+ \d+) are here'/)?.[1] ?? '').split(' ').map(Number);
      terminal.type('void ctx.executeAsync("for (;;);")');
      await terminal.shows(/^undefined$/m);
      terminal.press('C-d');
      await terminal.shows(/^The engines still do what they were told; Ctrl-C ends without it\.$/m);
      terminal.press('C-c');
      await terminal.shows(/^exit code 130$/m);
      await areGone(pids);
    });
  });
}

describe('distarray repl', function () {
  this.timeout(90_000);

  it('reads lines that do not come from a terminal', () => {
    const lines = ['const a = ctx.arange(10)', 'a.sum().item()', 'await 5', 'a.slice("2:4")'];
    const args = [...nodeArguments('src/cli/main.ts'), 'repl', '-n', '2'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      input: `${lines.join('\n')}\n`,
      encoding: 'utf8',
      timeout: 60_000 * patience(),
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /> 45\n> 5\n> \[2\. 3\.\]\n/);
  });

  it('says what was expected', async () => {
    for (const [args, message] of [
      [[], /Expected -n N, the number of engines, or --attach NAME/],
      [['-n', '2', '--attach', 'x'], /Expected -n N, the number of engines, or --attach NAME/],
      [['-n', 'x'], /Expected an integer ≥ 1/],
      [['-n', '1', 'script.js'], /Unexpected 'script\.js'/],
    ] as const) {
      const { code, stderr } = await distarray(['repl', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});
