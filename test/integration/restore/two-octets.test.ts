/** Journal entries with one serial number and different octets: a double use that must be seen. */
import assert from 'node:assert/strict';
import { openJournal } from '../../../hsm/signer/journal.js';
import { recoverSignatures } from '../../../src/compose/restore/recover-signatures.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import type { Issuer } from '../../../src/x509/model.js';
import { crlTestPolicy } from '../../support/crl/policy.js';
import { describeOnEach, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { DAY_MS, ISSUER, NOW, serialOf } from '../../support/db/records.js';
import { issuersOf } from '../../support/issuers-of.js';
import { SILENT_LOG } from '../../support/status/authority.js';

type Signature = { readonly serial: number; readonly octets: string };

async function writeJournal(folder: string, signed: readonly Signature[]): Promise<void> {
  const { journal } = unwrap(await openJournal(folder));
  for (const { serial, octets } of signed) {
    const what = { issuer: ISSUER, serial: serialOf(serial), profile: 'fort/cps-authentication' };
    const event = { kind: 'certificate', ...what, sha256: sha256Hex(Buffer.from(octets)) } as const;
    unwrap(await journal.append({ at: NOW, steadyAt: null, event }));
  }
  await journal.close();
}

describeOnEach('a restore', ({ opened }) => {
  const others = Array.from({ length: 200 }, (_, at) => ({ serial: 100 + at, octets: `${at}` }));
  const first = { serial: 1, octets: 'first' };
  const other = { serial: 1, octets: 'other' };
  const name = `the certificate ${serialOf(1)} of ${ISSUER} has other octets than`;

  async function faultsOf(...journals: readonly (readonly Signature[])[]): Promise<readonly (readonly string[])[]> {
    const locations = journals.map((_, at) => ({
      token: `token-${at}`,
      kind: 'ca' as const,
      folder: temporaryFolder(),
    }));
    for (const [at, { folder }] of locations.entries()) await writeJournal(folder, journals[at] ?? []);
    const world = {
      store: await opened(),
      clock: () => NOW,
      random: (length: number) => new Uint8Array(length).map(() => Math.floor(Math.random() * 256)),
      issuers: issuersOf([{ id: ISSUER, notBefore: NOW - DAY_MS, notAfter: NOW + DAY_MS } as Issuer]),
      policy: crlTestPolicy({}),
      log: SILENT_LOG,
      statusChanged: () => undefined,
      partitions: new Map(),
    };
    return unwrap(await recoverSignatures(world, locations)).map(({ faults }) => faults);
  }

  it('reports other octets with the same serial number that directly follow in a journal', async () => {
    assert.deepEqual(await faultsOf([first, other]), [[`entry 2: ${name} that of entry 1`]]);
  });

  it('reports other octets with the same serial number much later, and in another journal', async () => {
    const fault = `${name} the one in the database`;
    assert.deepEqual(await faultsOf([first, ...others, other]), [[`entry 202: ${fault}`]]);
    assert.deepEqual(await faultsOf([first], [other]), [[], [`entry 1: ${fault}`]]);
  });

  it('reports nothing if the same octets were signed again', async () => {
    assert.deepEqual(await faultsOf([first, first, ...others, first], [first]), [[], []]);
  });
});
