/**
 * The update of a root (RFC 9483 4.3.2): the client has one generation and asks for a later one.
 */
import { expectTag, TAG } from '../../asn1/der-reader.js';
import { explicit, seq } from '../../asn1/der-writer.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import { err, type Result } from '../../kernel/result.js';
import { isForSuite } from '../../policy/enrolment-policy.js';
import type { Issuer } from '../../x509/model.js';
import { errorFault } from '../fail-info.js';
import type { CmpFault, InfoTypeAndValue } from '../model.js';
import { answered, type InfoContext, withOptionalValue } from './info-type.js';
import { INFO } from './oids.js';

/**
 * RootCaKeyUpdateContent (RFC 9810 5.3.19.15): the newest generation of the root as newWithNew, and
 * the certificates that link it with the client's generation, as far as a ceremony has made them.
 */
export const rootCaCert = withOptionalValue(
  { name: 'rootCaCert', oid: INFO.rootCaCert, read: (root) => expectTag(root, TAG.sequence, 'certificate').whole },
  (given, context) => {
    const roots = context.issuers.filter(({ kind }) => kind === 'root');
    if (given === null) return withoutRoot(context, roots);
    const old = roots.find(({ certificate }) => equalBytes(certificate, given));
    if (old === undefined) return err(errorFault('badRequest', 'The certificate in rootCaCert is no root of this CA.'));
    return update(context, old, newestOf(context, old.authority, old.generation));
  },
);

/**
 * A request without a root cannot say which one it has, unless a conformance suite asks: then the
 * first generation of the root of its profile is meant.
 */
function withoutRoot(context: InfoContext, roots: readonly Issuer[]): Result<InfoTypeAndValue, CmpFault> {
  if (!isForSuite(context.about?.profile))
    return err(errorFault('badRequest', 'A request for rootCaCert needs the root that the client has.'));
  const root = rootOfProfile(context, roots);
  const first = roots.find(({ authority, generation }) => authority === root && generation === 1);
  return update(context, first ?? null, newestOf(context, root, 1));
}

/** `old`: null: the first generation is not here, and nothing links it with the newest one. */
function update({ links }: InfoContext, old: Issuer | null, newest: Issuer | null): ReturnType<typeof answered> {
  if (newest === null) return answered(INFO.rootCaKeyUpdate, null);
  const link = (tag: number, subject: Issuer | null, issuer: Issuer | null): readonly Bytes[] =>
    links
      .filter((one) => one.subject === subject?.id && one.issuer === issuer?.id)
      .map(({ certificate }) => explicit(tag, certificate));
  const newWithOld = link(0, newest, old);
  const oldWithNew = link(1, old, newest);
  return answered(INFO.rootCaKeyUpdate, seq(newest.certificate, ...newWithOld, ...oldWithNew));
}

/** The id of the root; null: the request names no profile. */
function rootOfProfile({ policy, about }: InfoContext, roots: readonly Issuer[]): string | null {
  const above = about === null ? null : (policy.authorities.get(about.profile.authority)?.issuer ?? null);
  return roots.some(({ authority }) => authority === above) ? above : null;
}

/** The newest generation of the root, if it is a later one; null: there is none. */
function newestOf({ issuers, now }: InfoContext, root: string | null, after: number): Issuer | null {
  const [newest] = issuers
    .filter(({ authority, generation, notBefore }) => authority === root && generation > after && notBefore <= now)
    .sort((one, other) => other.generation - one.generation);
  return newest ?? null;
}
