/** The workers that a program has in its mode. */
import { ClientSession } from '../engine/clientSession.ts';
import { ArgumentTypeError, DistArrayError } from '../errors.ts';
import { Context } from '../global/context.ts';
import type { Carrier } from './carrier.ts';
import { ClientCarrier } from './clientCarrier.ts';
import { LocalCarrier } from './localCarrier.ts';
import { enginesOf, type PoolOptions } from './poolOptions.ts';

/** What connects a program to the workers that its mode has. */
export function carrierFor(options: PoolOptions): Carrier {
  const { context = new Context(), engines } = options;
  if (!(context instanceof Context)) {
    throw new ArgumentTypeError('options.context', 'a Context', context);
  }
  const { session, size } = context;
  const list = enginesOf(engines, size);
  if (session instanceof ClientSession) return new ClientCarrier(session.link, list);
  if (size === 1) return new LocalCarrier({});
  const message =
    'Every process runs this program, so it has no workers: TaskPool.over(ctx, (pool) => …) makes one process the master of the others';
  throw new DistArrayError('ERR_TASK_POOL', message);
}
