/** The criteria of a search of certificates, as people give them. */
import { profileInScope } from '../../../access/decide.js';
import { untranslated } from '../../../kernel/bilingual.js';
import { DAY_MS } from '../../../kernel/duration.js';
import type { CertificateStatus } from '../../../lifecycle/certificate-states.js';
import type { CertificateSearch } from '../../../operations/certificates/search-certificates.js';
import type { World } from '../../../operations/world.js';
import type { Account } from '../../../ports/store/accounts.js';
import { readSerials, WRITTEN_SERIAL } from '../../../x509/certificate/serial-number.js';
import type { Field, Input, Option } from '../../fields.js';
import { dayOf } from '../../situations.js';
import { CERTIFICATE_WORDS, STATUS_LABELS } from '../../words/certificates.js';
import { SEARCH_WORDS } from './words.js';

const STATUSES = Object.keys(STATUS_LABELS) as readonly CertificateStatus[];
const ORDER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Names of all criteria, as the query has them. */
export const CRITERIA = [
  'card',
  'holder',
  'serial',
  'structure',
  'status',
  'profile',
  'ca',
  'order',
  'issuedFrom',
  'issuedUntil',
  'expiresFrom',
  'expiresUntil',
] as const;
type Criterion = (typeof CRITERIA)[number];

/** The profiles and CAs are those of the policy and of the scope of the account. */
export function searchFields(
  { policy }: Pick<World, 'policy'>,
  { scope }: Pick<Account, 'scope'>,
): readonly (Field & { readonly name: Criterion })[] {
  const profiles = [...policy.profiles.keys()].filter((id) => profileInScope(scope.profiles, id));
  const issuing = [...policy.authorities.values()].filter(({ kind }) => kind === 'issuing').map(({ id }) => id);
  return [
    { kind: 'search', name: 'card', label: CERTIFICATE_WORDS.card, hint: SEARCH_WORDS.cardHint, lengthMax: 40 },
    { kind: 'search', name: 'holder', label: CERTIFICATE_WORDS.holder, hint: SEARCH_WORDS.holderHint, lengthMax: 255 },
    {
      kind: 'search',
      name: 'serial',
      label: CERTIFICATE_WORDS.serial,
      hint: SEARCH_WORDS.serialHint,
      lengthMax: 200,
      pattern: { matches: new RegExp(WRITTEN_SERIAL), says: SEARCH_WORDS.serialForm },
    },
    {
      kind: 'search',
      name: 'structure',
      label: CERTIFICATE_WORDS.structure,
      hint: SEARCH_WORDS.structureHint,
      lengthMax: 20,
    },
    {
      kind: 'select',
      name: 'status',
      label: CERTIFICATE_WORDS.status,
      options: STATUSES.map((status) => ({ value: status, label: STATUS_LABELS[status].label })),
    },
    { kind: 'select', name: 'profile', label: CERTIFICATE_WORDS.profile, options: namesOf(profiles) },
    { kind: 'select', name: 'ca', label: CERTIFICATE_WORDS.issuer, options: namesOf(issuing) },
    {
      kind: 'search',
      name: 'order',
      label: SEARCH_WORDS.order,
      hint: SEARCH_WORDS.orderHint,
      lengthMax: 36,
      pattern: { matches: ORDER_ID, says: SEARCH_WORDS.orderForm },
    },
    { kind: 'date', name: 'issuedFrom', label: SEARCH_WORDS.issuedFrom },
    { kind: 'date', name: 'issuedUntil', label: SEARCH_WORDS.issuedUntil },
    { kind: 'date', name: 'expiresFrom', label: SEARCH_WORDS.expiresFrom },
    { kind: 'date', name: 'expiresUntil', label: SEARCH_WORDS.expiresUntil },
  ];
}

function namesOf(names: readonly string[]): readonly Option[] {
  return names.toSorted().map((name) => ({ value: name, label: untranslated(name) }));
}

/** Days are whole days in UTC, the last one included. `input`: checked. */
export function searchOf(input: Input): Omit<CertificateSearch, 'limit' | 'cursor'> {
  const { card, holder, serial, structure, status, profile, ca, order } = input;
  return {
    cardTokenId: card,
    holderId: holder,
    structureId: structure,
    orderId: order,
    profile,
    authority: ca,
    serials: serial === undefined ? undefined : readSerials(serial),
    status: STATUSES.find((one) => one === status),
    issuedFrom: dayOf(input.issuedFrom) ?? undefined,
    issuedUntil: endOf(input.issuedUntil, -1),
    expiresFrom: dayOf(input.expiresFrom) ?? undefined,
    expiresBefore: endOf(input.expiresUntil, 0),
  };
}

/** The last millisecond of the year 9999, after which RFC 3339 can write no time. */
const INSTANT_MAX = Date.UTC(10_000, 0) - 1;

/** The end of the day. `extraMs`: -1 for a criterion that includes the returned moment. */
function endOf(day: string | undefined, extraMs: 0 | -1): number | undefined {
  const begin = dayOf(day);
  return begin === null ? undefined : Math.min(begin + DAY_MS + extraMs, INSTANT_MAX);
}
