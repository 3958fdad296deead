import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileTests } from './compiled.ts';
import type { RunContext } from './mochaRun.ts';
import { runParallelSuite, runUnitSuites, unitLabel } from './mochaSuites.ts';
import {
  type LauncherOptions,
  type MpiFlavour,
  parseOptions,
  USAGE,
  UsageError,
} from './options.ts';
import { Report } from './report.ts';
import { type AllowedSkip, refuseOtherSkips, type SuiteResult } from './results.ts';
import {
  configurationsUnder,
  makePlan,
  type Plan,
  processesOf,
  sizeText,
  timeLimitOf,
} from './suites.ts';
import { runTypesSuite } from './typesSuite.ts';
import { type MpiVariant, readVariants, VariantsError } from './variants.ts';
import { countOf } from './wording.ts';

const inCi = process.env.CI === 'true';
process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help) {
      console.log(USAGE);
      return 0;
    }
    const plan = makePlan(options);
    if (plan.unit.length + plan.types.length + plan.parallel.length === 0) {
      console.error('no test file matches');
      return 1;
    }
    if (options.list) return list(plan, options.sample);
    const isCompiled = plan.unit.length + plan.parallel.length > 0;
    if (isCompiled && !compileTests()) return 1;
    return await runPlan(options, plan);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${USAGE}`);
      return 2;
    }
    if (error instanceof VariantsError) {
      console.error(error.message);
      return 1;
    }
    throw error;
  }
}

function list(plan: Plan, sample: boolean): number {
  for (const file of plan.unit) console.log(`unit  ${file.path}`);
  for (const file of plan.types) console.log(`types  ${file.path}`);
  for (const file of plan.parallel) {
    for (const flavour of file.mpi) {
      const all = configurationsUnder(file, flavour, sample);
      for (const mode of file.modes) {
        const configurations = all.filter((each) => each.mode === mode);
        if (configurations.length === 0) continue;
        const sizes = configurations.map(({ size }) => size).join(',');
        const limits = configurations.map(
          (each) => `${each.size}: ${timeLimitOf(file, flavour, processesOf(each))} s`,
        );
        const prefix = mode === 'client' ? '1+' : '×';
        console.log(`${flavour} ${prefix}${sizes}  ${file.path}  (${limits.join(', ')})`);
      }
    }
  }
  return 0;
}

/** A suite run, or the unit tests together, waiting for its turn. */
interface Turn {
  readonly name: string;
  readonly run: (context: RunContext) => Promise<SuiteResult[]>;
}

async function runPlan(options: LauncherOptions, plan: Plan): Promise<number> {
  const variants =
    plan.parallel.length > 0
      ? readVariants(options.variantsFile)
      : new Map<MpiFlavour, MpiVariant>();
  const report = new Report(options.verbose);
  const folder = mkdtempSync(join(tmpdir(), 'distarray-test-'));
  const interrupt = interruptSignal();
  const context: RunContext = {
    options,
    folder,
    interrupt,
    progress: (suite, status) => report.progress(suite, status),
  };
  const allowed = allowedSkips();
  const extraFailures: string[] = [];
  for (const flavour of options.mpi) {
    if (variants.has(flavour) || !plan.parallel.some((file) => file.mpi.includes(flavour)))
      continue;
    const text = `${flavour}: not built, its suites are skipped`;
    report.remark(text);
    if (inCi) extraFailures.push(text);
  }

  if (options.modes.includes('client')) {
    report.spmdOnlyFiles(plan.parallel.filter((file) => file.isSpmdOnly).map(({ name }) => name));
  }
  const turns = turnsOf(plan, variants, options.sample);
  const take = async () => {
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
      const results = await turn.run(context);
      if (interrupt.aborted) return;
      report.settled(turn.name);
      for (const suite of results) {
        const tests = inCi ? refuseOtherSkips(suite.tests, allowed) : suite.tests;
        report.add({ ...suite, tests });
      }
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, take));
  if (interrupt.aborted) {
    rmSync(folder, { recursive: true, force: true });
    console.error(`\ninterrupted, ${countOf(turns.length, 'suite run')} left out`);
    return Number(interrupt.reason);
  }
  const code = report.close(extraFailures);
  rmSync(folder, { recursive: true, force: true });
  return code;
}

function turnsOf(
  plan: Plan,
  variants: ReadonlyMap<MpiFlavour, MpiVariant>,
  sample: boolean,
): Turn[] {
  const turns: Turn[] = [];
  const slow = plan.unit.filter((file) => file.timeLimit !== null);
  const quick = plan.unit.filter((file) => file.timeLimit === null);
  // The slow ones start jobs, and mostly wait: other suites run beside each of them.
  for (const files of [...slow.map((file) => [file]), quick]) {
    if (files.length === 0) continue;
    turns.push({ name: unitLabel(files), run: (context) => runUnitSuites(context, files) });
  }
  if (plan.types.length > 0) {
    turns.push({
      name: 'types',
      run: async (context) => [await runTypesSuite(context, plan.types)],
    });
  }
  for (const variant of variants.values()) {
    for (const file of plan.parallel.filter(({ mpi }) => mpi.includes(variant.flavour))) {
      for (const configuration of configurationsUnder(file, variant.flavour, sample)) {
        turns.push({
          name: `${variant.flavour} ${sizeText(configuration)}  ${file.name}`,
          run: async (context) => [await runParallelSuite(context, file, variant, configuration)],
        });
      }
    }
  }
  return turns;
}

/** Aborted by a signal to the launcher; the reason is the exit code. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => controller.abort(code));
  }
  return controller.signal;
}

function allowedSkips(): AllowedSkip[] {
  const file = fileURLToPath(new URL('./allowed-skips.json', import.meta.url));
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as AllowedSkip[]) : [];
}
