/**
 * Values of audit events, within their bounds. Personal values are among `PERSONAL`, so that a test
 * can look for them.
 */
import fc from 'fast-check';

/** Numbers of professionals: RPPS and ADELI. */
const RPPS = ['10002813839', '10101234567', '10005551237', '10107654321'];
const ADELI = ['759876543', '2A1234567'];
const REFERENCES = ['psi-2026-000417', 'dossier-7719'];
const CARDS = ['80250000012300456789', '80250000012300999999'];
const SERVERS = ['lps.cabinet-durand.example'];

/** None of them may stand in an entry, alone or as part of an id. */
export const PERSONAL: readonly string[] = [...RPPS, ...ADELI, ...REFERENCES, ...CARDS, ...SERVERS];

export const holder = fc.constantFrom(
  ...RPPS.map((number) => `8${number}`),
  ...ADELI.map((number) => `0${number}`),
  ...RPPS.map((number) => `6${number}/CPET0002`),
  ...SERVERS,
);
export const structure = fc.constantFrom(
  '10B0057881',
  '1760021832',
  '2732829320',
  '373282932000074',
  ...RPPS.map((number) => `4${number}014`),
  ...ADELI.map((number) => `0${number}01`),
);
export const card = fc.constantFrom(...CARDS);
export const evidence = fc
  .constantFrom(...REFERENCES)
  .map((reference) => JSON.stringify({ date: '2026-01-01T00:00:00Z', reference, source: 'PSI' }));
export const holderPattern = fc.oneof(
  holder,
  fc.constantFrom('*', '8*', '30B0057881/*'),
  fc.constantFrom(...RPPS.map((number) => `6${number}/*`), ...RPPS.map((number) => `8${number}*`)),
);

export const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((all) => all.join(''));
export const sha256 = hex(64);
export const uuid = fc.uuid({ version: 7 });
export const serial = hex(32);
export const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2050, 0, 1) });
export const count = fc.nat();
export const word = (charactersMax: number) =>
  fc
    .string({ unit: 'grapheme', maxLength: charactersMax })
    .map((text) => text.slice(0, charactersMax).replace(/[\p{Cc}\p{Cs}]/gu, ''));
export const account = fc.constantFrom('card-management', 'officer-1', `a${'b'.repeat(63)}`);
export const officers = fc.tuple(account, account);
export const issuer = fc.constantFrom('aci-fo-pp', 'aci-el-org-2');
export const profile = fc.constantFrom('fort/cps-signature', 'elementaire/server');
export const nullable = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { nil: null });
export const list = <Value>(one: fc.Arbitrary<Value>, maxLength = 2_000) =>
  fc.oneof(fc.array(one, { maxLength: 3 }), fc.array(one, { minLength: maxLength, maxLength, size: 'max' }));
