/**
 * Which sockets certificates are requested at. If lines of orders used those of the API, a signer
 * would take them for interactive requests, and sign them before a revocation's.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFrameDecoder, encodeFrame } from '../../../hsm/wire/frames.js';
import type { CallerRole } from '../../../hsm/wire/permissions.js';
import type { Home } from '../../../src/compose/home.js';
import type { HomeIssuers } from '../../../src/compose/issuers.js';
import { type ConnectedSigners, connectSigners } from '../../../src/compose/signers/client.js';
import { signerSocket } from '../../../src/compose/signers/plan.js';
import { loadConfig } from '../../../src/config/load.js';
import { lintCertificate } from '../../../src/lint/certificate/lint.js';
import { goodCertificate } from '../../support/lint/fixtures.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const PROFILE = 'fort/cps-signature';
const ROLES = ['api', 'worker'] as const;

describe('the signers of a process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-batch-'));
  const loaded = loadConfig({ home: folder });
  assert(loaded.ok);
  const config = loaded.value;
  const { tbs, context } = goodCertificate(PROFILE);
  const servers: Server[] = [];
  const asked: CallerRole[] = [];

  before(async () => {
    for (const role of ROLES) {
      const path = signerSocket(config.paths, role, `ca-${context.issuer.hierarchy}`);
      mkdirSync(dirname(path), { recursive: true });
      const server = createServer((socket) => {
        const decoder = createFrameDecoder();
        socket.on('data', (chunk: Buffer) => {
          const frames = decoder.push(chunk);
          assert(frames.ok);
          for (const { id, type, body } of frames.value) {
            if (type === 'certificate') asked.push(role);
            socket.write(encodeFrame({ type: 'signature', id, body }));
          }
        });
      });
      await new Promise<void>((resolve) => server.listen(path, resolve));
      servers.push(server);
    }
  });
  after(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Asks for a certificate, and returns the roles at whose sockets the request arrived. */
  async function askedAt(roles: readonly CallerRole[], name: 'signer' | 'batchSigner'): Promise<readonly string[]> {
    const issuers = { all: () => [context.issuer], byId: () => context.issuer } as unknown as HomeIssuers;
    const home = { config } as unknown as Home;
    const connected: ConnectedSigners = connectSigners(home, { issuers, authorities: [] }, { roles, log: SILENT_LOG });
    const token = lintCertificate({ ...context, tbs });
    assert(token.ok);
    asked.length = 0;
    const answer = await connected[name].certificate(token.value, PROFILE);
    assert.equal(answer.ok, true);
    connected.close();
    return [...asked];
  }

  it('sign for requests at the sockets of the API, and for batch work at those of the worker', async () => {
    assert.deepEqual(await askedAt(['api', 'worker', 'responder'], 'signer'), ['api']);
    assert.deepEqual(await askedAt(['api', 'worker', 'responder'], 'batchSigner'), ['worker']);
  });

  it('of one caller role have the sockets of that role alone', async () => {
    assert.deepEqual(await askedAt(['api'], 'batchSigner'), ['api']);
    assert.deepEqual(await askedAt(['worker'], 'batchSigner'), ['worker']);
  });
});
