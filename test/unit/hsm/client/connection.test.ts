import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSignerClient } from '../../../../hsm/client/client.js';
import { createConnection as connectTo } from '../../../../hsm/client/connection.js';
import type { MemberChange } from '../../../../hsm/client/group-health-check.js';
import { createFrameDecoder, encodeFrame, type FrameType } from '../../../../hsm/wire/frames.js';
import { makeLintToken } from '../../../../src/lint/token.js';
import type { IssuerId } from '../../../../src/ports/signer.js';

/** Much longer than any answer here takes, so that a test sees when a request waits for it. */
const DEADLINE_MS = 20_000;
const BODY = Uint8Array.of(1, 2, 3);
const META = { issuer: 'aci-te-pp' };

/** Answers every request with the given signature, and counts the connections. */
function createSigner(path: string) {
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let came = 0;
  const types: FrameType[] = [];
  return {
    came: () => came,
    /** The types of all frames. */
    types: () => types,
    start: () =>
      new Promise<void>((resolve) => {
        server = createServer((socket) => {
          came += 1;
          sockets.add(socket);
          const decoder = createFrameDecoder();
          socket.on('error', () => undefined);
          socket.on('data', (chunk: Buffer) => {
            const frames = decoder.push(chunk);
            if (!frames.ok) socket.destroy();
            else
              for (const { type, id, body } of frames.value) {
                types.push(type);
                socket.write(encodeFrame({ type: 'signature', id, body }));
              }
          });
        }).listen(path, resolve);
      }),
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        sockets.clear();
        if (server === null) resolve();
        else server.close(() => resolve());
        server = null;
      }),
  };
}

describe('a connection to a signer', () => {
  let folder: string;
  let signer: ReturnType<typeof createSigner>;
  let connection: ReturnType<typeof connectTo>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-'));
    const path = join(folder, 'socket');
    signer = createSigner(path);
    connection = connectTo(path, { deadlineMs: DEADLINE_MS, inFlightMax: 1_000 });
  });
  afterEach(async () => {
    connection.close();
    await signer.stop();
    rmSync(folder, { recursive: true });
  });
  const ask = async (type: 'ocsp' | 'certificate' | 'status'): Promise<string> => {
    const reply = await connection.ask(type, META, BODY);
    return 'kind' in reply ? reply.kind : reply.type;
  };

  for (const [when, begin] of [
    ['was never there', async () => undefined],
    [
      'has gone',
      async () => {
        await signer.start();
        assert.equal(await ask('ocsp'), 'signature');
        await signer.stop();
      },
    ],
  ] as const)
    it(`waits for a signer that ${when} with requests for certificates, but not with a hundred OCSP requests`, async () => {
      await begin();
      const heard: string[] = [];
      const certificate = ask('certificate').then((reply) => heard.push(reply));
      for (let time = 0; time < 50; time += 1)
        assert.deepEqual([await ask('ocsp'), await ask('status')], ['no-answer', 'no-answer']);
      assert.deepEqual(heard, [], 'the request for a certificate still waits');
      await signer.start();
      await certificate;
      assert.deepEqual(heard, ['signature'], 'the signer that came back has signed it');
      assert.deepEqual([await ask('ocsp'), await ask('status')], ['signature', 'signature']);
    });

  it('finds a signer that came back without a request in between', async () => {
    await signer.start();
    assert.equal(await ask('ocsp'), 'signature');
    await signer.stop();
    assert.equal(await ask('ocsp'), 'no-answer');
    await signer.start();
    let reply = await ask('ocsp');
    for (let time = 0; reply === 'no-answer' && time < 1_000; time += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      reply = await ask('ocsp');
    }
    assert.equal(reply, 'signature');
    assert.equal(signer.came(), 2, 'one connection for each of its lives');
  });

  it('fails within a second when a supervisor does not answer a status request', async () => {
    const path = join(folder, 'mute');
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(path, resolve));
    const none = new Map();
    const client = createSignerClient({ certificateSockets: none, crlSockets: none, ocspSockets: none });
    const state = await client.status(path);
    client.close();
    mute.close();
    assert.match(JSON.stringify(state), /has not answered in 1000 ms/);
  });

  it('opens no connection after the client was closed, neither for unanswered requests nor for later ones', async () => {
    const issuer = 'aci-te-pp' as IssuerId;
    let came = 0;
    const paths = ['one', 'two'].map((name) => join(folder, name));
    const servers = paths.map((path) => createServer(() => (came += 1)).listen(path));
    const changes: MemberChange[] = [];
    const sockets = new Map([[issuer, paths]]);
    const groups = { verifies: () => true, onChange: (change: MemberChange) => changes.push(change), stuckMs: 120 };
    const none = new Map();
    const client = createSignerClient({ certificateSockets: sockets, crlSockets: none, ocspSockets: none, groups });
    try {
      const token = () => makeLintToken('certificate', issuer, BODY);
      const asked = client.certificate(token(), 'a-profile');
      while (came < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      client.close();
      for (const result of [await asked, await client.certificate(token(), 'a-profile'), await client.status('other')])
        assert.match(JSON.stringify(result), /the connection was closed/);
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual([came, changes], [2, []]);
    } finally {
      client.close();
      for (const server of servers) server.close();
    }
  });

  it('begins no list that was aborted before there was a connection', async () => {
    await signer.start();
    connection.stream(META).abort();
    // It takes longer than the pause between two looks for a connection.
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await ask('status'), 'signature');
    assert.deepEqual(signer.types(), ['status']);
  });

  it('connects once in a pause to a signer that disconnects, however many requests wait', async () => {
    let came = 0;
    const path = join(folder, 'rude');
    const rude = createServer((socket) => {
      came += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => rude.listen(path, resolve));
    const knocking = connectTo(path, { deadlineMs: DEADLINE_MS, inFlightMax: 200 });
    const asked: Promise<string>[] = [];
    const began = performance.now();
    try {
      for (let time = 0; time < 200; time += 1) {
        const reply = knocking.ask('certificate', META, BODY);
        asked.push(reply.then((one) => ('kind' in one ? one.detail : '')));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      // This is the shortest pause, without a waiting request.
      const most = 2 + (performance.now() - began) / 20;
      assert.ok(came <= most, `${came} times, of ${most}`);
      const tooMany = await knocking.ask('certificate', META, BODY);
      assert.equal('kind' in tooMany && tooMany.detail, '200 requests are unanswered');
    } finally {
      knocking.close();
      rude.close();
    }
    assert.deepEqual(new Set(await Promise.all(asked)), new Set(['the connection was closed']));
  });

  it('waits a moment for a signer that is being replaced', async () => {
    await signer.start();
    assert.equal(await ask('ocsp'), 'signature');
    await signer.stop();
    const asked = ask('ocsp');
    await signer.start();
    assert.equal(await asked, 'signature');
  });
});
