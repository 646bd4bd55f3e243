/** Records and events to put into a database. */
import type { AuditOrigin } from '../../../src/audit/entry.js';
import type { AuditEvent } from '../../../src/audit/events.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import type { RunId } from '../../../src/ports/node.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { RevocationSelection } from '../../../src/ports/store/mass-revocations.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Transaction } from '../../../src/ports/store.js';
import { insertIntents, setState, storeSignatures } from './unaudited.js';

export const ISSUER = 'aci-fo-pp' as IssuerId;
export const OTHER_ISSUER = 'aci-el-org-2' as IssuerId;
/** The run of the process under test. */
export const RUN = '00c0ffee00c0ffee00c0ffee00c0ffee' as RunId;
export const NOW = Date.UTC(2026, 2, 1, 10);
export const DAY_MS = 86_400_000;

/** Criteria of a mass revocation that select every certificate. */
export const EVERY_CERTIFICATE: RevocationSelection = {
  authority: null,
  profile: null,
  issuedFrom: null,
  issuedUntil: null,
  spkiSha256: null,
};

/** Ids ascend with the number, as UUIDs of version 7 do in time. */
export function idOf(number: number): string {
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function serialOf(number: number): string {
  return number.toString(16).padStart(32, '0');
}

export function intent(number: number, from: Partial<CertificateRecord> = {}): CertificateRecord {
  return {
    id: idOf(number),
    issuer: ISSUER,
    serial: serialOf(number),
    profile: 'fort/cps-authentication',
    policyDigest: 'd'.repeat(64),
    tbs: Uint8Array.of(0x30, 0x03, 0x02, 0x01, number % 128),
    signature: null,
    state: { status: 'open' },
    notBefore: NOW,
    notAfter: NOW + 1_000 * DAY_MS,
    createdAt: NOW,
    holderId: '810002813839',
    structureId: null,
    cardTokenId: null,
    holder: { kind: 'professional', idNat: '810002813839', surname: 'HÉRACLÈS' },
    card: null,
    identity: { assurance: 'high', source: 'PSI' },
    keyOrigin: 'card',
    container: null,
    spkiSha256: number.toString(16).padStart(64, '0'),
    accountId: 'card-management',
    run: RUN,
    claim: null,
    renews: null,
    becomes: 'issued',
    protocol: 'rest',
    updateId: null,
    registrationId: null,
    selfRenewal: false,
    encrypted: false,
    confirmed: false,
    keyType: 'p-256',
    crlPartition: null,
    recoveredSha256: null,
    ...from,
  };
}

/** The origin of the audit entries that tests write. */
export const AUDIT_ORIGIN: AuditOrigin = {
  node: '00000000000000aa',
  // No service has entries of this year, so that tests can open the database of any of them.
  tagKeys: new Map([['1999', new Uint8Array(32).fill(7)]]),
};

/** An audit event about the certificate with this number. */
export function event(number = 1): AuditEvent<'certificate.issued'> {
  return issuedEventOf(intent(number));
}

export function intentEventOf(record: CertificateRecord): AuditEvent<'certificate.intent'> {
  const { id, issuer, serial, profile, policyDigest, spkiSha256, notBefore, notAfter, keyOrigin } = record;
  const certificate = { id, issuer, serial, profile, policyDigest, spkiSha256, notBefore, notAfter, keyOrigin };
  const evidence = { holder: record.holderId, structure: record.structureId, card: record.cardTokenId, evidence: null };
  const details = { ...certificate, ...evidence, tbsSha256: sha256Hex(record.tbs), assurance: 'high' };
  return { at: record.createdAt, type: 'certificate.intent', actor: `account:${record.accountId}`, details };
}

export function issuedEventOf(record: CertificateRecord): AuditEvent<'certificate.issued'> {
  const { id, issuer, serial, profile } = record;
  const details = { id, issuer, serial, profile, signatureSha256: '5'.repeat(64) };
  return { at: record.createdAt, type: 'certificate.issued', actor: `account:${record.accountId}`, details };
}

/** Puts a certificate in, signed, and in the given state. */
export async function certify(
  tx: Transaction,
  record: CertificateRecord,
  state: StoredState = { status: 'issued' },
): Promise<CertificateRecord> {
  const born = state.status === 'pending' ? { ...record, becomes: state.status } : record;
  await insertIntents(tx, [born]);
  if (state.status === 'open') return born;
  const signature = Uint8Array.of(1, 2, 3);
  await storeSignatures(tx, [{ id: record.id, signature }]);
  if (state.status !== born.becomes) await setState(tx, record.id, [state, { at: NOW, actor: 'account:officer-1' }]);
  return { ...born, signature, state };
}
