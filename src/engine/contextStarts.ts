/** The ways of a program that node alone has started to engines: `Context.launch` and `Context.attach`. */
import { Context } from '../global/context.ts';
import { type AttachOptions, attachToEngines } from './attach.ts';
import { type LaunchOptions, launchEngines } from './launch.ts';
import { contextOf } from './remoteContext.ts';

declare module '../global/context.ts' {
  namespace Context {
    /**
     * Starts engines on this host and returns a context whose arrays are on them. They end when the context is closed,
     * and with the program, however that ends.
     *
     *     const ctx = await Context.launch({ engines: 4 });
     *     ctx.ones([1000, 1000]).sum().item();
     *     ctx.close();
     *
     * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for wrong options; a `DistArrayError`:
     * `ERR_NATIVE_NOT_BUILT`; `ERR_LAUNCH` with what mpiexec said; `ERR_LAUNCH_IN_JOB` in a program that is a job itself.
     * Calls on the context throw `ERR_ENGINES_GONE` when the engines have ended.
     */
    function launch(options: LaunchOptions): Promise<Context>;
    /**
     * Connects to engines that run already (`distarray engines start -n N`), and returns a context whose arrays are on
     * them. They serve one program at a time, and forget what it has made when it has closed the context or ended.
     *
     * @throws a `DistArrayError`: `ERR_NO_ENGINES` when there are none of this name; `ERR_ENGINES_BUSY` when another
     * program uses them, `ERR_ENGINES_UNCLEAN` when they still do what that has told them; `ERR_ENGINES_GONE` when they
     * have ended, as calls on the context do; `ERR_VERSION` when they are of another version of distarray
     */
    function attach(options?: AttachOptions): Promise<Context>;
  }
}

async function launch(options: LaunchOptions): Promise<Context> {
  const connection = await launchEngines(options);
  return contextOf(() => new Context({ targets: options.targets }), connection);
}

async function attach(options: AttachOptions = {}): Promise<Context> {
  const connection = await attachToEngines(options);
  return contextOf(() => new Context({ targets: options.targets }), connection);
}

Object.assign(Context, { launch, attach });
