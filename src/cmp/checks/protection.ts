import { accountFault, networkFault } from '../../access/account.js';
import { isOfOfficers } from '../../access/break-glass.js';
import {
  type CertificateEvidence,
  type CheckRule,
  certificateFault,
  isForDigitalSignature,
} from '../../access/client-certificate.js';
import { contextTag } from '../../asn1/der-reader.js';
import { contextConstructed } from '../../asn1/der-writer.js';
import { present } from '../../kernel/assert.js';
import { equalBytes } from '../../kernel/bytes.js';
import { wasInForce } from '../../lifecycle/certificate-states.js';
import { isForSuite } from '../../policy/enrolment-policy.js';
import type { Account } from '../../ports/store/accounts.js';
import { isSameName } from '../../x509/certificate/name-comparison.js';
import { formatName } from '../../x509/certificate/name-reader.js';
import type { Name, TbsView } from '../../x509/model.js';
import type { BodyKind, GeneralName } from '../model.js';
import type { Mac } from '../protection/mac.js';
import { type Check, refused } from './check.js';
import type { CheckContext } from './context.js';

export const PROTECTED: Check = {
  id: 'B1',
  examine: ({ message: { protection, header } }) => {
    if (protection !== null && header.protectionAlg !== null) return null;
    const missing = protection === null ? 'protection' : 'protectionAlg';
    return refused('badMessageCheck', `${missing} is absent; every request must be protected`);
  },
};

const WITH_MAC: readonly BodyKind[] = ['ir', 'cr', 'p10cr', 'genm'];

/**
 * Signature or MAC. The later messages of a transaction have the kind of its first message (RFC
 * 9483 3.2). The transactionID is looked up without its principal, who is not known yet.
 */
export const KIND: Check = {
  id: 'B3',
  examine: async ({ message: { bodyKind }, isFirst, protectionKind, begun }) => {
    if (isFirst)
      return protectionKind === 'signature' || WITH_MAC.includes(bodyKind)
        ? null
        : refused('wrongIntegrity', `${bodyKind} must be protected by a signature; with OpenSSL: -cert and -key`);
    const kinds = (await begun()).map(({ kind }) => kind);
    return kinds.length === 0 || kinds.includes(protectionKind)
      ? null
      : refused('wrongIntegrity', `the transaction began with a ${kinds[0]}, not with a ${protectionKind}`);
  },
};

export const ALGORITHM: Check = {
  id: 'B2',
  examine: ({ algorithm, path, profiles }) => {
    if (!algorithm.ok) return refused('badAlg', algorithm.error);
    if (algorithm.value.kind === 'signature') return null;
    if (!isForSuite(profiles.get(path.profile ?? '')) || isDerivedBySha2(algorithm.value.mac)) return null;
    return refused('badAlg', 'protectionAlg: this profile takes PasswordBasedMac and PBMAC1 with SHA-2 only');
  },
};

/**
 * A conformance suite counts HMAC and KMAC without a derivation of the key, and SHA-3 (RFC 9688),
 * among what the lightweight profile does not have.
 */
function isDerivedBySha2({ derivation, hashes }: Mac): boolean {
  return derivation !== null && !hashes.some((name) => name.startsWith('sha3-'));
}

/** directoryName of GeneralName (RFC 5280 4.2.1.6). */
const DIRECTORY_NAME = contextTag(4, 'constructed');

/**
 * The content of sender is not compared: RFC 9483 3.1 wants the reference there, and OpenSSL sends
 * the requested subject. An unknown reference costs the same work as a wrong MAC and has the same
 * answer.
 */
export const MAC: Check = {
  id: 'B4',
  examine: async ({ message: { header }, protectionKind, macIsRight, transaction }) => {
    if (protectionKind !== 'mac') return null;
    if (header.sender.der[0] !== DIRECTORY_NAME)
      return refused('badMessageCheck', 'sender must be a directoryName where a MAC protects the message');
    if (header.senderKID === null)
      return refused('badMessageCheck', 'senderKID must be the reference of the secret; with OpenSSL: -ref');
    if (!(await macIsRight())) return refused('badMessageCheck', 'the reference or the MAC is wrong');
    const begun = (await transaction())?.protection ?? null;
    if (begun === null || (begun.kind === 'mac' && begun.algorithm === header.protectionAlg?.oid)) return null;
    return refused('badMessageCheck', 'all messages of a transaction must have the same protectionAlg');
  },
};

/**
 * A device with the secret of a registration is elsewhere, so that neither the networks nor the
 * state of its account are examined here; the operation looks at the rights that the account has.
 */
export const ACCOUNT: Check = {
  id: 'B10',
  examine: async (context) => {
    const principal = await context.principal();
    if (principal === null)
      return refused('notAuthorized', 'the protection certificate belongs to no account, and cannot act for itself');
    if (principal.kind !== 'account') return null;
    const broken = await refusal(context, principal.account);
    return broken === null ? null : refused('notAuthorized', broken);
  },
};

async function refusal(
  { protectionKind, signer, address, now, log }: CheckContext,
  account: Account,
): Promise<string | null> {
  const broken = accountFault(account, now) ?? networkFault(account, address);
  if (broken !== null) return broken.message.en;
  const found = protectionKind === 'signature' ? await signer() : null;
  if (found?.known.kind !== 'break-glass') return null;
  if (!isOfOfficers(account)) return 'certificates of the access CA are for officers only';
  // This is an exception that the people who watch the log should notice.
  log.warn('account.break-glass', { account: account.id, issuer: found.known.issuer.id });
  return null;
}

export const SIGNATURE: Check = {
  id: 'B8',
  examine: async ({ protectionKind, signatureIsRight }) =>
    protectionKind !== 'signature' || (await signatureIsRight())
      ? null
      : refused('badMessageCheck', 'the signature does not verify with the key of the protection certificate'),
};

/** The first certificate of extraCerts is the one that the header names (RFC 9483 3.1). */
export const CERTIFICATE: Check = {
  id: 'B5',
  examine: async ({ message: { header }, protectionKind, certificate }) => {
    if (protectionKind !== 'signature') return null;
    const found = await certificate();
    if (found === 'missing')
      return refused('badMessageCheck', 'extraCerts must begin with the certificate of the signature');
    // This platform can read every certificate that it has issued, so this one is of somebody else,
    // and the next checks refuse it.
    if (found === 'unreadable') return null;
    const { sender, senderKID } = header;
    if (sender.kind !== 'directoryName' || !isNameOf(sender, found.view.tbs))
      return refused('badMessageCheck', 'sender must be the subject of the first certificate of extraCerts');
    if (senderKID === null || found.keyIdentifier === null || !equalBytes(senderKID, found.keyIdentifier))
      return refused(
        'badMessageCheck',
        'senderKID must be the subjectKeyIdentifier of the first certificate of extraCerts',
      );
    return null;
  },
};

type DirectoryName = Extract<GeneralName, { readonly kind: 'directoryName' }>;

/** Most clients copy the name, so that its octets are equal and no text has to be prepared. */
function isNameOf({ der, name }: DirectoryName, { subject, subjectDer }: TbsView): boolean {
  return equalBytes(der, contextConstructed(4, subjectDer)) || isSameSequence(name, subject);
}

/** RFC 5280 7.1: the same RDNs in the same order; texts are prepared before they are compared. */
function isSameSequence(one: Name, other: Name): boolean {
  return one.length === other.length && one.every((rdn, at) => isSameName([rdn], [other[at] ?? []]));
}

/** RFC 9483 3.3: the first message has the CAs between the protection certificate and its root. */
export const CHAIN: Check = {
  id: 'B6',
  examine: async ({ message: { extraCerts }, protectionKind, isFirst, settings, signer }) => {
    if (protectionKind !== 'signature' || !isFirst || !settings.chainRequired) return null;
    // The next check refuses certificates of others.
    const chain = (await signer())?.chain ?? [];
    const missing = chain.find(({ certificate }) => !extraCerts.some((one) => equalBytes(one, certificate)));
    if (missing === undefined) return null;
    const name = formatName(missing.subject);
    return refused('badMessageCheck', `extraCerts lacks the certificate of ${name}; with OpenSSL: -untrusted`);
  },
};

const TRUST_RULES: readonly CheckRule[] = [
  'certificate-in-time',
  'certificate-of-an-officer',
  'issuer-in-time',
  'issuer-not-revoked',
  'certificate-as-recorded',
];

export const TRUST: Check = {
  id: 'B7',
  examine: async ({ protectionKind, signer }) => {
    if (protectionKind !== 'signature') return null;
    const found = await signer();
    if (found === null)
      return refused('signerNotTrusted', 'the protection certificate was not issued by a CA of this platform');
    if (!isForDigitalSignature(found.evidence.tbs))
      return refused('signerNotTrusted', 'the protection certificate has no keyUsage digitalSignature');
    const broken = certificateFault(found.evidence, TRUST_RULES);
    return broken === null ? null : refused('signerNotTrusted', broken.message.en);
  },
};

const REVOCATION_RULES: readonly CheckRule[] = ['certificate-not-revoked', 'key-not-compromised/client'];
const RULES_OF_SUPERSEDED = REVOCATION_RULES.filter((rule) => rule !== 'certificate-not-revoked');

/**
 * A certificate that its own update has superseded is answered in transactions that it began
 * earlier, because an answer may have been lost. Otherwise its holder could neither fetch the
 * successor nor ask for another one.
 */
export const REVOCATION: Check = {
  id: 'B9',
  examine: async (context) => {
    if (context.protectionKind !== 'signature') return null;
    const { evidence } = present(await context.signer(), 'a protection certificate that is trusted');
    const isAnswered = await isSupersededByItself(context, evidence);
    const broken = certificateFault(evidence, isAnswered ? RULES_OF_SUPERSEDED : REVOCATION_RULES);
    return broken === null ? null : refused('certRevoked', broken.message.en);
  },
};

async function isSupersededByItself(context: CheckContext, { status }: CertificateEvidence): Promise<boolean> {
  const { state } = status ?? {};
  if (state?.status !== 'revoked' || state.reason !== 'superseded') return false;
  return (await context.successors()).some(wasInForce) && (await isOwnLaterMessage(context));
}

/**
 * After the confirmation of its update a certificate begins nothing but its revocation, also where
 * the successor was revoked since: the holder then enrols again. Messages of transactions that it
 * began earlier are answered.
 */
export const REPLACED: Check = {
  id: 'B11',
  examine: async (context) => {
    if (context.message.bodyKind === 'rr' || (await isOwnLaterMessage(context))) return null;
    const isReplaced = (await context.successors()).some(wasInForce);
    return isReplaced ? refused('certRevoked', 'the protection certificate was replaced; use its successor') : null;
  },
};

/**
 * Whether the message belongs to a transaction that its principal has begun: a later message, or a
 * repetition, whose answer may have been lost.
 */
async function isOwnLaterMessage({ isFirst, transaction, repetition }: CheckContext): Promise<boolean> {
  return isFirst ? (await repetition()) !== null : (await transaction()) !== null;
}

/**
 * A certificate that is not confirmed signs nothing; one with an update that is not confirmed signs
 * only messages of transactions that it has begun before, and its revocation.
 */
export const PENDING: Check = {
  id: 'B12',
  examine: async (context) => {
    const { message, protectionKind, signer, successors, isFirst } = context;
    const status = protectionKind === 'signature' ? (await signer())?.evidence.status : null;
    if (status?.state.status === 'pending')
      return refused('badRequest', 'the protection certificate was not confirmed yet; send its certConf first');
    if (message.bodyKind === 'rr' || !isFirst || (await isOwnLaterMessage(context))) return null;
    const waits = (await successors()).some(({ state }) => state.status === 'open' || state.status === 'pending');
    return waits ? refused('badRequest', 'an update of the protection certificate waits for its certConf') : null;
  },
};
