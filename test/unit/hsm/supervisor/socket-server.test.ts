/** A socket of the supervisor, with a caller that sends requests and does not read the answers. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSocketServer, type SocketServer } from '../../../../hsm/supervisor/socket-server.js';
import {
  createFrameDecoder,
  encodeFrame,
  type FrameContent,
  type Meta,
  readMeta,
} from '../../../../hsm/wire/frames.js';

const FRAMES = 60_000;
/** 60 MB of answers. */
const META: Meta = { state: 'ready', hsm: 'x'.repeat(1_000) };

describe('a socket of the supervisor', () => {
  let folder: string;
  let server: SocketServer;
  let socket: Socket;
  let statuses = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-socket-'));
    const path = join(folder, 'own', 'socket');
    const host = {
      ask: () => undefined,
      openCrl: () => null,
      reportBadSignature: () => undefined,
      refused: () => undefined,
      status: () => {
        statuses += 1;
        return META;
      },
      stop: async () => undefined,
    };
    const opened = await openSocketServer({ role: 'api', path }, host);
    assert(opened.ok);
    server = opened.value;
    socket = connect(path);
  });
  after(() => {
    socket.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reads no more of a caller that does not read its answers, and sends them all, in order, when it does', async () => {
    socket.pause();
    for (let id = 1; id <= FRAMES; id += 1) socket.write(encodeFrame({ type: 'status', id }));
    while (statuses <= 500) await sleep(5);
    for (let before = -1; statuses !== before; await sleep(100)) before = statuses;
    // One megabyte, and what the kernel buffers.
    assert(statuses < 5_000, `${statuses} answers were made`);

    const decoder = createFrameDecoder();
    let last = 0;
    for await (const chunk of socket) {
      const frames = decoder.push(chunk as Buffer);
      assert(frames.ok);
      for (const { id } of frames.value) assert.equal(id, ++last);
      if (last === FRAMES) break;
    }
    assert.equal(last, FRAMES);
  });
});

describe('a caller of the supervisor', () => {
  let folder: string;
  let path: string;
  let server: SocketServer;
  let asked: number;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-socket-'));
    path = join(folder, 'own', 'socket');
    asked = 0;
    const forwarding = { forward: () => true, abort: () => undefined };
    const host = {
      openCrl: () => forwarding,
      reportBadSignature: () => undefined,
      refused: () => undefined,
      status: () => META,
      // Nothing is ever answered.
      ask: () => {
        asked += 1;
      },
      stop: async () => undefined,
    };
    const opened = await openSocketServer({ role: 'worker', path }, host);
    assert(opened.ok);
    server = opened.value;
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function call(): Socket {
    const socket = connect(path);
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }
  /** Number, type and rule of the frames that are answered at once. */
  async function answers(contents: readonly FrameContent[], count: number): Promise<readonly unknown[]> {
    const socket = call();
    socket.write(Buffer.concat(contents.map((content) => encodeFrame(content))));
    const decoder = createFrameDecoder();
    const heard: unknown[] = [];
    for await (const chunk of socket) {
      const frames = decoder.push(chunk as Buffer);
      assert(frames.ok);
      for (const frame of frames.value) {
        const meta = readMeta(frame);
        heard.push([frame.id, frame.type, meta.ok ? meta.value.rule : null]);
      }
      if (heard.length >= count) break;
    }
    return heard;
  }

  it('is not served in a folder that others may enter', async () => {
    const exposed = join(folder, 'exposed');
    mkdirSync(exposed);
    chmodSync(exposed, 0o755);
    const opened = await openSocketServer({ role: 'worker', path: join(exposed, 'socket') }, assert.fail as never);
    assert.equal(!opened.ok && opened.error.kind, 'socket-folder-exposed');
    assert.deepEqual(readdirSync(exposed), []);
  });

  it('has at most two thousand unanswered requests, and gets an answer for more', async () => {
    const requests = Array.from({ length: 2_001 }, (_, at) => ({ type: 'certificate', id: at + 1 }) as const);
    assert.deepEqual(await answers(requests, 1), [[2_001, 'unavailable', undefined]]);
    assert.equal(asked, 2_000);
  });

  it('has at most four open lists, each opened once', async () => {
    const lists = [1, 2, 2, 3, 4, 5].map((id) => ({ type: 'crl-begin', id }) as const);
    assert.deepEqual(await answers(lists, 2), [
      [2, 'refused', 'crl-stream'],
      [5, 'refused', 'crl-stream'],
    ]);
  });

  it('has one of sixteen connections, for its own user only', async () => {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const hungUp = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
    for (let at = 0; at < 16; at += 1) await new Promise((resolve) => call().once('connect', resolve));
    await hungUp(call());
    assert.equal(sockets.filter(({ destroyed }) => !destroyed).length, 16);
  });
});
