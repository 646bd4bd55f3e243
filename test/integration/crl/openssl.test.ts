import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembleCrl, crlHeaderOf, encodeSmallCrl } from '../../../src/crl/encode.js';
import { readCrl } from '../../../src/crl/read.js';
import { concat } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { lintCrl } from '../../../src/lint/crl/lint.js';
import type { RevokedEntry } from '../../../src/ports/store/crls.js';
import type { RevocationReason } from '../../../src/ports/store/statuses.js';
import { REASON_CODES } from '../../support/crl/reason-codes.js';
import {
  createStatusAuthority,
  openssl,
  type StatusAuthority,
  serialOf,
  type TestKeyType,
} from '../../support/status/authority.js';

/** The current time in seconds, because OpenSSL uses its own clock. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
const LIFE_MS = DAY_MS;

async function writeCrl(authority: StatusAuthority, entries: readonly RevokedEntry[]): Promise<string> {
  const { issuer, signer, folder } = authority;
  const tbs = encodeSmallCrl(
    crlHeaderOf(issuer, { number: 7, thisUpdate: NOW - 1_000, nextUpdate: NOW + LIFE_MS - 1_000 }),
    entries,
  );
  async function* chunks() {
    yield tbs;
  }
  const signature = await signer.crl(lintCrl({ issuer, lifeMsMax: LIFE_MS }, chunks()));
  if (!signature.ok) throw new Error(JSON.stringify(signature.error));
  const { prefix, suffix } = assembleCrl(tbs.length, issuer.signatureAlgorithm, signature.value);
  const crl = concat([prefix, tbs, suffix]);
  async function* whole() {
    yield crl;
  }
  assert.equal((await readCrl(whole(), { issuer, lifeMsMax: LIFE_MS })).ok, true);
  const file = join(folder, 'test.crl');
  writeFileSync(file, crl);
  openssl(folder, ['crl', '-inform', 'DER', '-in', file, '-out', 'test.crl.pem']);
  return file;
}

const entry = (serial: string, reason: RevocationReason, invalidityDate: number | null = null): RevokedEntry => ({
  serial,
  at: NOW - DAY_MS,
  reason,
  invalidityDate,
});

/** OpenSSL prints serial numbers without leading zeros. */
const printed = (serial: string): string => serial.replace(/^(00)+/, '').toUpperCase();

describe('OpenSSL reads our CRLs', () => {
  for (const keyType of ['rsa-2048', 'p-256', 'p-384'] as const satisfies readonly TestKeyType[]) {
    it(`verifies the signature of a ${keyType} CA on an empty CRL and on one with each reason and invalidity dates`, async () => {
      const authority = createStatusAuthority({ keyType });
      try {
        const verify = ['crl', '-inform', 'DER', '-in', 'test.crl', '-noout', '-text', '-CAfile', 'ca.pem', '-verify'];
        await writeCrl(authority, []);
        const empty = openssl(authority.folder, verify);
        assert.match(empty, /No Revoked Certificates/);
        assert.match(empty, /verify OK/);
        assert.match(empty, /Version 2/);
        assert.match(empty, /X509v3 CRL Number: \n\s+7\n/);
        const reasons = Object.keys(REASON_CODES) as RevocationReason[];
        const entries = reasons.map((reason, at) => entry(serialOf(at), reason, Date.parse('2026-01-02T03:04:05Z')));
        await writeCrl(authority, entries);
        const text = openssl(authority.folder, verify);
        assert.match(text, /verify OK/);
        for (const { serial } of entries) assert.match(text, new RegExp(`Serial Number: ${printed(serial)}\\n`));
        const named = [
          'Key Compromise',
          'Affiliation Changed',
          'Superseded',
          'Cessation Of Operation',
          'Certificate Hold',
          'Privilege Withdrawn',
        ];
        for (const reason of named) assert.equal(text.split(reason).length, 2, reason);
        assert.equal(text.includes('Unspecified'), false);
        assert.equal(text.split('Jan  2 03:04:05 2026 GMT').length, reasons.length + 1);
      } finally {
        rmSync(authority.folder, { recursive: true, force: true });
      }
    });
  }

  it('rejects listed certificates, including a suspended one and one whose number starts with a zero byte, and no other', async () => {
    const authority = createStatusAuthority();
    try {
      const listed = ['00a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5', '0102030405060708090a0b0c0d0e0f10'];
      await writeCrl(authority, [
        entry(listed[0] as string, 'keyCompromise'),
        entry(listed[1] as string, 'certificateHold'),
      ]);
      const check = (leaf: string): string =>
        openssl(authority.folder, ['verify', '-crl_check', '-CAfile', 'ca.pem', '-CRLfile', 'test.crl.pem', leaf]);
      assert.match(check(authority.issueLeaf('0102030405060708090a0b0c0d0e0f11')), /: OK/);
      for (const serial of listed) {
        const leaf = authority.issueLeaf(serial);
        assert.throws(() => check(leaf), /certificate revoked/);
      }
    } finally {
      rmSync(authority.folder, { recursive: true, force: true });
    }
  });

  it('reads 100,000 entries and verifies them', async () => {
    const authority = createStatusAuthority();
    try {
      const reasons = Object.keys(REASON_CODES) as RevocationReason[];
      const entries = Array.from({ length: 100_000 }, (_, at) =>
        entry(serialOf(at), reasons[at % reasons.length] as RevocationReason, at % 3 === 0 ? NOW - 2 * DAY_MS : null),
      );
      await writeCrl(authority, entries);
      const verify = ['crl', '-inform', 'DER', '-in', 'test.crl', '-CAfile', 'ca.pem', '-verify', '-noout', '-text'];
      const text = openssl(authority.folder, verify);
      assert.match(text, /verify OK/);
      assert.equal(text.split('Serial Number: ').length, 100_001);
      const leaf = authority.issueLeaf(serialOf(99_999));
      assert.throws(
        () =>
          openssl(authority.folder, ['verify', '-crl_check', '-CAfile', 'ca.pem', '-CRLfile', 'test.crl.pem', leaf]),
        /certificate revoked/,
      );
    } finally {
      rmSync(authority.folder, { recursive: true, force: true });
    }
  });
});
