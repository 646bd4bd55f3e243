/** Certificates that a test signs with a key of its own. */
import assert from 'node:assert/strict';
import { createHash, type KeyObject, sign } from 'node:crypto';
import { OID } from '../../../src/asn1/oids.js';
import { planAccessAuthority } from '../../../src/ceremony/steps/shared/access.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { assembleCertificate, encodeTbs } from '../../../src/x509/certificate/certificate-writer.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { encodePem } from '../../../src/x509/pem.js';
import { type HolderKey, makeKey } from './csr.js';

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function derOf(pem: string): Uint8Array {
  const [, base64 = ''] = /-----BEGIN [^-]+-----([^-]*)-----END/.exec(pem) ?? [];
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

export type Tbs = Omit<Parameters<typeof encodeTbs>[0], 'serial' | 'signatureAlgorithm'>;

export function signedBy(key: KeyObject, tbs: Tbs): string {
  const serial = Uint8Array.of(0x4d, ...new Uint8Array(15).fill(9));
  const bytes = encodeTbs({ ...tbs, serial, signatureAlgorithm: 'ecdsaWithSha256' });
  const signature = new Uint8Array(sign('sha256', bytes, key));
  return encodePem('CERTIFICATE', assembleCertificate(bytes, 'ecdsaWithSha256', signature));
}

export function childOf(parentPem: string, { publicKey }: HolderKey): Tbs {
  const parent = readCertificate(derOf(parentPem));
  assert.ok(parent.ok);
  const { tbs } = parent.value;
  const validity = { notBefore: tbs.notBefore.at, notAfter: tbs.notAfter.at };
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  return { issuerDer: tbs.subjectDer, subject: tbs.subject, validity, extensions: tbs.extensions, spki };
}

/** DER of the name of the issuer of a certificate (PEM). */
export function issuerOf(pem: string): Uint8Array {
  const read = readCertificate(derOf(pem));
  assert.ok(read.ok);
  return read.value.tbs.issuerDer;
}

/** An access CA that is good in all but the organizational unit of its name. */
export function otherEnvironment(): string {
  return selfSigned(() => true).certificate;
}

/** A certificate with which a TLS 1.2 server can sign, which nobody has issued, and its key. */
export function serverCertificate(): SelfSigned {
  return selfSigned(({ oid }) => oid !== OID.keyUsage && oid !== OID.basicConstraints);
}

type SelfSigned = { readonly certificate: string; readonly key: string };

function selfSigned(has: (extension: Tbs['extensions'][number]) => boolean): SelfSigned {
  const { publicKey, privateKey } = makeKey();
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const subject = { countryName: 'FR', organizationName: 'T', organizationalUnitName: 'T', commonName: 'T' };
  const names = { organizationalUnit: 'IGC-SANTE', commonNamePrefix: '' };
  const planned = planAccessAuthority({ names }, { subject, years: 1 }, { spki, now: Date.now() });
  const extensions = planned.extensions.filter(has);
  const issuerDer = encodeName(planned.subject);
  const certificate = signedBy(privateKey, { ...planned, extensions, spki, issuerDer });
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
