/** What all processes have sent together. */
import { IN_PLACE } from '../mpi/buffer.ts';
import { SUM } from '../mpi/operation.ts';
import { valueOperation } from './operation.ts';
import type { Traffic } from './redistribute/traffic.ts';

/** Messages and bytes that the processes have sent because elements changed their places, summed. */
export const trafficOperation = valueOperation<null, Pick<Traffic, 'messages' | 'bytes'>>(
  'traffic',
  {
    check: () => {},
    run: (_, __, { comm, traffic: { messages, bytes } }) => {
      const sums = Float64Array.of(messages, bytes);
      comm.allreduce(IN_PLACE, sums, { op: SUM });
      return { messages: sums[0], bytes: sums[1] };
    },
  },
);
