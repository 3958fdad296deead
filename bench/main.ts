/** `npm run bench`: messages and the Julia kernel against C and mpi4py. See docs/performance.md. */
import { type MpiFlavour, readManifest } from '../src/native.ts';
import { exchangeSuite } from './exchange.ts';
import { juliaSuite } from './julia.ts';
import type { Mpi } from './launch.ts';
import { describeMachine, warnings } from './machine.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { chooseSource, describeCompiler, findMpi4py, whyNoMpi4py } from './peers.ts';
import { pingpongSuite } from './pingpong.ts';
import {
  describeMpi4py,
  describeUnsteadiness,
  formatOverheads,
  formatRows,
  formatSingle,
  saveResults,
} from './report.ts';
import { type Row, runInTurns, type Samples, type Suite } from './suite.ts';
import { formatMarkdown, formatTable } from './table.ts';

const options = parseOptions(process.argv.slice(2));
if (options === 'help') {
  process.stdout.write(usage);
} else if ('error' in options) {
  process.stderr.write(`${options.error}\n\n${usage}`);
  process.exitCode = 2;
} else {
  try {
    run(options);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

function run(options: Options): void {
  const date = new Date().toISOString();
  const machine = describeMachine();
  const source = chooseSource();
  const mpis = builtMpis(options);
  const compiler = describeCompiler(mpis[0]);
  const mpi4py = findMpi4py();
  const notes = warnings(machine).map((text) => `WARNING: ${text}`);
  say(
    `${machine.cores} cores, ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.kernel}, ` +
      `Node ${machine.node}, load ${machine.load.toFixed(2)}`,
    `C: ${compiler}`,
    `thread level ${options.level}; ${options.rounds} rounds; ours from ${source}/`,
    ...notes,
  );

  const suites = mpis.flatMap((mpi) => makeSuites(mpi, options, source, mpi4py));
  const programs = suites.flatMap((suite) => suite.programs);
  const samples = runInTurns(programs, options.rounds, showProgress);
  showProgress('');
  const rows = collectRows(suites, samples);

  for (const mpi of mpis) {
    const own = rows.filter((row) => row.mpi === mpi.flavour);
    say('', `${mpi.version} (medians of ${options.rounds} rounds and of their ratios)`);
    const format = options.markdown ? formatMarkdown : formatTable;
    say(formatRows(own, format));
    const overheads = formatOverheads(own, format);
    if (overheads) say('', overheads, '');
    for (const line of [formatSingle(own), describeMpi4py(own), describeUnsteadiness(own)]) {
      if (line) say(line);
    }
    const reason = whyNoMpi4py(mpi4py, mpi);
    if (reason && options.suites.includes('pingpong')) say(`no mpi4py here: ${reason}`);
  }
  const path = saveResults({
    date,
    machine,
    compiler,
    source,
    mpi4py,
    options,
    mpis,
    notes,
    rows,
    // Seconds: [round][measurement][batch].
    raw: programs.map(({ mpi, name }, i) => ({ mpi: mpi.flavour, name, samples: samples[i] })),
  });
  say('', ...notes, `samples: ${path}`);
}

/** The MPIs that were asked for, or all that the addon is built for. */
function builtMpis(options: Options): Mpi[] {
  const { variants } = readManifest();
  const wanted = options.flavours ?? (Object.keys(variants) as MpiFlavour[]);
  return wanted.map((flavour) => {
    const variant = variants[flavour];
    if (!variant) throw new Error(`the addon is not built for ${flavour}`);
    return { flavour, ...variant };
  });
}

function makeSuites(
  mpi: Mpi,
  options: Options,
  source: ReturnType<typeof chooseSource>,
  mpi4py: ReturnType<typeof findMpi4py>,
): Suite[] {
  const usable = 'python' in mpi4py && !whyNoMpi4py(mpi4py, mpi) ? mpi4py : undefined;
  return options.suites.map((name) => {
    if (name === 'julia') return juliaSuite(mpi, source, options);
    if (name === 'exchange') return exchangeSuite(mpi, source, options);
    return pingpongSuite(mpi, source, usable, options);
  });
}

function collectRows(suites: readonly Suite[], samples: readonly Samples[]): Row[] {
  let first = 0;
  return suites.flatMap((suite) => {
    const own = samples.slice(first, first + suite.programs.length);
    first += suite.programs.length;
    return suite.rows(own);
  });
}

function say(...lines: string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** One line that is written over and over, on a terminal only. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
