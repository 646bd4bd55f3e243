/**
 * A signer group on real tokens: a clone must have the keys of the original, or it signs nothing.
 */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSignerClient, type SignerClient } from '../../../hsm/client/client.js';
import type { TokenConfiguration } from '../../../hsm/configuration.js';
import { readJournal } from '../../../hsm/journal/read-journal.js';
import type { CallerRole } from '../../../hsm/wire/permissions.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { makeLintToken } from '../../../src/lint/token.js';
import { tbsCertificate } from '../../support/hsm/der.js';
import {
  ISSUER,
  type MadeToken,
  makeToken,
  PATIENCE_MS,
  type RunningSupervisor,
  removeFolder,
  startSupervisor,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';

describe('a signer group of real tokens', () => {
  let home: string;
  let original: MadeToken;
  let clone: string;
  const supervisors: RunningSupervisor[] = [];
  let client: SignerClient;

  before(() => {
    home = temporaryFolder();
    original = makeToken(home, 'ca', [[ISSUER, 'p-256']]);
    clone = join(home, 'tokens', 'clone');
    cpSync(original.configuration.softhsmDirectory, clone, { recursive: true });
  });
  beforeEach(() => {
    const { name } = original.configuration;
    client = createSignerClient({
      certificateSockets: new Map([[ISSUER, [socket('api', name), socket('api', `${name}-b`)]]]),
      crlSockets: new Map(),
      ocspSockets: new Map(),
      groups: {
        verifies: ({ body }, signature) => verifies(body, signature),
        onChange: () => undefined,
        stuckMs: 1_500,
      },
      deadlineMs: PATIENCE_MS,
    });
  });
  afterEach(async () => {
    client.close();
    for (const supervisor of supervisors.splice(0)) await supervisor.stop();
  });
  after(() => removeFolder(home));

  const socket = (role: CallerRole, name: string): string => join(home, 'run', role, `${name}.sock`);

  /** Both have their own process, sockets and journal. `softhsmDirectory` is that of the clone. */
  function cloneIn(softhsmDirectory: string): TokenConfiguration {
    const { configuration } = original;
    const name = `${configuration.name}-b`;
    return {
      ...configuration,
      name,
      softhsmDirectory,
      replicaOf: configuration.name,
      journalFolder: join(home, 'signers', name),
      sockets: configuration.sockets.map(({ role }) => ({ role, path: socket(role, name) })),
    };
  }
  function run(softhsmDirectory: string): RunningSupervisor {
    return startSupervisor(supervisorConfiguration(home, [original.configuration, cloneIn(softhsmDirectory)]));
  }
  /** Starts the clone with a supervisor of its own. */
  function runAlone(token: TokenConfiguration): RunningSupervisor {
    const runDirectory = join(home, token.name, 'run');
    mkdirSync(runDirectory, { recursive: true, mode: 0o700 });
    return startSupervisor(supervisorConfiguration(home, [token], { runDirectory }));
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
    for (;;) {
      const said = await status(name);
      if (said.state === state) return String(said.lastError);
      await sleep(20);
    }
  }
  async function signTwenty(): Promise<void> {
    for (let serial = 16; serial < 36; serial += 1) {
      const tbs = tbsCertificate(serial.toString(16));
      const signature = await client.certificate(makeLintToken('certificate', ISSUER, tbs), 'test/leaf');
      assert(signature.ok, JSON.stringify(signature));
      assert(verifies(tbs, signature.value));
    }
  }

  /** Certificates in its journal, which also has other entries. */
  async function signatures(name: string): Promise<number> {
    let count = 0;
    for await (const entry of readJournal(join(home, 'signers', name)))
      if (entry.ok && entry.value.kind === 'certificate') count += 1;
    return count;
  }

  it('signs with both in turn', async () => {
    const { name } = original.configuration;
    supervisors.push(run(clone));
    for (const member of [name, `${name}-b`]) await settled(member, 'ready');
    const made = () => Promise.all([name, `${name}-b`].map(signatures));
    // Each signs ten, unless this machine delayed one of them.
    for (let least = 0; least < 5; ) {
      const before = await made();
      await signTwenty();
      least = Math.min(...(await made()).map((count, at) => count - (before[at] ?? 0)));
    }
  });

  it('continues when the unit of one is killed, and with both when it runs again', async () => {
    const { configuration } = original;
    const killed = runAlone(cloneIn(clone));
    supervisors.push(runAlone(configuration), killed);
    for (const member of [configuration.name, `${configuration.name}-b`]) await settled(member, 'ready');
    await signTwenty();
    const asked = signTwenty();
    killed.process.kill('SIGKILL');
    await asked;
    const before = await signatures(`${configuration.name}-b`);
    supervisors.push(runAlone(cloneIn(clone)));
    while ((await signatures(`${configuration.name}-b`)) <= before) await signTwenty();
  });

  it('finds at its start a clone that has other keys with the same labels, and signs with the original only', async () => {
    const elsewhere = temporaryFolder();
    const stranger = makeToken(elsewhere, 'ca', [[ISSUER, 'p-256']]);
    const { name } = original.configuration;
    supervisors.push(run(stranger.configuration.softhsmDirectory));
    await settled(name, 'ready');
    assert.match(await settled(`${name}-b`, 'down'), /key aci-te-pp: it is not the key of its certificate/);
    await signTwenty();
    for (const supervisor of supervisors.splice(0)) await supervisor.stop();
    removeFolder(elsewhere);
  });
});
