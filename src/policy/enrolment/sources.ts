/**
 * Where the holder of a certificate comes from. A record or a registration is complete: the request
 * is only compared with it. An account may name the holder in the request where the profile allows
 * it, and its own structure completes the request. Nothing is corrected or cut: a value that
 * differs from another source is refused, and its attribute is named.
 */
import { OID } from '../../asn1/oids.js';
import { resolvePointer } from '../../kernel/json-pointer.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { type Violation, violation } from '../../texts/text.js';
import { isSameText } from '../../x509/certificate/name-comparison.js';
import { attributeName } from '../../x509/certificate/name-reader.js';
import type { Extension, Name } from '../../x509/model.js';
import type { Card, CertificateOrder, Holder, Profile, Structure } from '../model.js';
import { isOwnSigner } from '../own-signers.js';
import { productOfCardType } from '../plan/extensions.js';
import { subjectOf } from '../plan/subject.js';
import { type RefusedExtensions, type RequestedIdentity, readIdentity, textOfName } from './requested-extensions.js';
import { invertSubject, type RequestedValue } from './subject-inverse.js';

export type SourceName = 'record' | 'registration' | 'request' | 'account';

/** What a record or a registration has of an order. */
type OrderFacts = Pick<CertificateOrder, 'holder' | 'card' | 'identity' | 'keyOrigin' | 'container'>;

export type HolderSource =
  | { readonly kind: 'record'; readonly facts: OrderFacts }
  | {
      readonly kind: 'registration';
      readonly facts: OrderFacts;
      /** A subject that is this common name alone asks for nothing (RFC 9483 4.1.5). */
      readonly reference: string;
    }
  | {
      readonly kind: 'account';
      /** The structure of the account itself; null: it has none. */
      readonly structure: Structure | null;
    };

/** What a request asks for besides its key. */
export type RequestedContent = { readonly subject: Name; readonly extensions: readonly Extension[] };

type SourcedOrder = {
  readonly order: CertificateOrder;
  /** The sources that gave something to the order. */
  readonly sources: readonly SourceName[];
  /** What the request asks for; without a subject that is a reference only. */
  readonly requested: RequestedContent;
};

type RequestToRead = {
  readonly profile: Profile;
  readonly requested: RequestedContent;
  readonly validity: CertificateOrder['validity'];
};

/** The order that a request stands for. Issuance then makes all checks of the REST API. */
export function orderFrom(source: HolderSource, asked: RequestToRead): Result<SourcedOrder, RefusedExtensions> {
  const { profile, validity } = asked;
  const reference = source.kind === 'registration' ? source.reference : null;
  const requested = withoutReference(reference, asked.requested);
  if (isOwnSigner(profile.holder)) return refuse([violation('/profile', 'profile-internal')]);
  const identity = readIdentity(requested.extensions);
  if (!identity.ok) return identity;
  const values = invertSubject(profile, requested.subject);
  if (!values.ok) return refuse(values.error);
  const found = { profile, values: values.value, identity: identity.value };
  if (source.kind !== 'account') {
    const { facts, kind } = source;
    const differing = differences(profile, source, values.value);
    if (differing.length > 0) return refuse(differing);
    return ok({ order: { profile: profile.id, ...facts, validity }, sources: [kind], requested });
  }
  if (profile.enrolment?.fromRequest !== true)
    return refuse([violation('/csr', 'holder-from-registration', { profile: profile.id })]);
  const named = holderFrom(found, source.structure);
  if (!named.ok) return refuse(named.error);
  const order: CertificateOrder = {
    profile: profile.id,
    holder: named.value.holder,
    card: cardFrom(found),
    identity: null,
    keyOrigin: null,
    validity,
  };
  return ok({ order, sources: named.value.completed ? ['request', 'account'] : ['request'], requested });
}

function refuse(violations: readonly Violation[]): Result<never, RefusedExtensions> {
  return err({ kind: 'policy-violated', violations });
}

/** A subject that is only the reference asks for nothing. `reference`: null: there is none. */
function withoutReference(reference: string | null, { subject, extensions }: RequestedContent): RequestedContent {
  const [first, second] = subject.flat();
  const isReference = second === undefined && first?.type === OID.commonName && first.value === reference;
  return { subject: isReference ? [] : subject, extensions };
}

const SOURCE_WORDS = {
  record: { fr: 'certificat renouvelé', en: 'renewed certificate' },
  registration: { fr: 'enregistrement', en: 'registration' },
  account: { fr: 'compte', en: 'account' },
} as const;

/** Compares a subject with a complete source. Extensions are compared with the plan. */
function differences(
  profile: Profile,
  { kind, facts: { holder } }: Exclude<HolderSource, { readonly kind: 'account' }>,
  values: readonly RequestedValue[],
): readonly Violation[] {
  const composed = subjectOf(profile, { holder }).flat();
  return values.flatMap(({ attribute, pointer, text }) => {
    if (pointer === null) return [];
    const isUsed = composed.some(({ value }) => 'from' in value && value.from === pointer);
    const expected = isUsed ? resolvePointer({ holder }, pointer) : undefined;
    if (typeof expected === 'string' && isSameText(expected, text)) return [];
    return [violation('/csr', 'requested-value', { attribute, source: SOURCE_WORDS[kind] })];
  });
}

type RequestReading = {
  readonly profile: Profile;
  readonly values: readonly RequestedValue[];
  readonly identity: RequestedIdentity;
};

type HolderResult<Value> = Result<Value, readonly Violation[]>;

function holderFrom(
  found: RequestReading,
  own: Structure | null,
): HolderResult<{ readonly holder: Holder; readonly completed: boolean }> {
  const structure = structureFrom(found, own);
  const rest = restFrom(found);
  if (!structure.ok || !rest.ok) return err([...(structure.ok ? [] : structure.error), ...(rest.ok ? [] : rest.error)]);
  const { value, completed } = structure.value;
  return ok({ holder: { ...rest.value, structure: value } as Holder, completed });
}

const STRUCTURE_MEMBERS = ['id', 'name', 'department'] as const;

/** The account's own structure completes a request that names no id of a structure, or this one. */
function structureFrom(
  { profile, values }: RequestReading,
  own: Structure | null,
): HolderResult<{ readonly value: Structure; readonly completed: boolean }> {
  const sent = (member: keyof Structure) => textAt(values, `/holder/structure/${member}`);
  const id = sent('id');
  const usable = own !== null && (id === null || isSameText(id, own.id)) ? own : null;
  const violations: Violation[] = [];
  const value = { id: '', name: '', department: '' };
  let completed = false;
  for (const member of STRUCTURE_MEMBERS) {
    const text = sent(member);
    const attribute = attributeAt(profile, `/holder/structure/${member}`);
    if (text !== null && usable !== null && !isSameText(text, usable[member]))
      violations.push(violation('/csr', 'requested-value', { attribute, source: SOURCE_WORDS.account }));
    if (text === null && usable === null) violations.push(violation('/csr', 'requested-value-missing', { attribute }));
    completed ||= text === null;
    value[member] = text ?? usable?.[member] ?? '';
  }
  return violations.length > 0 ? err(violations) : ok({ value, completed });
}

type HolderRest = Omit<Holder, 'structure'>;

/** The members of the holder besides its structure. */
function restFrom(found: RequestReading): HolderResult<HolderRest> {
  const { profile, values } = found;
  switch (profile.holder) {
    case 'organisation': {
      const application = required(found, '/holder/application');
      return application.ok ? ok({ kind: 'organisation', application: application.value }) : application;
    }
    case 'server':
      return serverFrom(found);
    default: {
      const [idNat, title] = [required(found, '/holder/idNat'), required(found, '/holder/title')];
      if (!idNat.ok) return idNat;
      if (!title.ok) return title;
      const names = Object.fromEntries(
        (['givenName', 'surname', 'pseudonym'] as const).flatMap((member) => {
          const text = textAt(values, `/holder/${member}`);
          return text === null ? [] : [[member, text] as const];
        }),
      );
      return ok({ kind: 'staff', idNat: idNat.value, title: title.value, ...names });
    }
  }
}

/** The common name is the first name; without one, the first alternative DNS name is. */
function serverFrom(found: RequestReading): HolderResult<HolderRest> {
  const { profile, values, identity } = found;
  const first = textAt(values, FIRST_NAME);
  const alternative = identity.names.filter(({ kind }) => kind === 'dNSName' || kind === 'iPAddress').map(textOfName);
  const others = alternative.filter((name) => name.toLowerCase() !== first?.toLowerCase());
  const names = first === null ? alternative : [first, ...others];
  const attribute = attributeAt(profile, FIRST_NAME);
  if (names.length === 0) return err([violation('/csr', 'requested-value-missing', { attribute })]);
  if (profile.subjectAltName !== 'email') return ok({ kind: 'server', names });
  const emails = identity.names.filter(({ kind }) => kind === 'rfc822Name').map(textOfName);
  return ok({ kind: 'server', names, emails });
}

const FIRST_NAME = '/holder/names/0';

function required({ profile, values }: RequestReading, pointer: string): HolderResult<string> {
  const text = textAt(values, pointer);
  if (text !== null) return ok(text);
  return err([violation('/csr', 'requested-value-missing', { attribute: attributeAt(profile, pointer) })]);
}

function textAt(values: readonly RequestedValue[], pointer: string): string | null {
  return values.find((one) => one.pointer === pointer)?.text ?? null;
}

/** The attribute of the subject that has the member. */
function attributeAt({ subject }: Profile, pointer: string): string {
  const found = subject.flat().find(({ value }) => 'from' in value && value.from === pointer);
  return found === undefined ? pointer : attributeName(OID[found.type]);
}

/** null: the request names no card. */
function cardFrom({ profile, identity }: RequestReading): Card | null {
  const { cardId, cardType } = identity;
  const product = cardType === null ? (profile.cardProducts?.[0] ?? null) : productOfCardType(cardType);
  return cardId === null || product === null ? null : { tokenId: cardId, product };
}
