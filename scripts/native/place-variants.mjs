// Puts the built variants where they are loaded from, and writes the manifest that says where.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { artefact, ROOT } from './build-variant.mjs';
import { FLAVOURS } from './find-mpi.mjs';

const MANIFEST = join(ROOT, 'build', 'variants.json');

/** Whether a layout ({ default, variants }) is what already lies under build/. */
export function isPlaced(layout) {
  return (
    readText(MANIFEST) === manifestOf(layout) &&
    layout.variants.every((variant) => isSame(artefact(variant), destination(variant, layout)))
  );
}

/** Puts a layout under build/. Every file appears under its name when it is whole. */
export function placeVariants(layout) {
  for (const variant of layout.variants) {
    const target = destination(variant, layout);
    if (isSame(artefact(variant), target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    atomically(target, (temporary) => copyFileSync(artefact(variant), temporary));
  }
  atomically(MANIFEST, (temporary) => writeFileSync(temporary, manifestOf(layout)));
  for (const flavour of FLAVOURS) {
    const isVariant = layout.variants.some((variant) => variant.flavour === flavour);
    if (isVariant && flavour !== layout.default) continue;
    rmSync(join(ROOT, 'build', 'variants', flavour), { recursive: true, force: true });
  }
}

/** The directory, relative to the package, that node-gyp-build is given for a variant. */
function directory(variant, layout) {
  return variant.flavour === layout.default ? '.' : `build/variants/${variant.flavour}`;
}

function destination(variant, layout) {
  return join(ROOT, directory(variant, layout), 'build', 'Release', 'distarray.node');
}

function manifestOf(layout) {
  const variants = layout.variants.map((variant) => [
    variant.flavour,
    {
      dir: directory(variant, layout),
      mpiexec: variant.mpiexec,
      mpicc: variant.mpicc,
      version: variant.version,
      hdf5: variant.hdf5.version,
    },
  ]);
  const manifest = { default: layout.default, variants: Object.fromEntries(variants) };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function atomically(target, write) {
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    write(temporary);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function isSame(source, target) {
  return existsSync(target) && readFileSync(source).equals(readFileSync(target));
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
