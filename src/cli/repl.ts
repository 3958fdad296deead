/** `distarray repl`: a prompt whose arrays are on engines. This process is the client, at the terminal itself. */
import { mkdirSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { attachToEngines } from '../engine/attach.ts';
import { ClientSession } from '../engine/clientSession.ts';
import { entryModule } from '../engine/job/startEngines.ts';
import { launchEngines } from '../engine/launch.ts';
import { contextOf } from '../engine/remoteContext.ts';
import { Context } from '../global/context.ts';
import { makeSessionsBy } from '../global/contextBase.ts';
import { type MpiFlavour, packageVersion } from '../native.ts';
import { Prompt } from './prompt.ts';
import { parseFlavour, parseProcesses } from './runArguments.ts';
import { UsageError } from './usage.ts';

const usage = `Usage: distarray repl -n N [options]
       distarray repl --attach NAME

A prompt of Node's, with top-level await, whose arrays are on N engines that it starts. 'ctx' is a
context, and everything that distarray exports is there by its name.

    > const a = ctx.fromFunction((i, j) => i + j, [1000, 1000], { dist: 'bb' })
    > a.sin().sum().item()

Ctrl-C interrupts what is waited for; at the prompt it clears the line. Ctrl-D ends.

Options:
  -n, --np N        number of engines
  --attach NAME     use the engines that 'distarray engines start' has started ('default' is the
                    name of those that were given none)
  --mpi FLAVOUR     openmpi or mpich, when both are built; default: DISTARRAY_MPI, else the
                    default of the build
  --history FILE    where lines are kept; default: $XDG_STATE_HOME/distarray/repl_history or
                    ~/.local/state/distarray/repl_history
  -h, --help        print this text
`;

const help = 'distarray repl --help';

/** Milliseconds before the end of the prompt says what it waits for. */
const PATIENCE = 1000;

/** Runs `distarray repl` with these arguments and returns its exit code. */
export async function repl(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const { engines, mpi, attach, history } = parsed;
  // All methods of arrays and contexts, which the modules of other layers bring.
  const names: Record<string, unknown> = await import(pathToFileURL(entryModule('index')).href);
  const connection =
    attach === undefined
      ? await launchEngines({ engines: engines as number, mpi, tag: true })
      : await attachToEngines({ name: attach });
  const { link, output } = connection;
  const ctx = contextOf(() => new Context(), connection);
  // Further contexts share the engines, and do not end them.
  makeSessionsBy(() => new ClientSession(link));
  const prompt = new Prompt({ link, output, names: { ...names, ctx } });
  if (process.stdin.isTTY) {
    const many = link.engines === 1 ? '1 engine' : `${link.engines} engines`;
    prompt.say(`distarray ${packageVersion()}, ${many}. ctx is ready; .help for help.`);
  }
  await prompt.run(historyFile(history));
  // What is left then, the exit hooks leave without a word to the engines.
  if (!(await isOver(ctx, (line) => prompt.say(line)))) {
    prompt.say('');
    process.exit(128 + constants.signals.SIGINT);
  }
  ctx.close();
  return 0;
}

/** Waits until the engines have done what they were told, and says so if that takes its time; false after Ctrl-C. */
async function isOver(ctx: Context, say: (line: string) => void): Promise<boolean> {
  const timer = setTimeout(
    () => say('The engines still do what they were told; Ctrl-C ends without it.'),
    PATIENCE,
  );
  try {
    await ctx.applyAsync(() => null);
    return true;
  } catch (error) {
    // Whatever else it is, who closes the context is told.
    return (error as { code?: unknown }).code !== 'ABORT_ERR';
  } finally {
    clearTimeout(timer);
  }
}

function historyFile(wanted: string | undefined): string {
  if (wanted !== undefined) return wanted;
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  const file = join(state, 'distarray', 'repl_history');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return file;
}

interface ReplArguments {
  readonly engines: number | undefined;
  readonly mpi: MpiFlavour | undefined;
  readonly attach: string | undefined;
  readonly history: string | undefined;
}

function parse(args: readonly string[]): ReplArguments | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  if (positionals.length > 0) throw new UsageError(`Unexpected '${positionals[0]}'.`, help);
  const { attach, history, mpi } = values;
  if ((values.np === undefined) === (attach === undefined)) {
    throw new UsageError('Expected -n N, the number of engines, or --attach NAME.', help);
  }
  const engines = values.np === undefined ? undefined : parseProcesses(values.np, help);
  return { engines, mpi: parseFlavour(mpi, help), attach, history };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.map((arg) => arg.replace(/^-n=/, '--np=')),
      allowPositionals: true,
      options: {
        np: { type: 'string', short: 'n' },
        mpi: { type: 'string' },
        attach: { type: 'string' },
        history: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. To specify')[0], help);
  }
}
