import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { createSignerClient, type SignerClient } from '../../../hsm/client/client.js';
import { KEY_TYPE_FACTS } from '../../../hsm/pkcs11/keys/key-types.js';
import { ok } from '../../../src/kernel/result.js';
import { makeLintToken } from '../../../src/lint/token.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { KeyType } from '../../../src/x509/model.js';
import { tbsCertificate, tbsCertList } from '../../support/hsm/der.js';
import { type Opencryptoki, startOpencryptoki, whyNoOpencryptoki } from '../../support/hsm/opencryptoki.js';
import {
  type MadeToken,
  makeTokenIn,
  mapsOf,
  type RunningSupervisor,
  removeFolder,
  startSupervisor,
  supervisorConfiguration,
  temporaryFolder,
} from '../../support/hsm/signers.js';
import { describeTokens } from '../../support/hsm/token-suite.js';

const KEYS: readonly (readonly [IssuerId, KeyType])[] = [
  ['aci-te-pp' as IssuerId, 'rsa-2048'],
  ['aci-te-org' as IssuerId, 'p-384'],
];
const whyNot = whyNoOpencryptoki();

describe('opencryptoki, the second PKCS#11 implementation', () => {
  // A test without a body is shown as pending, with its title.
  if (whyNot !== null) return void it(`cannot be tried: ${whyNot}`);
  let folder: string;
  let running: Opencryptoki;

  before(async () => {
    folder = temporaryFolder();
    running = await startOpencryptoki(folder);
  });
  after(async () => {
    await running?.stop();
    removeFolder(folder);
  });

  describeTokens('tokens of its soft token', () => running.implementation);

  describe('signers on its soft token', () => {
    let home: string;
    let made: MadeToken;
    let supervisor: RunningSupervisor;
    let client: SignerClient;

    before(async () => {
      home = temporaryFolder();
      made = makeTokenIn({ home, place: running.place }, 'ca', KEYS);
      supervisor = begin();
      const socket = (role: string) => join(home, 'run', role, `${made.configuration.name}.sock`);
      client = createSignerClient({
        certificateSockets: new Map(KEYS.map(([issuer]) => [issuer, socket('api')])),
        crlSockets: new Map(KEYS.map(([issuer]) => [issuer, socket('worker')])),
        ocspSockets: new Map(),
        deadlineMs: 20_000,
      });
      await supervisor.event('child-ready');
    });
    after(async () => {
      client?.close();
      await supervisor?.stop();
      removeFolder(home);
    });

    const begin = (): RunningSupervisor =>
      startSupervisor(supervisorConfiguration(home, [made.configuration]), running.place);

    function verifies(issuer: IssuerId, bytes: Uint8Array, signature: Uint8Array): boolean {
      const [, keyType] = KEYS.find(([id]) => id === issuer) ?? [];
      const spki = made.publicKeys.get(issuer);
      assert(keyType && spki);
      const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
      return verify(KEY_TYPE_FACTS[keyType].hash, bytes, key, signature);
    }
    async function signAll(serial: string): Promise<void> {
      for (const [issuer] of KEYS) {
        const tbs = tbsCertificate(serial);
        const signature = await client.certificate(makeLintToken('certificate', issuer, tbs), 'test/leaf');
        assert(signature.ok, JSON.stringify(signature));
        assert(verifies(issuer, tbs, signature.value));
      }
    }

    it('sign certificates and CRLs that verify, many at a time', async () => {
      await signAll('01');
      const all = Array.from({ length: 100 }, async (_, at) => {
        const [issuer] = KEYS[at % 2] ?? [];
        assert(issuer);
        const tbs = tbsCertificate((0x1000 + at).toString(16));
        const signature = await client.certificate(makeLintToken('certificate', issuer, tbs), 'test/leaf');
        return signature.ok && verifies(issuer, tbs, signature.value);
      });
      assert((await Promise.all(all)).every(Boolean));
      const [issuer] = KEYS[1] ?? [];
      assert(issuer);
      const list = tbsCertList(1, 500_000);
      const chunks = (async function* () {
        yield new Uint8Array(list);
      })();
      const crl = await client.crl({
        issuer,
        chunks,
        finish: () => ok(makeLintToken('crl', issuer, new Uint8Array(0))),
      });
      assert(crl.ok && verifies(issuer, list, crl.value));
    });

    it('have its module mapped with the libcrypto that it was linked to', () => {
      const maps = mapsOf(pid());
      assert.match(maps, /libopencryptoki\.so/);
      assert.match(maps, /\/libcrypto\.so\.3/);
      assert.doesNotMatch(maps, /softhsm/);
    });

    it('report the token and its keys in their status', async () => {
      const status = await client.status(join(home, 'run', 'api', `${made.configuration.name}.sock`));
      assert(status.ok);
      const { token, keys } = status.value.hsm as {
        readonly token: object;
        readonly keys: readonly { label: string }[];
      };
      assert.deepEqual(token, {
        label: made.configuration.tokenLabel,
        manufacturer: 'IBM',
        model: 'Soft',
        serialNumber: '',
        firmware: '0.0',
        hardware: '0.0',
      });
      assert.deepEqual(
        keys.map(({ label }) => label),
        ['aci-te-org', 'aci-te-pp'],
      );
    });

    it('are replaced when they are killed during use, and continue to sign', async () => {
      const seen = supervisor.events.length;
      process.kill(pid(), 'SIGKILL');
      await supervisor.event('child-gone', seen);
      await signAll('02');
    });

    it('report that pkcsslotd has ended, and sign again when it runs', async () => {
      await running.stopDaemon();
      const seen = supervisor.events.length;
      process.kill(pid(), 'SIGKILL');
      await supervisor.event('child-gone', seen);
      const again = await supervisor.event('child-gone', supervisor.events.length);
      assert.match(String(again.detail), /^C_Initialize: CKR_/);
      const downSince = supervisor.events.length;
      await running.startDaemon();
      await supervisor.event('child-ready', downSince);
      await signAll('03');
    });

    function pid(): number {
      const started = supervisor.events.filter(({ event }) => event === 'child-started').at(-1)?.pid;
      assert(started !== undefined);
      return started;
    }
  });
});
