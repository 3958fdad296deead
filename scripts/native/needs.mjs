#!/usr/bin/env node
// What this machine lacks to build the addon: prints the Debian packages that bring it, in one
// line, and nothing when all is there. For scripts/setup.
//
//   --all      both MPIs are needed; otherwise one is enough, whichever it is
//   --explain  print what is missing and how every package manager installs it

import { BuildError } from './build-error.mjs';
import { FLAVOURS, findMpi, missingTools } from './find-mpi.mjs';
import { packagesFor, remedy } from './packages.mjs';

const all = process.argv.includes('--all');
const explain = process.argv.includes('--explain');

try {
  const { variants, rejected } = findMpi();
  const missing = FLAVOURS.filter((flavour) => !variants.some((has) => has.flavour === flavour));
  const needs = missingTools();
  // To install it takes both as well, so that both variants can be had; to explain, one will do.
  if (all || (variants.length === 0 && !explain)) needs.push(...missing);
  else if (variants.length === 0) needs.push(missing[0]);

  if (!explain) {
    if (needs.length > 0) console.log(packagesFor('apt', needs).join(' '));
  } else if (needs.length > 0) {
    const hint = needs.some((need) => FLAVOURS.includes(need))
      ? ', each MPI with its parallel HDF5'
      : '';
    console.log(`missing: ${needs.join(', ')}${hint}`);
    for (const { mpicc, reason } of rejected) console.log(`  ${mpicc} ${reason}`);
    console.log(remedy(needs));
  }
} catch (error) {
  console.error(`distarray: ${error instanceof BuildError ? error.message : error.stack}`);
  process.exitCode = 1;
}
