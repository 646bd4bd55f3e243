/**
 * Random holders of every kind that can be ordered, each with the expected subject of the
 * certificate.
 */
import fc from 'fast-check';
import type { CertificateOrder, Holder } from '../../../src/policy/model.js';
import { PROFILES, withLuhnKey } from '../../support/service/orders.js';
import { orderFor } from '../../unit/policy/fixtures.js';
import { ATTRIBUTE, type ExpectedName, PROFILE_FACTS } from '../domain-facts.js';
import { name } from './texts.js';

export type HolderOrder = { readonly order: CertificateOrder; readonly subject: ExpectedName };

const DEPARTMENTS = ['Paris (75)', 'Côtes-d’Armor (22)', "Val-d'Oise (95)", 'Corse-du-Sud (2A)', 'La Réunion (974)'];

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length }).map((all) => all.join(''));
const localId = fc
  .array(fc.constantFrom(...'0123456789ABCDEFXYZabcxyz'), { minLength: 1, maxLength: 32, size: 'max' })
  .map((all) => all.join(''));

/** The directory of structures has names of at most 40 characters. */
export const STRUCTURE_NAME_CHARACTERS_MAX = 40;

const structure = fc.record({
  id: fc.constant('10B0057881'),
  name: name(STRUCTURE_NAME_CHARACTERS_MAX),
  department: fc.constantFrom(...DEPARTMENTS),
});

const professional = fc.record({
  kind: fc.constant('professional' as const),
  // RPPS: eleven digits, the last one the Luhn check digit.
  idNat: digits(9).map((number) => `8${withLuhnKey(`1${number}`)}`),
  givenName: name(),
  surname: name(),
  profession: fc.constantFrom('10', '21', '60', '95'),
  title: name(),
});

const employee = {
  kind: fc.constant('staff' as const),
  idNat: localId.map((id) => `30B0057881/${id}`),
  title: name(),
  structure,
};
const staff = fc.record({ ...employee, givenName: name(), surname: name() });
const pseudonymous = fc.record({ ...employee, pseudonym: name() });
const organisation = fc.record({ kind: fc.constant('organisation' as const), application: name(), structure });
const server = fc.record({
  kind: fc.constant('server' as const),
  names: digits(6).map((number) => [`lps-${number}.example.org`]),
  structure,
});

/** Replaces the names by one RDN with the pseudonym and one with the id. */
function withPseudonym(subject: ExpectedName): ExpectedName {
  const one = (type: string, value: string): ExpectedName => [[{ type, form: 'UTF8STRING', value }]];
  return [...subject.slice(0, -1), ...one(ATTRIBUTE.pseudonym, '{pseudonym}'), ...one(ATTRIBUTE.CN, '{idNat}')];
}

function holdersOf(profile: string): fc.Arbitrary<Holder> {
  const use = profile.slice(profile.indexOf('/') + 1);
  if (use.startsWith('cps-')) return professional;
  if (use === 'cpe-authentication') return fc.oneof(staff, pseudonymous);
  if (use.startsWith('cpe-')) return staff;
  if (use.startsWith('cpa-')) return staff;
  if (use.startsWith('org-')) return organisation;
  return use === 'serv-smime'
    ? server.map((one) => ({ ...one, emails: one.names.map((host) => `contact@${host}`) }))
    : server;
}

/** An order for any of the profiles; the kind of the profile gives the form of the name. */
export const asked: fc.Arbitrary<HolderOrder> = fc.constantFrom(...PROFILES).chain((profile) =>
  holdersOf(profile).map((holder) => {
    const subject = PROFILE_FACTS[profile]?.subject ?? [];
    const hasPseudonym = holder.kind === 'staff' && holder.pseudonym !== undefined;
    return { order: { ...orderFor(profile), holder }, subject: hasPseudonym ? withPseudonym(subject) : subject };
  }),
);

/** JSON pointers of the holder's texts that people write and that the subject contains. */
export function textsOf(holder: Holder): readonly string[] {
  switch (holder.kind) {
    case 'professional':
      return ['/holder/givenName', '/holder/surname', '/holder/title'];
    case 'staff': {
      const names = holder.pseudonym === undefined ? ['givenName', 'surname'] : ['pseudonym'];
      return [...names.map((member) => `/holder/${member}`), '/holder/title', '/holder/structure/name'];
    }
    case 'organisation':
      return ['/holder/application', '/holder/structure/name'];
    case 'server':
      return ['/holder/structure/name'];
  }
}
