/** One type of information of general messages (RFC 9810 5.3.19, RFC 9483 4.3). */
import { type DerElement, parseDer } from '../../asn1/der-reader.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { KnownHolder } from '../../policy/enrolment/known-holder.js';
import type { Policy, Profile } from '../../policy/model.js';
import type { Issuer, LinkCertificate } from '../../x509/model.js';
import { errorFault } from '../fail-info.js';
import type { CmpFault, InfoTypeAndValue } from '../model.js';

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
