/**
 * From a request to the plan of a certificate. All rules are checked, and there is a plan only when
 * none of them is violated. Everything here is pure; the strength of the key and the proof of
 * possession were checked before.
 */
import { assert, present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { type Instant, parseInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlPartition } from '../../ports/store/crls.js';
import { type Violation, violation } from '../../texts/text.js';
import { holderKeyTypeOf, readPublicKey } from '../../x509/keys/public-key.js';
import {
  type Extension,
  HOLDER_KEY_TYPES,
  type HolderKeyType,
  type Issuer,
  type Name,
  type Validity,
} from '../../x509/model.js';
import type { IssuancePurpose } from '../card-policy.js';
import type { CertificateOrder, Holder, KeyException, Policy, Profile } from '../model.js';
import { isOwnSigner, type OwnSigner } from '../own-signers.js';
import { partitionFor } from '../publication/crl-scopes.js';
import { cardFits } from '../rules/card.js';
import { containerFits } from '../rules/container.js';
import { holderFits } from '../rules/holder.js';
import { identityIsProven } from '../rules/identity.js';
import { keyOriginFits } from '../rules/key-origin.js';
import type { OrderInput, OrderRule, Rule, RuleInput } from '../rules/rule.js';
import { validityFits } from '../rules/validity.js';
import { authorityCommonName } from './authority-name.js';
import { extensionsOf } from './extensions.js';
import { composeName, subjectOf } from './subject.js';
import { requestedValidity } from './validity.js';

/**
 * The parts of a to-be-signed certificate that the policy decides, and the facts that its record
 * stores with it.
 */
export type CertificatePlan = {
  readonly profile: Profile;
  readonly issuer: IssuerId;
  readonly subject: Name;
  readonly validity: Validity;
  readonly extensions: readonly Extension[];
  readonly keyType: HolderKeyType;
  /**
   * IdNat of a person, `structure/application` of an organisation, first name of a server,
   * `ocsp/<issuer>` of a responder, `cmp/<issuer>` of a CMP signer.
   */
  readonly holderId: string;
  readonly structureId: string | null;
  /** The partition whose CRL it names; null: the CRL of all certificates of its issuer. */
  readonly crlPartition: CrlPartition;
};

type Request = {
  readonly order: CertificateOrder;
  readonly spki: Bytes;
  /** The current generation of the profile's authority. */
  readonly issuer: Issuer;
  /** Left out: a new certificate is issued. */
  readonly purpose?: IssuancePurpose;
  readonly now: Instant;
};

/** Checks the type of the key. Its strength has been checked by `checkPublicKey` before. */
const keyTypeFits: Rule = ({ policy, profile, now, keyType }) => {
  const allowed = allowedKeyTypes(policy, profile, now);
  if (keyType !== null && allowed.includes(keyType)) return [];
  return [violation('/csr', 'key-type', { types: allowed, profile: profile.id })];
};

const ORDER_RULES: readonly OrderRule[] = [holderFits, cardFits, identityIsProven, keyOriginFits, containerFits];
const RULES: readonly Rule[] = [...ORDER_RULES, validityFits, keyTypeFits];

/**
 * What can be checked of an order before its key is known, with the same pointers as
 * `planCertificate`.
 */
export function orderViolations(input: OrderInput): readonly Violation[] {
  return ORDER_RULES.flatMap((rule) => rule(input));
}

/**
 * What can be checked of an order whose key will be known later, with the same pointers as
 * `planCertificate`.
 */
export function violationsBesideKey(input: Omit<RuleInput, 'keyType' | 'purpose'>): readonly Violation[] {
  const known: RuleInput = { ...input, purpose: 'issue', keyType: null };
  return [...ORDER_RULES, validityFits].flatMap((rule: Rule) => rule(known));
}

/** Returns all violations at once, with JSON pointers (RFC 6901) into the request body. */
export function planCertificate(
  policy: Policy,
  { order, spki, issuer, purpose = 'issue', now }: Request,
): Result<CertificatePlan, readonly Violation[]> {
  const profile = policy.profiles.get(order.profile);
  if (profile === undefined) return err([violation('/profile', 'profile-known', { profile: order.profile })]);
  assertIssues(profile, issuer);
  const keyType = keyTypeOfSpki(spki);
  const input: RuleInput = { policy, profile, order, issuer, purpose, now, keyType };
  const violations = RULES.flatMap((rule) => rule(input));
  if (violations.length > 0 || keyType === null) return err(violations);
  const { holder, card } = order;
  const validity = requestedValidity(order.validity, profile.validity, now);
  const crlPartition = partitionOfKey(policy, issuer, spki);
  return ok({
    profile,
    issuer: issuer.id,
    subject: composeName(subjectOf(profile, order), { holder }),
    validity,
    extensions: extensionsOf(policy, { profile, issuer, spki, keyType, validity, holder, card, crlPartition }),
    keyType,
    holderId: holderIdOf(holder),
    structureId: holder.kind === 'professional' ? null : holder.structure.id,
    crlPartition,
  });
}

/**
 * Plans the certificate of one of the platform's own signers: the delegated OCSP responder of an
 * issuer (RFC 6960 4.2.2.2), for ceremonies and for renewals, or its CMP signer (RFC 9810 4.5).
 */
export function planSigner(
  policy: Policy,
  { profile, spki, issuer, now }: Omit<Request, 'order' | 'purpose'> & { readonly profile: Profile },
): CertificatePlan {
  const { holder } = profile;
  assert(isOwnSigner(holder), `${profile.id} is not for a signer of the platform`);
  assertIssues(profile, issuer);
  const keyType = present(keyTypeOfSpki(spki), `type of the key of a ${holder}`);
  assert(allowedKeyTypes(policy, profile, now).includes(keyType), `${profile.id} does not certify ${keyType}`);
  const { notBefore, notAfter } = requestedValidity({ notBefore: null, notAfter: null }, profile.validity, now);
  const validity = { notBefore, notAfter: Math.min(notAfter, issuer.notAfter) };
  assert(notBefore >= issuer.notBefore && validity.notAfter > notBefore, `${issuer.id} is not valid now`);
  // Clients do not check the status of responders (RFC 6960 4.2.2.2.1).
  const crlPartition = profile.ocspNoCheck ? null : partitionOfKey(policy, issuer, spki);
  const data = { profile, issuer, spki, keyType, validity, holder: null, card: null, crlPartition };
  return {
    profile,
    issuer: issuer.id,
    subject: signerName(policy, holder, issuer),
    validity,
    extensions: extensionsOf(policy, data),
    keyType,
    holderId: signerHolderId(holder, issuer),
    structureId: null,
    crlPartition,
  };
}

/** The subject of all signers of this kind of a generation, whichever key they have. */
export function signerName(
  policy: Policy,
  signer: OwnSigner,
  { authority: id, generation }: Pick<Issuer, 'authority' | 'generation'>,
): Name {
  const authority = present(policy.authorities.get(id), 'authority of a signer');
  const { commonNamePrefix, organizationalUnit } = policy.environment.names;
  const name = authorityCommonName(policy, authority, generation).slice(commonNamePrefix.length);
  const names = (use: 'OCSP' | 'CMP') => ({ organizationalUnit, commonName: `${commonNamePrefix}${use} ${name}` });
  return signer === 'responder'
    ? composeName(responderProfileOf(policy, id).subject, { responder: names('OCSP') })
    : composeName(present(cmpProfileOf(policy, id), `CMP profile of ${id}`).subject, { cmpSigner: names('CMP') });
}

/** The partition whose CRL a new certificate of this key names. */
export function partitionOfKey({ environment }: Policy, { authority }: Issuer, spki: Bytes): CrlPartition {
  if (environment.crl.partitions[authority] === undefined) return null;
  return partitionFor(environment, authority, sha256Hex(spki));
}

/** The OCSP-signing profile of an issuing authority: each authority has exactly one. */
export function responderProfileOf({ profiles }: Policy, authority: string): Profile {
  const found = [...profiles.values()].find((one) => one.authority === authority && one.holder === 'responder');
  return present(found, `OCSP-signing profile of ${authority}`);
}

/** The profile of the CMP signer of an authority; null: this authority does not answer CMP. */
export function cmpProfileOf({ profiles }: Pick<Policy, 'profiles'>, authority: string): Profile | null {
  return [...profiles.values()].find((one) => one.authority === authority && one.holder === 'cmp-signer') ?? null;
}

/**
 * The key types that may be certified under a profile now: those of the profile, and those of
 * exceptions that have not expired.
 */
export function allowedKeyTypes({ environment }: Policy, profile: Profile, now: Instant): readonly HolderKeyType[] {
  const excepted = environment.keyExceptions
    .filter(({ profiles }) => profiles.includes('*') || profiles.includes(profile.id))
    .filter((exception) => isInForce(exception, now))
    .map(({ keyType }) => keyType);
  return HOLDER_KEY_TYPES.filter((keyType) => profile.keyTypes.includes(keyType) || excepted.includes(keyType));
}

/** `expires` is the last instant. An exception whose end cannot be read has expired. */
export function isInForce({ expires }: Pick<KeyException, 'expires'>, now: Instant): boolean {
  const last = parseInstant(expires);
  return last !== null && now <= last;
}

/**
 * The caller chooses the issuer by the profile. A mismatch is a bug and must not become a
 * certificate.
 */
function assertIssues(profile: Profile, issuer: Issuer): void {
  assert(
    issuer.authority === profile.authority && issuer.hierarchy === profile.hierarchy && issuer.kind === 'issuing',
    `${profile.id} is issued by ${profile.authority}, not by ${issuer.id}`,
  );
}

function keyTypeOfSpki(spki: Bytes): HolderKeyType | null {
  const key = readPublicKey(spki);
  return key.ok ? holderKeyTypeOf(key.value) : null;
}

/** Identifies a holder among all others of its kind. */
export function holderIdOf(holder: Holder): string {
  switch (holder.kind) {
    case 'professional':
    case 'staff':
      return holder.idNat;
    case 'organisation':
      return `${holder.structure.id}/${holder.application}`;
    case 'server':
      return present(holder.names[0], 'first name of a server');
  }
}

/** null: the policy has no such signer of this authority. */
export function signerProfileOf(policy: Policy, signer: OwnSigner, authority: string): Profile | null {
  return signer === 'responder' ? responderProfileOf(policy, authority) : cmpProfileOf(policy, authority);
}

/** The holder id of the OCSP responders, or of the CMP signers, of an issuer. */
export function signerHolderId(signer: OwnSigner, { id }: Pick<Issuer, 'id'>): string {
  return `${signer === 'responder' ? 'ocsp' : 'cmp'}/${id}`;
}
