/** Orders with one fault each, and the expected violation: JSON pointer and name of the rule. */
import type { Instant } from '../../../../src/kernel/clock.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import type { KeyType } from '../../../../src/x509/model.js';

type Change = { readonly [member: string]: unknown };
/** An order with one fault, and the one violation that reports it. */
export type Refusal = {
  readonly title: string;
  readonly of: string;
  readonly holder?: Change;
  readonly structure?: Change;
  readonly order?: Change;
  readonly keyType?: KeyType;
  readonly expect: readonly string[];
};

export const AUTH = 'fort/cps-authentication';
export const CPE = 'standard/cpe-authentication';
const SIGN = 'standard/cpe-signature';
export const ORG = 'elementaire/org-auth-cli';
export const SERV = 'elementaire/serv-ssl';
const MAIL = 'elementaire/serv-smime';
const CARD = { tokenId: '8025000001/2600301752', product: 'cps' };
const IDENTITY = { assurance: 'high', source: 'PSI', reference: 'psi-1', verifiedAt: '2026-03-01T10:00:00Z' };
export const SECOND: Instant = Date.UTC(2026, 2, 1, 10, 0, 0);
export const THREE_YEARS: Instant = Date.UTC(2029, 2, 1, 10, 0, 0);
export const validity = (notBefore: Instant | null, notAfter: Instant | null) => ({
  validity: { notBefore, notAfter },
});

export const REFUSALS: readonly Refusal[] = [
  {
    title: 'a profile that does not exist',
    of: AUTH,
    order: { profile: 'fort/none' },
    expect: ['/profile profile-known'],
  },
  {
    title: 'a profile of the platform itself',
    of: AUTH,
    order: { profile: 'fort/ocsp-pp', card: null, keyOrigin: null },
    expect: ['/profile profile-internal'],
  },
  { title: 'a holder of another kind', of: AUTH, holder: { kind: 'staff' }, expect: ['/holder/kind holder-kind'] },

  {
    title: 'an RPPS number with a wrong key',
    of: AUTH,
    holder: { idNat: '810002813838' },
    expect: ['/holder/idNat rpps-key'],
  },
  {
    title: 'an id that is no IdNat',
    of: AUTH,
    holder: { idNat: '10002813839' },
    expect: ['/holder/idNat id-nat-form'],
  },
  {
    title: 'a structure id of no type',
    of: ORG,
    structure: { id: '90B0057881' },
    expect: ['/holder/structure/id structure-id-form'],
  },
  {
    title: 'a structure id with a wrong key',
    of: ORG,
    structure: { id: '1760021833' },
    expect: ['/holder/structure/id structure-id-key'],
  },
  {
    title: 'staff of another structure',
    of: CPE,
    holder: { idNat: '30B0057882/CPET0002' },
    expect: ['/holder/idNat id-nat-structure'],
  },
  {
    title: 'staff under the type of the structure',
    of: CPE,
    holder: { idNat: '10B0057881/CPET0002' },
    expect: ['/holder/idNat id-nat-structure'],
  },
  {
    title: 'a profession that is no number',
    of: AUTH,
    holder: { profession: '6A' },
    expect: ['/holder/profession profession-code'],
  },

  { title: 'an empty name', of: AUTH, holder: { surname: '' }, expect: ['/holder/surname text-not-empty'] },
  {
    title: 'a control character',
    of: AUTH,
    holder: { surname: 'DU\nPONT' },
    expect: ['/holder/surname text-characters'],
  },
  {
    title: 'a NUL',
    of: ORG,
    holder: { application: 'INSI-MANU\u0000.evil' },
    expect: ['/holder/application text-characters'],
  },
  {
    title: 'a right-to-left override',
    of: AUTH,
    holder: { surname: 'DU\u202ePONT' },
    expect: ['/holder/surname text-characters'],
  },
  {
    title: 'a zero-width joiner',
    of: AUTH,
    holder: { givenName: 'A\u200dB' },
    expect: ['/holder/givenName text-characters'],
  },
  {
    title: 'a no-break space',
    of: AUTH,
    holder: { title: 'Infirmier\u00a0chef' },
    expect: ['/holder/title text-characters'],
  },
  { title: 'a lone surrogate', of: AUTH, holder: { surname: 'A\ud800' }, expect: ['/holder/surname text-characters'] },
  {
    title: 'a private character',
    of: AUTH,
    holder: { surname: 'A\ue000' },
    expect: ['/holder/surname text-characters'],
  },
  {
    title: 'an emoji',
    of: ORG,
    structure: { name: 'PHARMACIE 💊' },
    expect: ['/holder/structure/name text-symbols'],
  },
  {
    title: 'a text that is not in NFC',
    of: AUTH,
    holder: { givenName: 'Ame\u0301lie' },
    expect: ['/holder/givenName text-normalized'],
  },
  { title: 'spaces at an end', of: AUTH, holder: { surname: ' DUPONT' }, expect: ['/holder/surname text-trimmed'] },
  {
    title: 'a title of 65 characters',
    of: AUTH,
    holder: { title: 'T'.repeat(65) },
    expect: ['/holder/title text-length'],
  },
  {
    title: 'an application of 65 characters',
    of: ORG,
    holder: { application: 'A'.repeat(65) },
    expect: ['/holder/application text-length'],
  },
  {
    title: 'a structure of 41 characters',
    of: ORG,
    structure: { name: 'S'.repeat(41) },
    expect: ['/holder/structure/name text-length'],
  },
  {
    title: 'a department without a number',
    of: CPE,
    structure: { department: 'Paris' },
    expect: ['/holder/structure/department department-form'],
  },
  {
    title: 'a department that does not exist',
    of: CPE,
    structure: { department: 'Paris (96)' },
    expect: ['/holder/structure/department department-form'],
  },

  {
    title: 'staff without a surname',
    of: CPE,
    holder: { surname: undefined },
    expect: ['/holder/surname name-required'],
  },
  {
    title: 'a pseudonym and names',
    of: CPE,
    holder: { pseudonym: 'EMPLOYE1' },
    expect: ['/holder/pseudonym pseudonym-or-names'],
  },
  {
    title: 'a pseudonym that signs',
    of: SIGN,
    holder: { pseudonym: 'EMPLOYE1', givenName: undefined, surname: undefined },
    expect: ['/holder/pseudonym pseudonym-unexpected'],
  },

  { title: 'a card certificate without a card', of: AUTH, order: { card: null }, expect: ['/card card-required'] },
  { title: 'a card for what lives on none', of: ORG, order: { card: CARD }, expect: ['/card card-unexpected'] },
  {
    title: 'a card of another product',
    of: AUTH,
    order: { card: { ...CARD, product: 'cpe' } },
    expect: ['/card/product card-product'],
  },
  {
    title: 'a card of another issuer',
    of: AUTH,
    order: { card: { ...CARD, tokenId: '8025000002/2600301752' } },
    expect: ['/card/tokenId card-token-id'],
  },
  {
    title: 'a card serial of nine digits',
    of: AUTH,
    order: { card: { ...CARD, tokenId: '8025000001/260030175' } },
    expect: ['/card/tokenId card-token-id'],
  },

  {
    title: 'FORT without identity evidence',
    of: AUTH,
    order: { identity: null },
    expect: ['/identity identity-required'],
  },
  {
    title: 'evidence of less assurance',
    of: AUTH,
    order: { identity: { ...IDENTITY, assurance: 'low' } },
    expect: ['/identity/assurance identity-assurance'],
  },
  {
    title: 'evidence from the future',
    of: AUTH,
    order: { identity: { ...IDENTITY, verifiedAt: '2026-03-01T10:00:01Z' } },
    expect: ['/identity/verifiedAt identity-not-future'],
  },
  {
    title: 'evidence of a day that does not exist',
    of: AUTH,
    order: { identity: { ...IDENTITY, verifiedAt: '2026-02-30T10:00:00Z' } },
    expect: ['/identity/verifiedAt identity-verified-at'],
  },
  {
    title: 'evidence with control characters',
    of: ORG,
    order: { identity: { ...IDENTITY, reference: 'a\tb' } },
    expect: ['/identity/reference text-characters'],
  },

  { title: 'a server without a name', of: SERV, holder: { names: [] }, expect: ['/holder/names server-name-required'] },
  {
    title: 'a wildcard',
    of: SERV,
    holder: { names: ['a.example.org', '*.example.org'] },
    expect: ['/holder/names/1 server-name-wildcard'],
  },
  {
    title: 'a name in upper case',
    of: SERV,
    holder: { names: ['LPS.example.org'] },
    expect: ['/holder/names/0 server-name-lower-case'],
  },
  {
    title: 'a name with an underscore',
    of: SERV,
    holder: { names: ['a_b.example.org'] },
    expect: ['/holder/names/0 server-name-syntax'],
  },
  {
    title: 'a name with a dot at its end',
    of: SERV,
    holder: { names: ['lps.example.org.'] },
    expect: ['/holder/names/0 server-name-syntax'],
  },
  {
    title: 'a label of 64 characters',
    of: SERV,
    holder: { names: ['a.example.org', `${'a'.repeat(64)}.example.org`] },
    expect: ['/holder/names/1 server-name-syntax'],
  },
  {
    title: 'an A-label that does not decode',
    of: SERV,
    holder: { names: ['xn--zz.example.org'] },
    expect: ['/holder/names/0 server-name-syntax'],
  },
  {
    title: 'a name of one label',
    of: SERV,
    holder: { names: ['intranet'] },
    expect: ['/holder/names/0 server-name-qualified'],
  },
  {
    title: 'an address that the environment does not list',
    of: SERV,
    holder: { names: ['127.0.0.2'] },
    expect: ['/holder/names/0 server-name-address'],
  },
  {
    title: 'a name twice',
    of: SERV,
    holder: { names: ['a.example.org', 'a.example.org'] },
    expect: ['/holder/names/1 server-name-unique'],
  },
  {
    title: 'a first name too long for a common name',
    of: SERV,
    holder: { names: [`${'a'.repeat(60)}.example.org`] },
    expect: ['/holder/names/0 text-length'],
  },
  {
    title: 'e-mail addresses',
    of: SERV,
    holder: { emails: ['a@example.org'] },
    expect: ['/holder/emails emails-unexpected'],
  },
  {
    title: 'a mail server without an address',
    of: MAIL,
    holder: { emails: [] },
    expect: ['/holder/emails emails-required'],
  },
  {
    title: 'a mail server of two domains',
    of: MAIL,
    holder: { names: ['mail.example.org', 'mail.example.net'] },
    expect: ['/holder/names/1 mail-domain-single'],
  },
  {
    title: "an address of another's domain",
    of: MAIL,
    holder: { emails: ['a@mail.example.org', 'a@example.org', 'a@notmail.example.org'] },
    expect: ['/holder/emails/1 email-domain', '/holder/emails/2 email-domain'],
  },
  {
    title: 'what is no address',
    of: MAIL,
    holder: {
      emails: [
        'mail.example.org',
        '@mail.example.org',
        'a..b@mail.example.org',
        'é@mail.example.org',
        'a b@mail.example.org',
      ],
    },
    expect: [0, 1, 2, 3, 4].map((at) => `/holder/emails/${at} email-syntax`),
  },
  {
    title: 'an address in a domain with a broken label',
    of: MAIL,
    holder: { emails: ['a@-x.mail.example.org', 'a@x_y.mail.example.org'] },
    expect: ['/holder/emails/0 email-syntax', '/holder/emails/1 email-syntax'],
  },
  {
    title: 'an address twice, in whatever case its domain is',
    of: MAIL,
    holder: { emails: ['a@mail.example.org', 'a@mail.example.org', 'a@MAIL.Example.org'] },
    expect: ['/holder/emails/1 email-unique', '/holder/emails/2 email-unique'],
  },
  {
    title: 'more addresses than anybody has',
    of: MAIL,
    holder: { emails: Array.from({ length: 11 }, (_, at) => `a${at}@mail.example.org`) },
    expect: ['/holder/emails emails-count'],
  },

  {
    title: 'an end one second too late: both ends count',
    of: AUTH,
    order: validity(SECOND, THREE_YEARS),
    expect: ['/validity/notAfter validity-within-profile'],
  },
  {
    title: 'an end with a fraction',
    of: AUTH,
    order: validity(SECOND, THREE_YEARS - 1500),
    expect: ['/validity/notAfter validity-whole-seconds'],
  },
  {
    title: 'a beginning in the past',
    of: AUTH,
    order: validity(SECOND - DAY_MS, null),
    expect: ['/validity/notBefore validity-not-backdated', '/validity/notBefore validity-within-issuer'],
  },
  {
    title: 'a beginning so long ago that the life would be over, and of no end that was not sent',
    of: AUTH,
    order: validity(SECOND - 4_000 * DAY_MS, null),
    expect: ['/validity/notBefore validity-not-backdated', '/validity/notBefore validity-within-issuer'],
  },
  {
    title: 'a beginning far in the future',
    of: AUTH,
    order: validity(SECOND + 91 * DAY_MS, null),
    expect: ['/validity/notBefore validity-not-postdated'],
  },
  {
    title: 'an end before the beginning',
    of: AUTH,
    order: validity(SECOND + DAY_MS, SECOND),
    expect: ['/validity/notAfter validity-not-empty'],
  },

  { title: 'a key of a type that exceptions allow no more', of: AUTH, keyType: 'rsa-2048', expect: ['/csr key-type'] },
];
