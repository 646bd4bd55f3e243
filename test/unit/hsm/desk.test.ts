/** A socket of the supervisor and a caller that asks and does not read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Desk, openDesk } from '../../../hsm/desk.js';
import { createFrameDecoder, encodeFrame, type Meta } from '../../../hsm/frames.js';

const FRAMES = 60_000;
/** 60 MB of answers. */
const META: Meta = { state: 'ready', hsm: 'x'.repeat(1_000) };

describe('a socket of the supervisor', () => {
  let folder: string;
  let desk: Desk;
  let socket: Socket;
  let statuses = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-desk-'));
    const path = join(folder, 'own', 'socket');
    const host = {
      ...{ ask: () => undefined, openCrl: () => null, doubt: () => undefined, refused: () => undefined },
      status: () => {
        statuses += 1;
        return META;
      },
      stop: async () => undefined,
    };
    const opened = await openDesk({ role: 'api', path }, host);
    assert(opened.ok);
    desk = opened.value;
    socket = connect(path);
  });
  after(() => {
    socket.destroy();
    desk.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reads no more of a caller that does not take its answers, and gives it all of them, in order, when it does', async () => {
    socket.pause();
    for (let id = 1; id <= FRAMES; id += 1) socket.write(encodeFrame({ type: 'status', id }));
    let before = -1;
    for (; statuses !== before; await sleep(100)) before = statuses;
    // A megabyte, and what the kernel takes.
    assert(statuses > 500 && statuses < 5_000, `${statuses} answers were made`);

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
