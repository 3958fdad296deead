/** What is at a path in a file. */
import { DistArrayError } from '../../errors.ts';
import { type Connection, raw } from './connection.ts';

/** What a path leads to: an object, a link to nothing (`dangling`), or not even a link. */
export type Found = ReturnType<typeof raw.kindOf>;

/** @throws {@link DistArrayError} `ERR_HDF5_KEY` unless there is a dataset */
export function checkDataset(connection: Connection, file: number, path: string): void {
  const found = raw.kindOf(file, path);
  if (found !== 'dataset') throw wrongKind(connection, path, found, 'dataset');
}

/** @throws {@link DistArrayError} `ERR_HDF5_KEY` unless there is a group */
export function checkGroup(connection: Connection, file: number, path: string): void {
  const found = raw.kindOf(file, path);
  if (found !== 'group') throw wrongKind(connection, path, found, 'group');
}

/**
 * Checks that an object or link can be made at a path, with the groups on the way.
 * @throws {@link DistArrayError} `EEXIST` when there is something, `ERR_HDF5_KEY` when what is on the way is no group
 */
export function checkAbsent(connection: Connection, file: number, path: string): void {
  const found = raw.kindOf(file, path);
  if (found !== '') {
    const what = found === 'dangling' ? 'link' : found;
    throw new DistArrayError('EEXIST', `'${connection.name}' has a ${what} '${path}' already`);
  }
  for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
    const parent = path.slice(0, end);
    const kind = raw.kindOf(file, parent);
    if (kind === '') return;
    if (kind !== 'group') throw wrongKind(connection, parent, kind, 'group');
  }
}

/** The error for a path that leads to something else than is wanted. */
export function wrongKind(
  connection: Connection,
  path: string,
  found: Found,
  wanted: string,
): DistArrayError {
  const { name } = connection;
  const message =
    found === ''
      ? `'${name}' has no ${wanted} '${path}'`
      : found === 'dangling'
        ? `'${path}' in '${name}' is a link to '${raw.linkTarget(connection.handle, path)}', which is not there`
        : `'${path}' in '${name}' is a ${found}, not a ${wanted}`;
  return new DistArrayError('ERR_HDF5_KEY', message);
}
