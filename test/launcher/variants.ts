import { existsSync, readFileSync } from 'node:fs';
import type { MpiFlavour } from './options.ts';

/** One build of the addon, for one MPI. */
export interface MpiVariant {
  readonly flavour: MpiFlavour;
  readonly mpiexec: string;
  readonly version: string;
}

/** The build's description of its variants is missing or cannot be read: exit code 1. */
export class VariantsError extends Error {
  override readonly name = 'VariantsError';
}

/**
 * The variants that the native build made.
 * @throws {VariantsError} when the description is missing or malformed.
 */
export function readVariants(file: string): Map<MpiFlavour, MpiVariant> {
  if (!existsSync(file)) {
    throw new VariantsError(`${file} is missing: the addon is not built. Run scripts/setup first.`);
  }
  const described = variantsOf(file);
  const variants = new Map<MpiFlavour, MpiVariant>();
  for (const flavour of ['openmpi', 'mpich'] as const) {
    const entry = described[flavour];
    if (entry === undefined) continue;
    const { mpiexec, version } = entry as { mpiexec?: unknown; version?: unknown };
    if (typeof mpiexec !== 'string') {
      throw new VariantsError(`${file}: variants.${flavour}.mpiexec is not a path`);
    }
    variants.set(flavour, { flavour, mpiexec, version: String(version ?? 'unknown version') });
  }
  return variants;
}

function variantsOf(file: string): Record<string, object | undefined> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new VariantsError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const variants = (content as { variants?: unknown } | null)?.variants;
  if (typeof variants !== 'object' || variants === null) {
    throw new VariantsError(`${file} has no 'variants'. Run scripts/setup again.`);
  }
  return variants as Record<string, object | undefined>;
}
