/** CRLs that are newer than those of the client (RFC 9483 4.3.4). */
import {
  children,
  contextTag,
  type DerElement,
  expectTag,
  explicit,
  ia5Content,
  malformed,
  sequence,
  sequenceOf,
  TAG,
  time,
} from '../../asn1/der-reader.js';
import { seq } from '../../asn1/der-writer.js';
import { type Bytes, equalBytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { err } from '../../kernel/result.js';
import { crlUrl } from '../../policy/publication/addresses.js';
import { crlPartitions } from '../../policy/publication/crl-lists.js';
import { scopeOf } from '../../policy/publication/crl-scopes.js';
import { ldapCrlUrl } from '../../policy/publication/ldap-addresses.js';
import { errorFault } from '../status-info.js';
import {
  aboutOf,
  answered,
  findList,
  INFO,
  type InfoContext,
  type NamedList,
  octetsOf,
  withoutValue,
  withValue,
} from './info-type.js';

/** The current CRL of the CA (RFC 9810 5.3.19.6). */

export const currentCrl = withoutValue({ name: 'currentCRL', oid: INFO.currentCRL }, async (context) => {
  const about = aboutOf(context, 'currentCRL');
  if (!about.ok) return about;
  const named = { issuer: about.value.issuer.id, scope: 'full' } as const;
  const found = octetsOf(context, [{ ...named, list: await findList(context, named) }]);
  return found.ok ? answered(INFO.currentCRL, found.value[0] ?? null) : found;
});

/** How a client names a list: by an address or by the subject of the CA that signs it. */
type SourceName =
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'directoryName'; readonly der: Bytes };

/** CRLStatus. `thisUpdate`: of the list that the client has; null: it has none. */
type CrlStatus = { readonly names: readonly SourceName[]; readonly thisUpdate: Instant | null };

const STATUSES_MAX = 8;

export const crlStatusList = withValue(
  { name: 'crlStatusList', oid: INFO.crlStatusList, read: readStatuses },
  async (statuses, context) => {
    if (statuses.length > STATUSES_MAX)
      return err(errorFault('badRequest', `crlStatusList has more than ${STATUSES_MAX} elements.`));
    const newer: (NamedList & { readonly list: Awaited<ReturnType<typeof findList>> })[] = [];
    for (const { names, thisUpdate } of statuses) {
      const named = names.flatMap((name) => listsOf(context, name)).at(0);
      if (named === undefined || newer.some((one) => isSameList(one, named))) continue;
      const list = await findList(context, named);
      if (list === null || thisUpdate === null || list.thisUpdate > thisUpdate) newer.push({ ...named, list });
    }
    const found = octetsOf(context, newer);
    if (!found.ok) return found;
    return answered(INFO.crls, found.value.length === 0 ? null : seq(...found.value));
  },
);

function isSameList(one: NamedList, other: NamedList): boolean {
  return one.issuer === other.issuer && one.scope === other.scope;
}

/** CRLStatusListValue ::= SEQUENCE SIZE (1..MAX) OF CRLStatus, in a module with explicit tags. */
function readStatuses(root: DerElement): readonly CrlStatus[] {
  const members = sequenceOf(root, 'crlStatusList');
  if (members.length === 0) malformed(root, 'crlStatusList: empty');
  return members.map((member) => {
    const fields = sequence(member, 'crlStatus');
    const source = fields.any('source');
    const thisUpdate = fields.more() ? time(fields.any('thisUpdate'), 'thisUpdate').at : null;
    fields.end();
    return { names: readSource(source), thisUpdate };
  });
}

/** CRLSource ::= CHOICE { dpn [0] DistributionPointName, issuer [1] GeneralNames }. */
function readSource(source: DerElement): readonly SourceName[] {
  if (source.tag === contextTag(1, 'constructed'))
    return readNames(expectTag(explicit(source, 'issuer'), TAG.sequence, 'issuer'));
  const name = explicit(expectTag(source, contextTag(0, 'constructed'), 'source'), 'dpn');
  if (name.tag === contextTag(0, 'constructed')) return readNames(name);
  // A name relative to the issuer of a CRL is none of ours.
  expectTag(name, contextTag(1, 'constructed'), 'dpn');
  return [];
}

function readNames(names: DerElement): readonly SourceName[] {
  const members = children(names);
  if (members.length === 0) malformed(names, 'GeneralNames: empty');
  return members.flatMap((member): SourceName[] => {
    if ((member.tag & 0xc0) !== 0x80) malformed(member, 'GeneralNames: no GeneralName');
    if (member.tag === contextTag(6, 'primitive')) return [{ kind: 'uri', uri: ia5Content(member, 'URI') }];
    if (member.tag !== contextTag(4, 'constructed')) return [];
    const { whole: der } = expectTag(explicit(member, 'directoryName'), TAG.sequence, 'directoryName');
    return [{ kind: 'directoryName', der }];
  });
}

/** The full lists with this name; none if it is not one of ours. */
function listsOf({ policy, issuers }: InfoContext, name: SourceName): readonly NamedList[] {
  const { environment } = policy;
  return issuers.flatMap((issuer) => {
    const whole: NamedList = { issuer: issuer.id, scope: 'full' };
    if (name.kind === 'directoryName') return equalBytes(issuer.subjectDer, name.der) ? [whole] : [];
    if (name.uri === ldapCrlUrl(policy, issuer.id)) return [whole];
    return crlPartitions(environment, issuer.id)
      .map((partition) => ({ issuer: issuer.id, scope: scopeOf('full', partition) }))
      .filter((one) => crlUrl(environment, one.issuer, one.scope) === name.uri);
  });
}
