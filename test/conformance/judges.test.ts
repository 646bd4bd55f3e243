/**
 * Independent programs verify the certificates, CRLs and OCSP responses of a service with RSA-4096
 * CA keys, as in production: OpenSSL, GnuTLS and zlint. There is one new certificate of each
 * profile, and all are revoked at the end.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Client, IssuedCertificate } from '../support/service/client.js';
import {
  createRelyingParty,
  ISSUING,
  type RelyingParty,
  ROOTS,
  rootOf,
  writeIssued,
} from '../support/service/files.js';
import { judge, openssl } from '../support/service/judges.js';
import { PROFILES } from '../support/service/orders.js';
import { sharedService } from '../support/service/shared.js';
import { issueLikeTheField, type Specimen } from './specimens.js';

const SOURCES = 'RFC5280,RFC5480,RFC5891';

/** Findings of zlint that are wrong for this platform, with the reason. */
const ZLINT_IS_WRONG: Readonly<Record<string, string>> = {};

describe('independent verifiers', () => {
  let party: RelyingParty;
  let cards: Client;
  let officer: Client;
  let specimens: readonly Specimen[];
  let base: string;

  before(async function prepare() {
    const shared = await sharedService('rsa-4096');
    cards = shared.as('card-management');
    officer = shared.as('officer-1');
    base = shared.service.urls.publication;
    party = createRelyingParty(base);
    specimens = await issueLikeTheField(cards);
    for (const ca of ISSUING) await officer.expect('POST', `/v1/cas/${ca}/crl`);
    await party.fetchAll();
    for (const { issued } of specimens) writeIssued(party, issued);
  });

  after(() => party.remove());

  const specimenOf = (profile: string): Specimen => {
    const found = specimens.find(({ issued }) => issued.profile === profile);
    assert.ok(found, profile);
    return found;
  };
  const fileOf = ({ id }: IssuedCertificate): string => party.path(`${id}.pem`);

  describe('accept valid certificates', () => {
    for (const profile of PROFILES) {
      it(`${profile}: openssl verify with chain and CRLs, strictly`, async () => {
        const { issued } = specimenOf(profile);
        const { status, output, command } = await party.verify(fileOf(issued), issued.ca);
        assert.equal(status, 0, `${command}\n${output}`);
        assert.match(output, /: OK$/m);
      });

      for (const nonce of ['-nonce', '-no_nonce']) {
        for (const hash of ['-sha1', '-sha256']) {
          it(`${profile}: openssl ocsp by POST, ${nonce}, ${hash} CertID`, async () => {
            const { issued } = specimenOf(profile);
            const { status, output, command } = await party.ocsp(fileOf(issued), issued.ca, hash, nonce);
            assert.equal(status, 0, `${command}\n${output}`);
            assert.ok(output.includes('Response verify OK'), output);
            assert.ok(output.includes(`${fileOf(issued)}: good`), output);
            assert.ok(!/WARNING|rror/.test(output), output);
          });
        }
      }

      it(`${profile}: GnuTLS certtool with chain and CRLs`, async () => {
        const { issued } = specimenOf(profile);
        const outcome = await certtoolVerify(party, issued);
        assert.equal(outcome.status, 0, outcome.output);
        assert.ok(/Verified\. The certificate is trusted/.test(outcome.output), outcome.output);
      });

      it(`${profile}: GnuTLS ocsptool`, async () => {
        const { issued } = specimenOf(profile);
        const { output } = await ocsptoolAsk(party, issued, base);
        assert.ok(/Verifying OCSP Response: Success/.test(output), output);
        assert.match(output, /Certificate Status: good/);
      });
    }
  });

  describe('find no fault in the encoding', () => {
    const lintOf = async (file: string): Promise<readonly string[]> => {
      const { bytes, output, status } = await judge('zlint', ['-includeSources', SOURCES, file]);
      assert.equal(status, 0, output);
      const results = JSON.parse(bytes.toString('utf8')) as Readonly<Record<string, { readonly result: string }>>;
      assert.ok(Object.keys(results).length > 50, 'zlint ran few lints');
      return Object.keys(results)
        .filter((name) => ['error', 'fatal'].includes(results[name]?.result ?? ''))
        .filter((name) => ZLINT_IS_WRONG[name] === undefined);
    };

    for (const profile of PROFILES) {
      it(`zlint of ${profile}`, async () => {
        assert.deepEqual(await lintOf(fileOf(specimenOf(profile).issued)), []);
      });
    }
    for (const ca of [...ROOTS, ...ISSUING]) {
      it(`zlint of ${ca}`, async () => assert.deepEqual(await lintOf(party.path(`${ca}.pem`)), []));
    }
    for (const ca of ISSUING) {
      it(`zlint of the OCSP responder of ${ca}`, async () => {
        const file = await party.fetchResponder(ca);
        assert.deepEqual(await lintOf(file), []);
      });

      it(`GnuTLS reads the CRL of ${ca} and verifies its signature`, async () => {
        const crl = readFileSync(party.path(`${ca}.crl.pem`));
        const { output, status } = await judge(
          'certtool',
          ['--verify-crl', '--load-ca-certificate', party.path(`${ca}.pem`)],
          crl,
        );
        assert.equal(status, 0, output);
        assert.match(output, /Verification output: Verified/);
      });
    }
  });

  describe('fetch by GET', () => {
    it('curl: the base64 path form, raw and percent-encoded, under /ocsp and under the root', async () => {
      const { issued, hash, request } = await requestWithSlash(party, specimens);
      const base64 = request.toString('base64');
      assert.match(base64, /[/+]/, 'a request whose base64 needs encoding');
      for (const form of [base64, encodeURIComponent(base64), lowerHex(base64)]) {
        for (const prefix of ['/ocsp/', '/']) {
          const fetched = await judge('curl', ['-sS', '--fail', '--path-as-is', `${base}${prefix}${form}`]);
          assert.equal(fetched.status, 0, fetched.output);
          const { output } = await verifyResponse(party, { issued, hash }, fetched.bytes);
          assert.ok(output.includes('Response verify OK') && output.includes(': good'), output);
        }
      }
    });

    it('curl: the response may be cached until its nextUpdate, and is not sent twice (RFC 9919)', async () => {
      const { request } = await requestWithSlash(party, specimens);
      const url = `${base}/ocsp/${encodeURIComponent(request.toString('base64'))}`;
      const first = await judge('curl', ['-sS', '-D', '-', '-o', '/dev/null', url]);
      assert.match(first.output, /^content-type: application\/ocsp-response\r$/im);
      assert.match(first.output, /^cache-control: max-age=\d+, public, no-transform, must-revalidate\r$/im);
      const etag = /^etag: (.+)\r$/im.exec(first.output)?.[1] ?? '';
      const second = await judge('curl', [
        '-sS',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '-H',
        `If-None-Match: ${etag}`,
        url,
      ]);
      assert.equal(second.output, '304');
    });
  });

  describe('reject revoked certificates', () => {
    before(async function revokeAll() {
      for (const { issued } of specimens)
        await cards.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
      for (const ca of ISSUING) await officer.expect('POST', `/v1/cas/${ca}/crl`);
      for (const ca of ISSUING) await party.fetchCrl(ca);
    });

    for (const profile of PROFILES) {
      it(`${profile}: openssl verify, openssl ocsp, certtool, ocsptool`, async () => {
        const { issued } = specimenOf(profile);
        const verified = await party.verify(fileOf(issued), issued.ca);
        assert.equal(verified.status, 2, verified.output);
        assert.ok(verified.output.includes('certificate revoked'), verified.output);
        const asked = await party.ocsp(fileOf(issued), issued.ca, '-no_nonce');
        assert.ok(asked.output.includes('Response verify OK') && asked.output.includes(': revoked'), asked.output);
        const gnutls = await certtoolVerify(party, issued);
        assert.ok(/revoked/.test(gnutls.output), gnutls.output);
        const { output } = await ocsptoolAsk(party, issued, base);
        assert.match(output, /Certificate Status: revoked/);
      });
    }
  });
});

function certtoolVerify(party: RelyingParty, { id, ca }: IssuedCertificate) {
  const read = (name: string): string => readFileSync(party.path(name), 'utf8');
  const chain = [`${id}.pem`, `${ca}.pem`, `${rootOf(ca)}.pem`].map(read).join('');
  const lists = party.write(`${id}.crls.pem`, [`${ca}.crl.pem`, `${rootOf(ca)}.crl.pem`].map(read).join(''));
  const trust = ['--load-ca-certificate', party.path(`${rootOf(ca)}.pem`), '--load-crl', lists];
  return judge('certtool', ['--verify', '--verify-profile', 'low', ...trust], chain);
}

/**
 * ocsptool builds no chain for the responder: it is given the issuing CA as trusted, which certtool
 * has verified.
 */
function ocsptoolAsk(party: RelyingParty, { id, ca }: IssuedCertificate, base: string) {
  const authority = party.path(`${ca}.pem`);
  const files = ['--load-cert', party.path(`${id}.pem`), '--load-issuer', authority, '--load-trust', authority];
  return judge('ocsptool', [`--ask=${base}/ocsp`, ...files]);
}

type OcspQuestion = { readonly issued: IssuedCertificate; readonly hash: string; readonly request: Buffer };

/**
 * A request without a nonce whose base64 contains both a slash and a plus sign, if there is one.
 */
async function requestWithSlash(party: RelyingParty, specimens: readonly Specimen[]): Promise<OcspQuestion> {
  const made = [];
  for (const { issued } of specimens) {
    for (const hash of ['-sha1', '-sha256']) {
      const file = party.path(`${issued.id}.req`);
      const names = ['-issuer', party.path(`${issued.ca}.pem`), '-cert', party.path(`${issued.id}.pem`)];
      const { status, output } = await openssl('ocsp', hash, '-no_nonce', ...names, '-reqout', file);
      assert.equal(status, 0, output);
      made.push({ issued, hash, request: readFileSync(file) });
    }
  }
  const [first] = made;
  assert.ok(first);
  const both = made.find(
    ({ request }) => /\//.test(request.toString('base64')) && /\+/.test(request.toString('base64')),
  );
  return both ?? made.find(({ request }) => request.toString('base64').includes('/')) ?? first;
}

/** Hex digits of either case are equivalent (RFC 3986 2.1). */
function lowerHex(base64: string): string {
  return encodeURIComponent(base64).replace(/%[0-9A-F]{2}/g, (encoded) => encoded.toLowerCase());
}

function verifyResponse(
  party: RelyingParty,
  { issued: { id, ca }, hash }: Omit<OcspQuestion, 'request'>,
  response: Buffer,
) {
  const file = party.write(`${id}.resp`, response);
  return openssl(
    'ocsp',
    hash,
    '-no_nonce',
    '-respin',
    file,
    '-issuer',
    party.path(`${ca}.pem`),
    '-cert',
    party.path(`${id}.pem`),
    '-CAfile',
    party.path(`${rootOf(ca)}.pem`),
  );
}
