/** What functions that travel find where they run, whatever is around them in the program. */
import { LocalArray } from '../local/localArray.ts';
import { proxyize } from '../ops/functions/proxy.ts';
import { nameExports, offer } from '../ops/functions/references.ts';
import * as io from './io.ts';
import * as local from './local.ts';
import * as maps from './maps.ts';
import * as mpi from './mpi.ts';

const modules = { mpi, maps, local, io, functions: { proxyize } };

// Captured, they travel as their names.
for (const [name, exports] of Object.entries(modules)) nameExports(`distarray/${name}`, exports);

offer('LocalArray', LocalArray);
offer('proxyize', proxyize);
offer('distarray', Object.freeze({ ...mpi, ...maps, ...local, ...io, proxyize }));
