/**
 * Existing keys and cards that prevent a request. The decision uses what the reserving transaction
 * has read, so that it includes what others did in the meantime.
 */
import type { Application, Rejection } from '../../issuance/prepare.js';
import type { Instant } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { isKeyProven, statusOf } from '../../lifecycle/certificate-states.js';
import type { Environment } from '../../policy/model.js';
import { type CardCertificate, cardInUse, containersDiffer, profilesDiffer } from '../../policy/rules/card-in-use.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { type Violation, violation } from '../../texts/text.js';
import type { BlockedKeys } from '../../x509/keys/blocked-keys.js';

/** Existing certificates with a key or on a card. */
export type ExistingUses = {
  /** Certificates whose keys are proven: others say nothing about whose key it is. */
  readonly byKey: (spkiSha256: string) => readonly CertificateRecord[];
  /** Whether an officer has blocked the key. */
  readonly isBlocked: (spkiSha256: string) => boolean;
  readonly onCard: (tokenId: string) => readonly CertificateRecord[];
};

/** Adds certificates that earlier lines of a dry run would have been issued. */
export function withForeseen(
  { byKey, isBlocked, onCard }: ExistingUses,
  foreseen: readonly CertificateRecord[],
): ExistingUses {
  return {
    isBlocked,
    byKey: (key) => [...byKey(key), ...foreseen.filter(({ spkiSha256 }) => spkiSha256 === key)],
    onCard: (tokenId) => [...onCard(tokenId), ...foreseen.filter(({ cardTokenId }) => cardTokenId === tokenId)],
  };
}

type NewCertificates = {
  readonly applications: readonly Application[];
  /** The records of the applications, in the same order. */
  readonly records: readonly CertificateRecord[];
  readonly now: Instant;
  readonly environment: Pick<Environment, 'cardsOfOneHolder'>;
  /** Keys that public lists block. */
  readonly blockedKeys: Pick<BlockedKeys, 'has'>;
};

/** null: nothing prevents the request. */
export function findClashes(existing: ExistingUses, asked: NewCertificates): Rejection | null {
  const cards = cardClashes(existing, asked);
  if (cards.length > 0) return { kind: 'policy-violated', violations: cards };
  const keys = keyClashes(existing, asked);
  return keys.length > 0 ? { kind: 'key-rejected', violations: keys } : null;
}

/**
 * Where the environment requires it, all live certificates on a card have one holder and one
 * product. Certificates that are requested together have different profiles and containers.
 */
function cardClashes(
  { onCard }: ExistingUses,
  { applications, records, now, environment }: NewCertificates,
): readonly Violation[] {
  const onCards = applications.flatMap(({ order: { profile, card }, pointer }, at) => {
    const record = records[at];
    if (card === null || record === undefined) return [];
    const { holderId, container } = record;
    return [{ profile, pointer, card, holderId, container }];
  });
  const violations: Violation[] = [];
  for (const tokenId of new Set(onCards.map(({ card }) => card.tokenId))) {
    const together = onCards.filter(({ card }) => card.tokenId === tokenId);
    violations.push(...profilesDiffer(together), ...containersDiffer(together));
    if (!environment.cardsOfOneHolder) continue;
    const [first] = together;
    const live = onCard(tokenId).flatMap((record) => liveOn(record, now));
    if (first !== undefined) violations.push(...cardInUse(first.card, first.holderId, live));
  }
  return violations;
}

/** An open intent counts, because its signature may be on its way. */
export function isLive(record: CertificateRecord, now: Instant): boolean {
  const status = statusOf(record, now);
  return status !== 'revoked' && status !== 'expired';
}

function liveOn(record: CertificateRecord, now: Instant): readonly CardCertificate[] {
  if (!isLive(record, now)) return [];
  return [{ holderId: record.holderId, product: productOf(record.card) }];
}

function productOf(card: Json): string {
  const product = typeof card === 'object' && card !== null && 'product' in card ? card.product : undefined;
  return typeof product === 'string' ? product : '';
}

/**
 * The keys of one request are different; a key belongs to one holder, and on cards to one profile
 * of one card; a key that others know, or that was revoked for compromise, is never certified
 * again; a renewal uses a key without a certificate.
 */
function keyClashes(existing: ExistingUses, asked: NewCertificates): readonly Violation[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const [at, record] of asked.records.entries()) {
    const pointer = `${asked.applications[at]?.pointer ?? ''}/csr`;
    if (seen.has(record.spkiSha256)) violations.push(violation(pointer, 'key-differs'));
    seen.add(record.spkiSha256);
    violations.push(...clashesOfKey(existing, { ...asked, record, pointer }));
  }
  return violations;
}

type KeyUse = Pick<NewCertificates, 'blockedKeys' | 'now'> & {
  readonly record: CertificateRecord;
  readonly pointer: string;
};

/** `byKey` must not return the record itself. */
export function clashesOfKey(
  { byKey, isBlocked }: Pick<ExistingUses, 'byKey' | 'isBlocked'>,
  { record, pointer, blockedKeys, now }: KeyUse,
): readonly Violation[] {
  const { spkiSha256, holderId, renews } = record;
  const violations: Violation[] = [];
  if (blockedKeys.has(spkiSha256) || isBlocked(spkiSha256)) violations.push(violation(pointer, 'key-not-blocked'));
  const others = byKey(spkiSha256);
  if (others.some(isCompromised)) violations.push(violation(pointer, 'key-not-compromised'));
  if (renews !== null && others.some((other) => hasCertificate(other) && other.holderId === holderId))
    violations.push(violation(pointer, 'renewal-with-new-key'));
  else if (isRecognisedByOctets(record) && others.some((other) => isLive(other, now) && isSameUse(other, record)))
    violations.push(violation(pointer, 'key-certified-already'));
  if (others.some((other) => !isCompromised(other) && hasCertificate(other) && other.holderId !== holderId))
    violations.push(violation(pointer, 'key-of-one-holder'));
  else if (others.some((other) => isElsewhereOnCards(other, record)))
    violations.push(violation(pointer, 'key-differs/elsewhere'));
  return violations;
}

/**
 * EST and CMP recognise a repetition by its octets or its transaction, so that another request on
 * the same key would make a second certificate that nobody asked for.
 */
function isRecognisedByOctets({ protocol }: CertificateRecord): boolean {
  return protocol === 'est' || protocol === 'cmp';
}

function isSameUse(one: CertificateRecord, other: CertificateRecord): boolean {
  return one.profile === other.profile && one.holderId === other.holderId;
}

/**
 * Whether one of the two certificates is on a card and the other is not the same profile of the
 * same card. A certificate that was revoked or has expired counts too, because signatures and
 * logins with its key can still be shown to others. The same profile on the same card may have
 * several certificates on a key, for example when the first one had an error in the name.
 */
export function isElsewhereOnCards(other: CertificateRecord, asked: CertificateRecord): boolean {
  if (other.cardTokenId === null && asked.cardTokenId === null) return false;
  return hasCertificate(other) && (other.cardTokenId !== asked.cardTokenId || other.profile !== asked.profile);
}

/**
 * An open intent counts, because its signature may be on its way. An abandoned intent has no
 * certificate.
 */
function hasCertificate({ signature, state }: CertificateRecord): boolean {
  return signature !== null || state.status === 'open';
}

/** An unproven key may be that of somebody else, who must not lose it by this certificate. */
export function isCompromised(record: CertificateRecord): boolean {
  const { state } = record;
  return isKeyProven(record) && state.status === 'revoked' && state.reason === 'keyCompromise';
}
