/** `distarray engines`: engines in the background, for one program after the other. */
import { parseArgs } from 'node:util';
import {
  clearPool,
  DEFAULT_POOL,
  type PoolFile,
  type PoolState,
  poolNames,
  poolState,
  startPool,
  stopPool,
} from '../engine/job/pool.ts';
import type { MpiFlavour } from '../native.ts';
import { parseFlavour, parseProcesses } from './runArguments.ts';
import { UsageError } from './usage.ts';

const usage = `Usage: distarray engines <start|stop|status|restart|clear> [options]

Engines that run in the background. A program uses them by 'await Context.attach()', one program at a
time; they forget what it has made when it ends.

Commands:
  start     start engines
  stop      end them
  restart   end them and start as many again, or -n N
  clear     free what is in their memory
  status    say which there are, since when, and who uses them

Options:
  -n, --np N         number of engines (for start: required)
  --mpi FLAVOUR      openmpi or mpich, when both are built; default: DISTARRAY_MPI, else the
                     default of the build
  --name NAME        a name, when there are several; default: default. status shows all without it
  --timeout S        seconds that the start may take; default 120
  --json             status as JSON, one line a pool
  -h, --help         print this text

What the engines print is in files that status names, each line with the rank of the engine. The
files are in a folder of this user's: $XDG_RUNTIME_DIR/distarray, or distarray-UID in $TMPDIR.
`;

const help = 'distarray engines --help';

/** Runs `distarray engines` with these arguments and returns its exit code. */
export async function engines(args: readonly string[]): Promise<number> {
  const { command, count, mpi, name, timeout, json } = parse(args);
  const pool = name ?? DEFAULT_POOL;
  switch (command) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'start':
      if (count === undefined) throw new UsageError('Expected -n N, the number of engines.', help);
      return start({ name: pool, engines: count, mpi, timeout });
    case 'restart': {
      const state = poolState(pool);
      const former = state.kind === 'none' ? undefined : state.file;
      const wanted = count ?? former?.engines;
      if (wanted === undefined) {
        throw new UsageError(`There are no engines '${pool}': expected -n N.`, help);
      }
      await stopPool(pool);
      return start({ name: pool, engines: wanted, mpi: mpi ?? former?.flavour, timeout });
    }
    case 'stop': {
      const ran = await stopPool(pool);
      say(ran ? `The engines '${pool}' have ended.` : `There were no engines '${pool}'.`);
      return 0;
    }
    case 'clear':
      clearPool(pool);
      say(`The memory of the engines '${pool}' is free.`);
      return 0;
    default:
      return status(name === undefined ? poolNames() : [name], json);
  }
}

async function start(options: Parameters<typeof startPool>[0]): Promise<number> {
  const { name, engines: count, flavour, process: mpiexec } = await startPool(options);
  const way = name === DEFAULT_POOL ? '' : `{ name: '${name}' }`;
  say(`${count} engines '${name}' run (${flavour}, process ${mpiexec.pid}).`);
  say(`Use them by: const ctx = await Context.attach(${way});`);
  return 0;
}

/** Prints how pools are; the exit code is 1 when none runs. */
function status(names: readonly string[], json: boolean): number {
  const states = names.map(poolState).filter((state) => state.kind !== 'none');
  const isRunning = states.some(({ kind }) => kind === 'running');
  const lines = states.flatMap((state) => (json ? [JSON.stringify(state)] : linesOf(state)));
  if (!isRunning && !json) lines.push('No engines run.');
  // At once: who reads may stop after the first line.
  if (lines.length > 0) say(lines.join('\n'));
  return isRunning ? 0 : 1;
}

/** How a pool is that there is. */
type Known = Exclude<PoolState, { kind: 'none' }>;

function linesOf(state: Known): string[] {
  const { file } = state;
  return [
    `${file.name}: ${describe(state)}`,
    `  ${file.engines} engines, ${file.flavour}, process ${file.process.pid}`,
    `  output ${file.stdout}`,
    `  errors ${file.stderr}`,
  ];
}

function describe(state: Known): string {
  switch (state.kind) {
    case 'running': {
      const { client, isUnclean } = state.relay;
      const user =
        client !== null
          ? `process ${client.pid} is attached for ${duration(client.since)}`
          : isUnclean
            ? 'they finish what their last client has told them'
            : 'no client is attached';
      return `up for ${upTime(state.file)}; ${user}`;
    }
    case 'starting':
      return 'starting';
    case 'silent':
      return `up for ${upTime(state.file)}; no answer (${state.reason})`;
    case 'gone':
      return 'gone; start, restart or stop cleans up';
  }
}

function upTime({ started }: PoolFile): string {
  return duration(started);
}

function duration(since: number): string {
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

interface EnginesArguments {
  readonly command: string;
  readonly count: number | undefined;
  readonly mpi: MpiFlavour | undefined;
  readonly name: string | undefined;
  readonly timeout: number;
  readonly json: boolean;
}

const COMMANDS = ['start', 'stop', 'status', 'restart', 'clear'];

function parse(args: readonly string[]): EnginesArguments {
  const { values, positionals } = parsed(args);
  const [command, ...others] = positionals;
  const timeout = Number(values.timeout ?? 120);
  if (!(timeout > 0)) throw new UsageError(`Expected seconds > 0 for --timeout.`, help);
  const options = {
    count: values.np === undefined ? undefined : parseProcesses(values.np, help),
    mpi: parseFlavour(values.mpi, help),
    name: values.name,
    timeout,
    json: values.json ?? false,
  };
  if (values.help) return { command: 'help', ...options };
  if (command === undefined || !COMMANDS.includes(command)) {
    const came = command === undefined ? '' : `, but received '${command}'`;
    throw new UsageError(`Expected start, stop, status, restart or clear${came}.`, help);
  }
  if (others.length > 0) throw new UsageError(`Unexpected '${others[0]}'.`, help);
  return { command, ...options };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.map((arg) => arg.replace(/^-n=/, '--np=')),
      allowPositionals: true,
      options: {
        np: { type: 'string', short: 'n' },
        mpi: { type: 'string' },
        name: { type: 'string' },
        timeout: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. To specify')[0], help);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
