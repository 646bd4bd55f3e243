/**
 * The checks of a certificate that authenticates an account or itself. They are a table, in their
 * order, for TLS, CMP and signed statements alike.
 */
import { OID } from '../asn1/oids.js';
import { formatInstant, type Instant } from '../kernel/clock.js';
import type { StatusRecord, StoredState } from '../ports/store/statuses.js';
import { type Fault, fault, text } from '../texts/text.js';
import { extensionOf } from '../x509/certificate/certificate-reader.js';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.js';
import { readKeyUsage } from '../x509/extensions/key-usage.js';
import type { IssuerCertificate, TbsView } from '../x509/model.js';
import { breakGlassFault } from './break-glass.js';

export type CertificateEvidence = {
  readonly tbs: TbsView;
  readonly kind: 'platform' | 'break-glass';
  /**
   * null: the database does not have the certificate, and never has that of a break-glass officer.
   */
  readonly status: StatusRecord | null;
  /** The states in which it may do what is asked. */
  readonly states: readonly StoredState['status'][];
  /** false: it signs for its own revocation, which a key of any usage may do. */
  readonly mustAuthenticateClients: boolean;
  readonly issuer: Pick<IssuerCertificate, 'notBefore' | 'notAfter'>;
  readonly issuerIsRevoked: boolean;
  /** The database has exactly these bytes; always true for a break-glass officer. */
  readonly isAsRecorded: boolean;
  /**
   * A certificate of any issuer on the same key was revoked for compromise, or the key was blocked
   * by an officer or is in a file of blocked keys.
   */
  readonly keyIsCompromised: boolean;
  readonly now: Instant;
};

export type CheckRule =
  | 'certificate-in-time'
  | 'certificate-for-client-authentication'
  | 'certificate-of-an-officer'
  | 'issuer-in-time'
  | 'issuer-not-revoked'
  | 'certificate-not-revoked'
  | 'certificate-as-recorded'
  | 'key-not-compromised/client';

const CHECKS: readonly { readonly rule: CheckRule; readonly passes: (presented: CertificateEvidence) => boolean }[] = [
  {
    rule: 'certificate-in-time',
    passes: ({ tbs, now }) => tbs.notBefore.at <= now && now <= tbs.notAfter.at,
  },
  {
    rule: 'certificate-for-client-authentication',
    passes: ({ tbs, mustAuthenticateClients }) => !mustAuthenticateClients || isForClientAuthentication(tbs),
  },
  {
    rule: 'certificate-of-an-officer',
    passes: ({ kind, tbs }) => kind !== 'break-glass' || breakGlassFault(tbs) === null,
  },
  // RFC 5280 6.1.3 requires this of each certificate of the path. Ceremonies issue no certificate
  // that outlives its CA, but an attacker with the key of an expired CA could.
  { rule: 'issuer-in-time', passes: ({ issuer, now }) => issuer.notBefore <= now && now <= issuer.notAfter },
  { rule: 'issuer-not-revoked', passes: ({ issuerIsRevoked }) => !issuerIsRevoked },
  {
    rule: 'certificate-not-revoked',
    passes: ({ kind, status, states }) => kind === 'break-glass' || isInState(status, states),
  },
  // A valid signature is not enough: an ECDSA signature can be changed into a second valid one, and
  // a leaked CA key can sign any certificate.
  { rule: 'certificate-as-recorded', passes: ({ isAsRecorded }) => isAsRecorded },
  // An attacker with a stolen key may have ordered a second certificate on it before the first was
  // revoked.
  { rule: 'key-not-compromised/client', passes: ({ keyIsCompromised }) => !keyIsCompromised },
];

function isInState(status: StatusRecord | null, states: readonly StoredState['status'][]): boolean {
  return status?.signed === true && states.includes(status.state.status);
}

const ALL_RULES: readonly CheckRule[] = CHECKS.map(({ rule }) => rule);

/**
 * Returns the first check that the certificate does not pass, and what its owner can do about it;
 * null: it passes all. `rules`: only these are checked.
 */
export function certificateFault(evidence: CertificateEvidence, rules = ALL_RULES): Fault | null {
  const broken = CHECKS.find(({ rule, passes }) => rules.includes(rule) && !passes(evidence));
  return broken === undefined ? null : faultOf(broken.rule, evidence.status);
}

function faultOf(rule: CheckRule, status: StatusRecord | null): Fault {
  const remedy = text('ask-an-officer');
  if (rule === 'key-not-compromised/client') return fault(rule, { remedy });
  const state = rule === 'certificate-not-revoked' ? status?.state : undefined;
  if (state?.status === 'revoked')
    return fault('certificate-not-revoked/revoked', { at: formatInstant(state.at), remedy });
  if (state?.status === 'suspended') return fault('certificate-not-revoked/suspended', { at: formatInstant(state.at) });
  return fault(rule);
}

export function isForClientAuthentication(tbs: TbsView): boolean {
  const purposes = extensionOf(tbs, OID.extKeyUsage);
  const names = purposes === null ? null : readExtendedKeyUsage(purposes.value);
  return isForDigitalSignature(tbs) && names?.ok === true && names.value.includes('clientAuth');
}

/** Whether its key may sign messages. */
export function isForDigitalSignature(tbs: TbsView): boolean {
  const usage = extensionOf(tbs, OID.keyUsage);
  const bits = usage === null ? null : readKeyUsage(usage.value);
  return bits?.ok === true && bits.value.includes('digitalSignature');
}
