/**
 * Compares certificates of a running service with the domain facts, which were written from decoded
 * real certificates: every end-entity profile, every authority, every OCSP responder.
 */
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as asn1js from 'asn1js';
import { fromPem } from '../support/service/csr.js';
import { createRelyingParty, ISSUING, type RelyingParty } from '../support/service/files.js';
import { openssl } from '../support/service/judges.js';
import { PROFILES } from '../support/service/orders.js';
import { sharedService } from '../support/service/shared.js';
import { AUTHORITY_FACTS } from './authority-facts.js';
import { DEVELOPMENT_ADDRESSES, EXTENSION, type ExpectedName, PROFILE_FACTS, TEST_POLICY } from './domain-facts.js';
import { expectedName, filled, shownName } from './expected-name.js';
import {
  children,
  oidOf,
  parse,
  type ReadCertificate,
  readCertificateWithAsn1js,
  sequence,
} from './read-certificate.js';
import { issueLikeTheField, type Specimen } from './specimens.js';

/** sha256WithRSAEncryption and rsaEncryption (RFC 4055), id-ecPublicKey (RFC 5480). */
const RSA_SHA256 = '1.2.840.113549.1.1.11';
const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';

type Common = {
  readonly subject: ExpectedName;
  readonly extensions: ReadonlySet<string>;
  readonly critical: ReadonlySet<string>;
  readonly constants: Readonly<Record<string, string>>;
  readonly keyUsage: readonly string[];
};

describe('certificates of the service and the domain facts', () => {
  let party: RelyingParty;
  let specimens: readonly Specimen[];
  let base: string;

  before(async function prepare() {
    const shared = await sharedService('rsa-4096');
    base = shared.service.urls.publication;
    party = createRelyingParty(base);
    await party.fetchAll();
    specimens = await issueLikeTheField(shared.as('card-management'));
  });

  after(() => party.remove());

  const authorityOf = (ca: string): ReadCertificate => read(party.path(`${ca}.pem`));

  for (const profile of PROFILES) {
    it(`agree on ${profile}`, async () => {
      const facts = PROFILE_FACTS[profile];
      const specimen = specimens.find(({ issued }) => issued.profile === profile);
      assert.ok(facts && specimen);
      const file = party.write('one.pem', specimen.issued.certificate);
      const certificate = read(file);
      const authority = authorityOf(facts.authority);
      const { holder } = specimen.order;
      await assertCommon(file, { ...facts, holder });
      assertIssuedBy(certificate, authority);
      assert.equal(certificate.issuer.at(-1)?.[0]?.value, facts.issuerCommonName);
      assert.equal(certificate.serial.length, 16);
      assert.deepEqual([certificate.keyAlgorithm, certificate.timeForms], [RSA, ['UTCTime', 'UTCTime']]);
      assert.deepEqual(certificate.notAfter, ending(certificate.notBefore, facts.validity));
      assert.deepEqual(oids(certificate, EXTENSION.extKeyUsage), facts.extendedKeyUsage);
      const text = await textOf(file);
      const alternative = section(text, 'X509v3 Subject Alternative Name');
      const names = facts.dnsNames ? (holder as { readonly names: readonly string[] }).names : [];
      const upn = facts.userPrincipalName === null ? [] : [`othername: UPN:${filled(facts.userPrincipalName, holder)}`];
      const emails = facts.mailAddresses ? (holder as { readonly emails: readonly string[] }).emails : [];
      const expected = [...upn, ...names.map((name) => `DNS:${name}`), ...emails.map((address) => `email:${address}`)];
      assert.deepEqual(alternative, expected.join(', '));
      if (facts.privateKeyUsagePeriodIsValidity) assertUsagePeriod(certificate);
      assert.equal(
        section(text, 'X509v3 CRL Distribution Points'),
        `Full Name: URI:${base}/CRL/${facts.authority.toUpperCase()}.crl`,
      );
      const access = `OCSP - URI:${base}/ocsp CA Issuers - URI:${base}/AC/${facts.authority.toUpperCase()}.cer`;
      assert.equal(section(text, 'Authority Information Access'), access);
      assert.equal(section(text, 'X509v3 Certificate Policies'), `Policy: ${TEST_POLICY} CPS: ${base}/PC%20TEST`);
    });
  }

  for (const [id, facts] of Object.entries(AUTHORITY_FACTS)) {
    it(`agree on ${id}`, async () => {
      const file = party.path(`${id}.pem`);
      const certificate = read(file);
      const root = authorityOf(facts.issuer);
      await assertCommon(file, { ...facts, holder: null });
      assertIssuedBy(certificate, root);
      assert.equal(certificate.keyAlgorithm, RSA);
      assert.equal(new X509Certificate(readFileSync(file)).publicKey.asymmetricKeyDetails?.modulusLength, 4096);
      const end = ending(certificate.notBefore, { years: facts.validity.years }).getTime();
      // An issuing authority's certificate must not outlast its root's; the day less allows for the
      // time between two ceremonies.
      assert.equal(certificate.notAfter.getTime(), end - facts.validity.daysLess * 86_400_000);
      const text = await textOf(file);
      const policies = `Policy: X509v3 Any Policy CPS: ${DEVELOPMENT_ADDRESSES.certificationPracticeStatement}`;
      assert.equal(section(text, 'X509v3 Certificate Policies'), policies);
      const lists = facts.crlFile === null ? '' : `Full Name: URI:${DEVELOPMENT_ADDRESSES.crl}${facts.crlFile}`;
      assert.equal(section(text, 'X509v3 CRL Distribution Points'), lists);
    });
  }

  for (const ca of ISSUING) {
    it(`agree on the OCSP responder of ${ca}`, async () => {
      const [, range, whose] = ca.split('-');
      const hierarchy = { fo: 'fort', st: 'standard', el: 'elementaire' }[range ?? ''];
      const facts = PROFILE_FACTS[`${hierarchy}/ocsp-${whose}`];
      assert.ok(facts);
      const file = await party.fetchResponder(ca);
      const certificate = read(file);
      await assertCommon(file, { ...facts, keyUsage: facts.keyUsageOfEcKey, holder: null });
      assertIssuedBy(certificate, authorityOf(ca));
      assert.equal(certificate.keyAlgorithm, EC);
      assert.deepEqual(oids(certificate, EXTENSION.extKeyUsage), facts.extendedKeyUsage);
      assert.deepEqual(certificate.notAfter, ending(certificate.notBefore, facts.validity));
    });
  }

  /**
   * What every certificate must have: its name, its extensions, those that are critical, and
   * constant values.
   */
  async function assertCommon(file: string, facts: Common & { readonly holder: unknown }): Promise<void> {
    const certificate = read(file);
    assert.equal(certificate.version, 2, 'v3');
    assert.deepEqual(certificate.signatureAlgorithms, [RSA_SHA256, RSA_SHA256]);
    assert.deepEqual(shownName(certificate.subject), expectedName(facts.subject, facts.holder));
    assert.deepEqual(certificate.extensions.map(({ oid }) => oid).sort(), [...facts.extensions].sort());
    const critical = certificate.extensions.filter((one) => one.critical).map(({ oid }) => oid);
    assert.deepEqual(critical.sort(), [...facts.critical].sort());
    for (const [oid, hex] of Object.entries(facts.constants))
      assert.equal(extensionValue(certificate, oid).toString('hex'), hex, oid);
    assert.equal(section(await textOf(file), 'X509v3 Key Usage: critical'), facts.keyUsage.join(', '));
    // RFC 5280 4.2.1.2 (1): SHA-1 of the BIT STRING.
    const identifier = createHash('sha1').update(certificate.publicKey).digest('hex');
    assert.equal(extensionValue(certificate, EXTENSION.subjectKeyIdentifier).toString('hex'), `0414${identifier}`);
  }
});

function read(file: string): ReadCertificate {
  const [der] = fromPem(readFileSync(file, 'utf8'));
  assert.ok(der);
  return readCertificateWithAsn1js(der);
}

function extensionValue({ extensions }: ReadCertificate, oid: string): Buffer {
  const found = extensions.find((one) => one.oid === oid);
  assert.ok(found, oid);
  return found.value;
}

function oids(certificate: ReadCertificate, oid: string): readonly string[] {
  return sequence(parse(extensionValue(certificate, oid))).map(oidOf);
}

/**
 * Checks the issuer's name and key identifier; issuer and serial number must be absent from the
 * extension.
 */
function assertIssuedBy(certificate: ReadCertificate, issuer: ReadCertificate): void {
  assert.deepEqual(certificate.issuer, issuer.subject);
  const identifier = extensionValue(issuer, EXTENSION.subjectKeyIdentifier).subarray(2).toString('hex');
  assert.equal(extensionValue(certificate, EXTENSION.authorityKeyIdentifier).toString('hex'), `30168014${identifier}`);
}

/**
 * PrivateKeyUsagePeriod: [0] and [1] are GeneralizedTime without a fraction, equal to the validity.
 */
function assertUsagePeriod(certificate: ReadCertificate): void {
  const found = sequence(parse(extensionValue(certificate, EXTENSION.privateKeyUsagePeriod))).map((block) => {
    assert.ok(block instanceof asn1js.Primitive);
    return [block.idBlock.tagNumber, Buffer.from(block.valueBlock.valueHexView).toString('latin1')];
  });
  const text = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  assert.deepEqual(found, [
    [0, text(certificate.notBefore)],
    [1, text(certificate.notAfter)],
  ]);
  assert.equal(children(parse(extensionValue(certificate, EXTENSION.privateKeyUsagePeriod))).length, 2);
}

/**
 * The validity includes both ends (RFC 5280 4.1.2.5): it ends one second before the same time years
 * or days later.
 */
function ending(from: Date, validity: { readonly years: number } | { readonly days: number }): Date {
  const end = new Date(from);
  if ('years' in validity) end.setUTCFullYear(end.getUTCFullYear() + validity.years);
  else end.setUTCDate(end.getUTCDate() + validity.days);
  return new Date(end.getTime() - 1_000);
}

async function textOf(file: string): Promise<string> {
  const { output, status } = await openssl('x509', '-in', file, '-noout', '-text');
  assert.equal(status, 0, output);
  return output;
}

/** The text below the heading of an extension, on one line; empty when the heading is absent. */
function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.trim().startsWith(heading));
  if (at < 0) return '';
  const indent = (line: string): number => line.length - line.trimStart().length;
  const own = indent(lines[at] ?? '');
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => indent(line) <= own);
  return rest
    .slice(0, end < 0 ? rest.length : end)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
