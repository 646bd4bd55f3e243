/** One type of information of general messages (RFC 9810 5.3.19, RFC 9483 4.3). */
import { type DerElement, parseDer } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { KnownHolder } from '../../policy/enrolment/known-holder.js';
import type { Policy, Profile } from '../../policy/model.js';
import { crlFileName, crlUrl } from '../../policy/publication/addresses.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CrlScope } from '../../ports/store/crls.js';
import type { Issuer, LinkCertificate } from '../../x509/model.js';
import type { CmpFault, InfoTypeAndValue } from '../model.js';
import { errorFault } from '../status-info.js';

/** Object identifiers of information types (RFC 9810 appendix B). */
const ID_IT = '1.3.6.1.5.5.7.4';

export const INFO = {
  caProtEncCert: `${ID_IT}.1`,
  signKeyPairTypes: `${ID_IT}.2`,
  encKeyPairTypes: `${ID_IT}.3`,
  preferredSymmAlg: `${ID_IT}.4`,
  currentCRL: `${ID_IT}.6`,
  unsupportedOIDs: `${ID_IT}.7`,
  suppLangTags: `${ID_IT}.16`,
  caCerts: `${ID_IT}.17`,
  rootCaKeyUpdate: `${ID_IT}.18`,
  certReqTemplate: `${ID_IT}.19`,
  rootCaCert: `${ID_IT}.20`,
  crlStatusList: `${ID_IT}.22`,
  crls: `${ID_IT}.23`,
} as const;

/** CRLs in general messages: which of them fit, and where the others are. */

/** The signer of answers takes frames of 256 KiB, which have the certificates of the answer too. */
export const LISTS_BYTES_MAX = 200 * 1024;

export type NamedList = { readonly issuer: IssuerId; readonly scope: CrlScope };

/** null: the list is not here, though it should be. */
export async function findList(
  { findList: find }: InfoContext,
  { issuer, scope }: NamedList,
): Promise<PublishedList | null> {
  return find(crlFileName(issuer, scope));
}

/** The octets of these lists; an error if one is missing, or if they do not fit into one answer. */
export function octetsOf(
  { policy }: InfoContext,
  lists: readonly (NamedList & { readonly list: PublishedList | null })[],
): Result<readonly Bytes[], CmpFault> {
  let left = LISTS_BYTES_MAX;
  const found: Bytes[] = [];
  for (const { issuer, scope, list } of lists) {
    const address = crlUrl(policy.environment, issuer, scope);
    if (list === null) return err(errorFault('addInfoNotAvailable', `The CRL is not available here: ${address}`));
    left -= list.sizeBytes;
    if (left < 0 || list.bytes === null)
      return err(errorFault('addInfoNotAvailable', `The CRL is too long for a message; get it from ${address}`));
    found.push(list.bytes);
  }
  return ok(found);
}

/** What the answers are made from. */
export type InfoContext = {
  readonly policy: Policy;
  /** The certification authorities of this platform, in all their generations. */
  readonly issuers: readonly Issuer[];
  /** The link certificates between generations of roots, as far as ceremonies have made them. */
  readonly links: readonly LinkCertificate[];
  readonly now: Instant;
  /** What the request is about; null: neither the request nor its sender says it. */
  readonly about: {
    readonly profile: Profile;
    /** The CA that issues this profile now. */
    readonly issuer: Issuer;
    /** What is known of the holder whose certificate it would be. */
    readonly known: KnownHolder;
  } | null;
  /** A published CRL by the name of its file; null: it is not here. */
  readonly findList: (fileName: string) => Promise<PublishedList | null>;
};

/** A published CRL. `bytes`: null: it is too long to be kept in memory. */
export type PublishedList = { readonly sizeBytes: number; readonly thisUpdate: Instant; readonly bytes: Bytes | null };

export type InfoType = {
  readonly oid: string;
  readonly answer: (
    value: Bytes | null,
    context: InfoContext,
  ) => Result<InfoTypeAndValue, CmpFault> | Promise<Result<InfoTypeAndValue, CmpFault>>;
};

/** A type whose request has no value (RFC 9483 4.3). */
export function withoutValue(
  type: { readonly name: string; readonly oid: string },
  answer: (context: InfoContext) => ReturnType<InfoType['answer']>,
): InfoType {
  const { name, oid } = type;
  return {
    oid,
    answer: (value, context) =>
      value === null ? answer(context) : err(errorFault('badRequest', `A request for ${name} must have no value.`)),
  };
}

/** A type whose request has a value, which `read` decodes inside `parseDer`. */
export function withValue<Value>(
  type: { readonly name: string; readonly oid: string; readonly read: (root: DerElement) => Value },
  answer: (value: Value, context: InfoContext) => ReturnType<InfoType['answer']>,
): InfoType {
  const { name, oid, read } = type;
  return {
    oid,
    answer: (given, context) => {
      if (given === null) return err(errorFault('badRequest', `A request for ${name} needs a value.`));
      const value = parseDer(given, read);
      if (value.ok) return answer(value.value, context);
      return err(errorFault('badRequest', `The value of ${name} cannot be read: ${value.error.rule}.`));
    },
  };
}

/** As `withValue`, of a type whose value may be left out: null. */
export function withOptionalValue<Value>(
  type: { readonly name: string; readonly oid: string; readonly read: (root: DerElement) => Value },
  answer: (value: Value | null, context: InfoContext) => ReturnType<InfoType['answer']>,
): InfoType {
  const present = withValue(type, answer);
  return {
    oid: type.oid,
    answer: (given, context) => (given === null ? answer(null, context) : present.answer(given, context)),
  };
}

export function answered(oid: string, value: Bytes | null): Result<InfoTypeAndValue, never> {
  return ok({ oid, value });
}

/** What the answer to a question about a profile needs. */
export function aboutOf({ about }: InfoContext, name: string): Result<NonNullable<InfoContext['about']>, CmpFault> {
  if (about !== null) return ok(about);
  return err(
    errorFault(
      'badRequest',
      `A request for ${name} must name a profile in its path or in certProfile (openssl: -profile).`,
    ),
  );
}
