#!/usr/bin/env node
// Exit code 0 when node_modules holds what package-lock.json asks for, 1 when `npm ci` is needed.
// Compares the two lock files: npm leaves its own account of a finished install in node_modules.

import { readFileSync } from 'node:fs';

function packagesOf(path) {
  const { packages } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  return Object.entries(packages).filter(([name, { link }]) => name !== '' && !link);
}

function isCurrent() {
  const installed = new Map(packagesOf('../node_modules/.package-lock.json'));
  return packagesOf('../package-lock.json').every(([name, wanted]) => {
    const present = installed.get(name);
    // Packages of another platform are optional and left out.
    if (!present) return wanted.optional === true || wanted.devOptional === true;
    return present.version === wanted.version && present.integrity === wanted.integrity;
  });
}

try {
  process.exitCode = isCurrent() ? 0 : 1;
} catch {
  process.exitCode = 1;
}
