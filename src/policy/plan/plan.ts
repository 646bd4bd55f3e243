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
   * `ocsp/<issuer>` of a responder.
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
 * Plans the certificate of an issuer's delegated OCSP responder (RFC 6960 4.2.2.2), for ceremonies
 * and for renewals.
 */
export function planResponder(
  policy: Policy,
  { profile, spki, issuer, now }: Omit<Request, 'order' | 'purpose'> & { readonly profile: Profile },
): CertificatePlan {
  assert(profile.holder === 'responder', `${profile.id} is not for a responder`);
  assertIssues(profile, issuer);
  const keyType = present(keyTypeOfSpki(spki), 'type of the key of a responder');
  assert(allowedKeyTypes(policy, profile, now).includes(keyType), `${profile.id} does not certify ${keyType}`);
  const { notBefore, notAfter } = requestedValidity({ notBefore: null, notAfter: null }, profile.validity, now);
  const validity = { notBefore, notAfter: Math.min(notAfter, issuer.notAfter) };
  assert(notBefore >= issuer.notBefore && validity.notAfter > notBefore, `${issuer.id} is not valid now`);
  return {
    profile,
    issuer: issuer.id,
    subject: responderName(policy, issuer),
    validity,
    extensions: extensionsOf(policy, {
      profile,
      issuer,
      spki,
      keyType,
      validity,
      holder: null,
      card: null,
      crlPartition: null,
    }),
    keyType,
    holderId: responderHolderId(issuer),
    structureId: null,
    // Clients do not check its status (RFC 6960 4.2.2.2.1).
    crlPartition: null,
  };
}

/** The subject of all responders of a generation, whichever key they have. */
export function responderName(
  policy: Policy,
  { authority: id, generation }: Pick<Issuer, 'authority' | 'generation'>,
): Name {
  const authority = present(policy.authorities.get(id), 'authority of a responder');
  const { commonNamePrefix, organizationalUnit } = policy.environment.names;
  const name = authorityCommonName(policy, authority, generation).slice(commonNamePrefix.length);
  const responder = { organizationalUnit, commonName: `${commonNamePrefix}OCSP ${name}` };
  return composeName(responderProfileOf(policy, id).subject, { responder });
}

function partitionOfKey({ environment }: Policy, { authority }: Issuer, spki: Bytes): CrlPartition {
  if (environment.crl.partitions[authority] === undefined) return null;
  return partitionFor(environment, authority, sha256Hex(spki));
}

/** The OCSP-signing profile of an issuing authority: each authority has exactly one. */
export function responderProfileOf({ profiles }: Policy, authority: string): Profile {
  const found = [...profiles.values()].find((one) => one.authority === authority && one.holder === 'responder');
  return present(found, `OCSP-signing profile of ${authority}`);
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

/** The holder id of the OCSP responders of an issuer. */
export function responderHolderId({ id }: Pick<Issuer, 'id'>): string {
  return `ocsp/${id}`;
}
