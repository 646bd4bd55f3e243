/** A signer group on real tokens: its clone has the keys of the original, or it is none and signs nothing. */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSignerClient, type SignerClient } from '../../../hsm/client.js';
import type { TokenConfiguration } from '../../../hsm/configuration.js';
import { readJournal } from '../../../hsm/journal.js';
import type { CallerRole } from '../../../hsm/permissions.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { grant } from '../../../src/lint/linted.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import { tbsCertificate } from '../../support/hsm/der.js';
import {
  type MadeToken,
  makeToken,
  type RunningSupervisor,
  removeFolder,
  startSupervisor,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';

const ISSUER = 'aci-te-pp' as IssuerId;

describe('a signer group of real tokens', () => {
  let home: string;
  let original: MadeToken;
  let supervisor: RunningSupervisor;
  let client: SignerClient;

  before(function () {
    this.timeout(30_000);
    home = temporaryFolder();
    original = makeToken(home, 'ca', [[ISSUER, 'p-256']]);
  });
  afterEach(async () => {
    client.close();
    await supervisor.stop();
  });
  after(() => removeFolder(home));

  const socket = (role: CallerRole, name: string): string => join(home, 'run', role, `${name}.sock`);

  /** Both have a process, sockets and a journal of their own; `softhsmDirectory` is the clone's. */
  async function start(softhsmDirectory: string): Promise<void> {
    const { configuration } = original;
    const name = `${configuration.name}-b`;
    const clone: TokenConfiguration = {
      ...configuration,
      ...{ name, softhsmDirectory, replicaOf: configuration.name },
      journalFile: join(home, 'signers', name, 'journal.ndjson'),
      sockets: configuration.sockets.map(({ role }) => ({ role, path: socket(role, name) })),
    };
    supervisor = startSupervisor(supervisorConfiguration(home, [configuration, clone]));
    client = createSignerClient({
      certificateSockets: new Map([[ISSUER, [socket('api', configuration.name), socket('api', name)]]]),
      crlSockets: new Map(),
      ocspSockets: new Map(),
      groups: {
        verifies: ({ body }, signature) => verifies(body, signature),
        onChange: () => undefined,
        stuckMs: 1_500,
      },
    });
  }

  function verifies(body: Bytes, signature: Bytes): boolean {
    const key = original.publicKeys.get(ISSUER);
    assert(key);
    return verify('sha256', body, createPublicKey({ key, format: 'der', type: 'spki' }), signature);
  }

  async function status(name: string): Promise<Readonly<Record<string, unknown>>> {
    const said = await client.status(socket('api', name));
    return said.ok ? said.value : {};
  }
  async function settled(name: string, state: string): Promise<string> {
    const until = performance.now() + 15_000;
    for (;;) {
      const said = await status(name);
      if (said.state === state) return String(said.lastError);
      assert(performance.now() < until, JSON.stringify(said));
      await sleep(20);
    }
  }
  async function signTwenty(): Promise<void> {
    for (let serial = 16; serial < 36; serial += 1) {
      const tbs = tbsCertificate(serial.toString(16));
      const signature = await client.certificate(grant('certificate', ISSUER, tbs), 'test/leaf');
      assert(signature.ok, JSON.stringify(signature));
      assert(verifies(tbs, signature.value));
    }
  }

  /** In its own journal, which notes and tallies are in too. */
  async function signatures(name: string): Promise<number> {
    let count = 0;
    for await (const entry of readJournal(join(home, 'signers', name, 'journal.ndjson')))
      if (entry.ok && entry.value.kind === 'certificate') count += 1;
    return count;
  }

  it('signs with both, by turns', async () => {
    const { softhsmDirectory, name } = original.configuration;
    const clone = join(home, 'tokens', 'clone');
    cpSync(softhsmDirectory, clone, { recursive: true });
    await start(clone);
    for (const member of [name, `${name}-b`]) await settled(member, 'ready');
    await signTwenty();
    for (const member of [name, `${name}-b`]) assert.equal(await signatures(member), 10);
  }).timeout(20_000);

  it('finds at its start a clone whose keys are others under the same labels, and signs with the original alone', async () => {
    const elsewhere = temporaryFolder();
    const stranger = makeToken(elsewhere, 'ca', [[ISSUER, 'p-256']]);
    const { name } = original.configuration;
    await start(stranger.configuration.softhsmDirectory);
    await settled(name, 'ready');
    assert.match(await settled(`${name}-b`, 'down'), /key aci-te-pp: it is not the key of its certificate/);
    await signTwenty();
    client.close();
    await supervisor.stop();
    rmSync(elsewhere, { recursive: true });
  }).timeout(20_000);
});
