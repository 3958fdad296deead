import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Frame, FrameSocket } from '../../../src/engine/frames.ts';
import { makePrivate, socketIn } from '../../../src/engine/job/privateFolder.ts';
import {
  LONGEST_SOCKET_PATH,
  PeerGone,
  UnixListener,
  UnixSocket,
} from '../../../src/engine/unixSocket.ts';

describe('Unix sockets', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'distarray-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Both ends of a connection. */
  const pair = (): [UnixSocket, UnixSocket] => {
    const path = join(folder, 'socket');
    const listener = new UnixListener(path);
    assert.equal(listener.accept(), null);
    const here = UnixSocket.connect(path);
    const there = listener.accept();
    listener.close();
    assert.ok(there);
    return [here, there];
  };

  it('carry bytes, and say when there are none', () => {
    const [here, there] = pair();
    const memory = new Uint8Array(8);
    assert.equal(there.read(memory, 0, 8), 0);
    assert.equal(there.wait('read', 5), false);
    assert.equal(here.write(new Uint8Array([1, 2, 3, 4]), 1, 3), 3);
    assert.equal(there.wait('read', 1000), true);
    assert.equal(there.read(memory, 2, 6), 3);
    assert.deepEqual([...memory], [0, 0, 2, 3, 4, 0, 0, 0]);
    assert.equal(here.pid, process.pid);
    assert.throws(() => there.read(memory, 4, 5), RangeError);
  });

  it('say that the other end is closed, to who reads and to who writes', () => {
    const [here, there] = pair();
    here.write(new Uint8Array([5]), 0, 1);
    here.close();
    const memory = new Uint8Array(1);
    assert.equal(there.read(memory, 0, 1), 1);
    assert.throws(() => there.read(memory, 0, 1), PeerGone);
    assert.throws(() => there.write(memory, 0, 1), PeerGone);
    assert.throws(() => here.read(memory, 0, 1), PeerGone);
  });

  it('are for their user alone', () => {
    const path = join(folder, 'socket');
    const listener = new UnixListener(path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    listener.close();
  });

  it('refuse what cannot be, with the code of the system', () => {
    const none = join(folder, 'none');
    assert.throws(() => UnixSocket.connect(none), { code: 'ENOENT' });
    const path = join(folder, 'socket');
    new UnixListener(path).close();
    assert.throws(() => UnixSocket.connect(path), { code: 'ECONNREFUSED' });
    assert.throws(() => new UnixListener(path), { code: 'EADDRINUSE' });
    assert.throws(() => new UnixListener(join(folder, 'x'.repeat(120))), { code: 'ENAMETOOLONG' });
    assert.throws(() => socketIn(`/${'x'.repeat(LONGEST_SOCKET_PATH)}`), {
      code: 'ERR_PRIVATE_FOLDER',
    });
  });

  it('lie in folders that only their user may enter', () => {
    const own = join(folder, 'own');
    makePrivate(own);
    assert.equal(statSync(own).mode & 0o777, 0o700);
    makePrivate(own);
    const open = join(folder, 'open');
    mkdirSync(open, { mode: 0o755 });
    assert.throws(() => makePrivate(open), { code: 'ERR_PRIVATE_FOLDER' });
    const link = join(folder, 'link');
    symlinkSync(own, link);
    assert.throws(() => makePrivate(link), { code: 'ERR_PRIVATE_FOLDER' });
    assert.ok(existsSync(own));
  });

  it('carry frames, short and long ones, in their order', () => {
    const [here, there] = pair().map((socket) => new FrameSocket(socket));
    assert.equal(there.poll(), null);
    const long = new Float64Array(50_000).map((_, i) => i);
    const received = new Float64Array(50_000);
    here.send(Frame.ask, 3);
    here.send(1, 2, [new Uint8Array([1, 2, 3, 4])]);
    here.send(Frame.want, 1, [], 2 ** 40);
    here.sendJson(Frame.welcome, { engines: 3 });
    assert.equal(there.poll()?.kind, Frame.ask);
    assert.equal(there.poll()?.kind, 1);
    there.readBytes(4);
    assert.deepEqual(there.poll(), { kind: Frame.want, engine: 1, bytes: 2 ** 40 });
    const welcome = there.poll();
    assert.deepEqual(there.readJson(welcome?.bytes ?? 0), { engines: 3 });
    // More than the system keeps: the other end reads meanwhile.
    here.whileFull = () => drain();
    let read = 0;
    let header = false;
    const drain = () => {
      if (!header) {
        assert.deepEqual(there.poll(), { kind: Frame.elements, engine: 1, bytes: 400_000 });
        header = true;
      }
      const count = Math.min(50_000, 400_000 - read);
      there.read(new Uint8Array(received.buffer, read, count));
      read += count;
    };
    here.send(Frame.elements, 1, [long]);
    while (read < 400_000) drain();
    assert.deepEqual(received, long);
    here.close();
    assert.throws(() => there.poll(), PeerGone);
  });
});
