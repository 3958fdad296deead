/** Checks that operations give what they say beforehand. */
import { strict as assert } from 'node:assert';
import type { Context } from '../../src/entry/index.ts';
import type { Session } from '../../src/global/session.ts';

/** Makes a context check that every result has the dtype and distribution that the operation infers. */
export function checkInference(context: Context): void {
  const { session } = context;
  const execute = session.execute.bind(session);
  const checked: Session['execute'] = (operation, arrays, params) => {
    const meta = operation.infer(arrays, params, session.size);
    const result = execute(operation, arrays, params);
    assert.equal(result.dtype, meta.dtype, operation.name);
    const [told, got] = [meta.distribution, result.distribution];
    assert.ok(got.equals(told), `${operation.name}: ${told} was told, ${got} came`);
    return result;
  };
  Object.defineProperty(session, 'execute', { value: checked });
}
