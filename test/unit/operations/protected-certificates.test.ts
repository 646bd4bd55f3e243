/**
 * Which certificates a mass revocation has to name: without it, an order for a whole CA would take
 * the certificates of accounts, of the API and of OCSP responders with it, unseen.
 */
import assert from 'node:assert/strict';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { findProtected } from '../../../src/operations/revocation/protected-certificates.js';
import type { World } from '../../../src/operations/world.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { SelectedCertificate } from '../../../src/ports/store/mass-revocations.js';
import { EVERY_CERTIFICATE, ISSUER, NOW } from '../../support/db/records.js';

const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };

function selected(serial: string, spkiSha256: string, holderId = '10B0057881/APP'): SelectedCertificate {
  return { id: `id-${serial}`, issuer: ISSUER, serial, spkiSha256, holderId };
}

function account(id: string, ...keys: readonly string[]): Account {
  const credentials = keys.map((spkiSha256) => ({ issuer: 'aci-el-org' as IssuerId, spkiSha256 }));
  return {
    id,
    name: id,
    roles: ['officer'],
    scope: EVERYTHING,
    credentials,
    disabled: false,
    ...ACCOUNT_DEFAULTS,
    createdAt: NOW,
  };
}

describe('the certificates that a mass revocation has to name', () => {
  const issuers = { all: () => [{ id: ISSUER }] } as unknown as World['issuers'];
  const find = async (found: readonly SelectedCertificate[]) => {
    const asked: unknown[] = [];
    const reads = {
      accounts: async () => [account('officer-1', 'key-1', 'key-2'), account('cards', 'key-3')],
      selectedAmong: async (_: unknown, among: unknown) => {
        asked.push(among);
        return found;
      },
    };
    const selection = { selection: EVERY_CERTIFICATE, scope: EVERYTHING };
    const { accounts, platform } = await findProtected(reads, selection, { issuers, serverKeys: ['key-4'], now: NOW });
    return {
      asked,
      accounts: accounts.map((one) => `${one.account} ${one.certificate.serial}`),
      platform: platform.map((one) => `${one.part} ${one.certificate.serial}`),
    };
  };

  it('are looked up by the keys of accounts and of the API, and by the holders of responders', async () => {
    const spkiSha256s = ['key-1', 'key-2', 'key-3', 'key-4'];
    const { asked } = await find([]);
    assert.deepEqual(asked, [{ spkiSha256s, holderIds: [`ocsp/${ISSUER}`, `cmp/${ISSUER}`], now: NOW }]);
  });

  it('are those of accounts, of the API, of OCSP responders and of CMP signers', async () => {
    const { accounts, platform } = await find([
      selected('01', 'key-1'),
      selected('02', 'key-3'),
      selected('03', 'key-4'),
      selected('04', 'key-5', `ocsp/${ISSUER}`),
      selected('05', 'key-6', `cmp/${ISSUER}`),
    ]);
    assert.deepEqual(accounts, ['officer-1 01', 'cards 02']);
    assert.deepEqual(platform, ['api-server 03', 'ocsp-responders 04', 'cmp-signers 05']);
  });
});
