#!/usr/bin/env node
// Builds the native addon once per MPI found, through cmake-js, and only where something changed:
//
//   build/Release/distarray.node                            the default MPI, where node-gyp-build looks
//   build/variants/<flavour>/build/Release/distarray.node   every other one
//   build/variants.json                                     what there is, for the loader and launchers
//   build/cmake/<flavour>/                                  CMake's trees, logs and stamps
//
// Runs at `npm install`, before anything is compiled: hence plain JavaScript.

import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { BuildError } from './native/build-error.mjs';
import { buildVariant, isCurrent, loopsOf, ROOT } from './native/build-variant.mjs';
import { defaultFlavour, FLAVOURS, findMpi, missingTools } from './native/find-mpi.mjs';
import { withBuildLock } from './native/lock.mjs';
import { packagesFor, remedy } from './native/packages.mjs';
import { isPlaced, placeVariants } from './native/place-variants.mjs';

const USAGE = `usage: node scripts/build-native.mjs [options]

Builds the addon for every MPI that has a compiler wrapper and a parallel HDF5, where needed.

  --only <openmpi|mpich>  build this one alone (also: DISTARRAY_ONLY_MPI)
  --force                 build anew even if nothing has changed
  --werror                make compiler warnings errors
  --list                  say what was found and what is missing; build nothing
  --json                  with --list: as JSON
  --quiet                 say nothing when there is nothing to do
  --help

environment:
  DISTARRAY_DEFAULT_MPI   the MPI that plain node loads: openmpi or mpich
  MPICC, HDF5_DIR         compiler wrapper and parallel HDF5 of an MPI of your own
  MPIEXEC                 its launcher, where it is not next to the wrapper`;

function main() {
  const { values: options } = parseArgs({
    options: {
      only: { type: 'string', default: process.env.DISTARRAY_ONLY_MPI },
      force: { type: 'boolean', default: false },
      werror: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) return console.log(USAGE);
  checkFlavour('--only', options.only);
  checkFlavour('DISTARRAY_DEFAULT_MPI', process.env.DISTARRAY_DEFAULT_MPI);

  const found = findMpi();
  const tools = missingTools();
  if (options.list) return list(found, tools, options.json);

  const selected = found.variants.filter(({ flavour }) =>
    [undefined, flavour].includes(options.only),
  );
  if (selected.length === 0) throw new BuildError(nothingToBuild(found, tools, options.only));

  const isStale = (variant) => options.force || !isCurrent(variant, options.werror);
  if (!selected.some(isStale) && isPlaced(layout(found.variants))) {
    if (!options.quiet) console.log(`native addon: up to date (${labels(selected)})`);
    return;
  }
  withBuildLock(() => {
    // Asked again: another process may have built it while this one waited for the lock.
    const built = [];
    for (const variant of selected.filter(isStale)) {
      // Those that have been compiled in this run for another MPI are the same.
      build(variant, options, tools, built.length > 0 ? loopsOf(built[0]) : '');
      built.push(variant);
    }
    placeVariants(layout(found.variants));
  });
}

function checkFlavour(name, flavour) {
  if (flavour && !FLAVOURS.includes(flavour)) {
    throw new BuildError(`${name} is '${flavour}'; expected ${FLAVOURS.join(' or ')}`);
  }
}

/** What is built, and which of it is the default: the one asked for must be there. */
function layout(variants) {
  const built = variants.filter((variant) => isCurrent(variant, false));
  const flavour = defaultFlavour(built);
  if (!built.some((variant) => variant.flavour === flavour)) {
    throw new BuildError(
      `DISTARRAY_DEFAULT_MPI is ${flavour}, but only these are built: ${labels(built)}`,
    );
  }
  return { default: flavour, variants: built };
}

function build(variant, { werror, force }, tools, loops) {
  if (tools.length > 0) {
    throw new BuildError(`missing to compile the addon: ${tools.join(', ')}\n\n${remedy(tools)}`);
  }
  const started = performance.now();
  process.stdout.write(`native addon: building for ${label(variant)} … `);
  const failure = buildVariant(variant, { werror, force, loops, parallel: availableParallelism() });
  if (failure) {
    console.log('failed');
    throw new BuildError(
      `the build for ${label(variant)} failed (${variant.mpicc}, HDF5 by ${variant.hdf5.origin}):\n\n` +
        `${failure.excerpt}\n\nfull log: ${relative(process.cwd(), failure.log)}`,
    );
  }
  console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function nothingToBuild({ variants, rejected }, tools, only) {
  const lines = [`no ${only ?? 'MPI'} with a parallel HDF5 was found`];
  if (variants.length > 0) lines[0] += ` (found: ${labels(variants)})`;
  const relevant = rejected.filter(({ flavour }) => !only || !flavour || flavour === only);
  lines.push(...relevant.map(({ mpicc, reason }) => `  ${mpicc} ${reason}`));
  const wanted = only ?? relevant.find(({ flavour }) => flavour)?.flavour ?? 'openmpi';
  return [...lines, '', 'What is missing:', remedy([...tools, wanted])].join('\n');
}

function list({ variants, rejected }, tools, json) {
  const flavours = FLAVOURS.filter(
    (flavour) => !variants.some((found) => found.flavour === flavour),
  );
  const needs = [...tools, ...flavours];
  if (json) {
    const summary = { default: defaultFlavour(variants), variants, rejected, missing: needs };
    return console.log(JSON.stringify({ ...summary, apt: packagesFor('apt', needs) }, null, 2));
  }
  const chosen = defaultFlavour(variants);
  for (const variant of variants) {
    const state = isCurrent(variant, false) ? 'built' : 'not built';
    console.log(`${label(variant)} (${state}${variant.flavour === chosen ? ', default' : ''})`);
    console.log(`  mpicc    ${variant.mpicc}`);
    console.log(`  mpiexec  ${variant.mpiexec ?? 'not found: set MPIEXEC'}`);
    console.log(`  HDF5     ${variant.hdf5.origin}`);
  }
  for (const { mpicc, reason } of rejected) console.log(`left out: ${mpicc} ${reason}`);
  if (needs.length > 0) console.log(`missing: ${needs.join(', ')}\n${remedy(needs)}`);
  if (variants.length === 0 || tools.length > 0) process.exitCode = 1;
}

const label = (variant) => `${variant.version} with HDF5 ${variant.hdf5.version}`;
const labels = (variants) => variants.map(({ version }) => version).join(', ');

try {
  process.chdir(ROOT);
  main();
} catch (error) {
  const expected = error instanceof BuildError || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(`distarray: ${expected ? error.message : error.stack}`);
  process.exitCode = 1;
}
