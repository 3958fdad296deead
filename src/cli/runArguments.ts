/** The command line of `distarray run`. */
import { parseArgs } from 'node:util';
import type { MpiFlavour } from '../native.ts';
import { UsageError } from './usage.ts';

export interface RunArguments {
  readonly processes: number;
  readonly script: string;
  readonly scriptArguments: readonly string[];
  /** Undefined: the default of the build, or `DISTARRAY_MPI`. */
  readonly mpi: MpiFlavour | undefined;
  readonly oversubscribe: boolean;
  readonly tag: boolean;
  /** Whether the script runs once, as the client of N engines. */
  readonly client: boolean;
}

export const runUsage = `Usage: distarray run -n N [options] script.{js,mjs,ts,mts} [arguments of the script]

Runs the script on N processes, with the mpiexec of the MPI that distarray is built with.

Options:
  -n, --np N         number of processes (required)
  --mpi FLAVOUR      openmpi or mpich, when both are built; default: DISTARRAY_MPI, else the
                     default of the build
  --oversubscribe    more processes than cores may share a core without spinning; switched on by
                     itself when N exceeds the cores of this machine
  --client           run the script in one process more, the client of N engines: they hold the
                     arrays, and do what it tells them
  --tag              begin every line of output with the rank that wrote it; with --client, with
                     'client' or the rank of the engine
  -h, --help         print this text

With --client, Ctrl-C interrupts what the script waits for, by an AbortError that it may catch; a
second one within 2 s ends the job.

TypeScript is run by tsx, which must be installed. Exit codes and signals are passed on; an uncaught
error in one process ends all of them. On a cluster, start with the site's launcher instead, such as
'mpiexec -n 64 node script.js' or 'srun node script.js'.
`;

const help = 'distarray run --help';

/** The parsed command line, or `help` when that is what was asked for. */
export function parseRunArguments(args: readonly string[]): RunArguments | 'help' {
  // What follows the script belongs to the script, options too.
  const { values, positionals } = parse(args.slice(0, scriptPosition(args)));
  if (values.help) return 'help';
  const [script, ...scriptArguments] = args.slice(scriptPosition(args));
  if (positionals.length > 0) throw new UsageError(`Unexpected '${positionals[0]}'.`, help);
  const processes = parseProcesses(values.np, help);
  if (script === undefined) throw new UsageError('Expected the path of a script.', help);
  if (scriptArguments.includes(':')) {
    throw new UsageError(
      "mpiexec takes an argument that is just ':' for the beginning of another program.",
      help,
    );
  }
  return {
    processes,
    script,
    scriptArguments,
    mpi: parseFlavour(values.mpi, help),
    oversubscribe: values.oversubscribe ?? false,
    tag: values.tag ?? false,
    client: values.client ?? false,
  };
}

const options = {
  np: { type: 'string', short: 'n' },
  mpi: { type: 'string' },
  oversubscribe: { type: 'boolean' },
  tag: { type: 'boolean' },
  client: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Index of the first argument that is neither an option nor an option's value. */
function scriptPosition(args: readonly string[]): number {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--') return i + 1;
    if (!arg.startsWith('-') || arg === '-') return i;
    if (arg === '-n' || arg === '--np' || arg === '--mpi') i++;
  }
  return args.length;
}

function parse(args: readonly string[]) {
  // parseArgs takes a value that begins with a dash for an option: '-n -3' should say what is wrong.
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const takesValue = args[i] === '-n' || args[i] === '--np' || args[i] === '--mpi';
    if (takesValue && i + 1 < args.length) {
      joined.push(`${args[i] === '-n' ? '--np' : args[i]}=${args[i + 1]}`);
      i++;
    } else if (args[i] !== '--') {
      joined.push(args[i].replace(/^-n=/, '--np='));
    }
  }
  try {
    return parseArgs({ args: joined, options, allowPositionals: true, strict: true });
  } catch (error) {
    // What Node adds is about positional arguments that begin with a dash.
    throw new UsageError((error as Error).message.split('. To specify')[0], help);
  }
}

/** Returns the number of processes that a text says. */
export function parseProcesses(text: string | undefined, help: string): number {
  if (text === undefined) throw new UsageError('Expected -n N, the number of processes.', help);
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 1_000_000) {
    throw new UsageError(`Expected an integer ≥ 1 for -n, but received '${text}'.`, help);
  }
  return count;
}

/** Returns the MPI that a text names. */
export function parseFlavour(text: string | undefined, help: string): MpiFlavour | undefined {
  if (text === undefined || text === 'openmpi' || text === 'mpich') return text;
  throw new UsageError(`Expected openmpi or mpich for --mpi, but received '${text}'.`, help);
}
