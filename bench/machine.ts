/** The machine that the figures belong to. */
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Load average of the last minute before the benchmark began. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    load: loadavg()[0],
  };
}

/** What makes the figures doubtful. */
export function warnings(machine: Machine): string[] {
  const out: string[] = [];
  if (machine.load > machine.cores / 2) {
    out.push(
      `load average ${machine.load.toFixed(2)} on ${machine.cores} cores: others use the machine, ` +
        'the figures will be noisy; run again when it is quiet',
    );
  }
  if (machine.cores < 2) out.push('fewer cores than ranks: latencies mean nothing here');
  return out;
}
