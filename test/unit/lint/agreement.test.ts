import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkCertificate } from '../../../src/lint/certificate/lint.js';
import type { CertificateOrder, Holder } from '../../../src/policy/model.js';
import { planCertificate } from '../../../src/policy/plan/plan.js';
import { encodeTbs } from '../../../src/x509/certificate/certificate-writer.js';
import { policy } from '../../support/lint/fixtures.js';
import { NOW, orderFor, testIssuer, testKey } from '../policy/fixtures.js';

const { spki } = testKey('p-256', 'holder');

/** Texts that people type, and texts that they should not type. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ '’.-]{0,45}$/u) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 70 }) },
);
const digits = (length: number) => fc.nat(10 ** length - 1).map((number) => String(number).padStart(length, '0'));

function luhn(digitsBefore: string): string {
  const sum = [...digitsBefore].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digitsBefore}${(10 - (sum % 10)) % 10}`;
}

const rpps = digits(10).map(luhn);
const finess = fc.oneof(
  digits(8).map(luhn),
  digits(6).map((rest) => luhn(`21${rest}`).replace('21', '2A')),
  digits(6).map((rest) => luhn(`22${rest}`).replace('22', '2B')),
  digits(7).map((rest) => `0B${rest}`),
);
const structureNumber = fc.oneof(
  finess.map((number) => ({ structure: `1${number}`, staff: `3${number}` })),
  digits(8).map((rest) => ({ structure: `2${luhn(rest)}`, staff: `4${luhn(rest)}` })),
  digits(13).map((rest) => ({ structure: `3${luhn(rest)}`, staff: `5${luhn(rest)}` })),
  fc.tuple(rpps, digits(2)).map(([number, rank]) => ({
    structure: `4${luhn(`${number}${rank}`)}`,
    staff: `6${luhn(`${number}${rank}`)}`,
  })),
  digits(11).map((number) => ({ structure: `0${number}`, staff: `1${number}` })),
);
const department = fc.constantFrom(
  'Paris (75)',
  'Corse-du-Sud (2A)',
  'La Réunion (974)',
  "Val-d'Oise (95)",
  'Paris',
  '',
);
const label = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
const hostName = fc.oneof(
  fc.tuple(label, label, fc.constantFrom('fr', 'org', 'sante.fr')).map((labels) => labels.join('.')),
  fc.constantFrom('localhost', '127.0.0.1', 'xn--mdecin-bva.example.org', '*.example.org', 'A.example.org', '10.0.0.1'),
);

const professional = fc
  .record({
    id: fc.oneof(
      rpps.map((number) => `8${number}`),
      finess.map((number) => `0${number}`),
    ),
    text,
    surname: text,
  })
  .chain(({ id, text: givenName, surname }) =>
    fc
      .record({ profession: fc.oneof(fc.constantFrom('10', '40', '60', '98'), digits(2), digits(3)), title: text })
      .map(
        ({ profession, title }): Holder => ({ kind: 'professional', idNat: id, givenName, surname, profession, title }),
      ),
  );
const structure = fc.record({ number: structureNumber, name: text, department });
const staff = fc
  .tuple(structure, fc.stringMatching(/^[0-9A-Za-z]{1,34}$/), fc.boolean(), fc.tuple(text, text, text))
  .map(([{ number, name, department: place }, local, hidden, [first, last, title]]): Holder => {
    const names = hidden ? { pseudonym: first } : { givenName: first, surname: last };
    const idNat = `${number.staff}/${local}`;
    return { kind: 'staff', idNat, ...names, title, structure: { id: number.structure, name, department: place } };
  });
const organisation = fc.tuple(structure, text).map(
  ([{ number, name, department: place }, application]): Holder => ({
    kind: 'organisation',
    application,
    structure: { id: number.structure, name, department: place },
  }),
);
const server = fc.tuple(structure, fc.array(hostName, { minLength: 1, maxLength: 4 })).map(
  ([{ number, name, department: place }, names]): Holder => ({
    kind: 'server',
    names,
    structure: { id: number.structure, name, department: place },
  }),
);

const localPart = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z]{1,8}(\.[a-z0-9]{1,8})?$/) },
  fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,20}$/),
  fc.stringMatching(/^[A-Za-z0-9.@ <>"é-]{1,20}$/),
);
const mailServer = fc.tuple(structure, hostName, fc.array(fc.tuple(localPart, fc.boolean()), { maxLength: 3 })).map(
  ([{ number, name, department: place }, domain, boxes]): Holder => ({
    kind: 'server',
    names: [domain],
    emails: boxes.map(([local, isUnder]) => `${local}@${isUnder ? 'urgences.' : ''}${domain}`),
    structure: { id: number.structure, name, department: place },
  }),
);

const RUNS = 600;

const HOLDERS = [
  { profile: 'fort/cps-authentication', holder: professional },
  { profile: 'fort/cps-signature', holder: professional },
  { profile: 'standard/cpe-authentication', holder: staff },
  { profile: 'elementaire/cpe-signature', holder: staff },
  { profile: 'elementaire/org-auth-cli', holder: organisation },
  { profile: 'elementaire/serv-ssl', holder: server },
  { profile: 'elementaire/serv-smime', holder: mailServer },
] as const;

describe('lint: an order that the policy accepts passes', () => {
  for (const { profile: id, holder } of HOLDERS) {
    it(id, () => {
      const profile = policy.profiles.get(id);
      assert.ok(profile);
      const issuer = testIssuer(policy, profile.authority);
      let accepted = 0;
      fc.assert(
        fc.property(holder, (asked) => {
          const order: CertificateOrder = { ...orderFor(id), holder: asked };
          const plan = planCertificate(policy, { order, spki, issuer, now: NOW });
          if (!plan.ok) return;
          accepted += 1;
          const { subject, validity, extensions } = plan.value;
          const { signatureAlgorithm, subjectDer: issuerDer } = issuer;
          const serial = new Uint8Array(16).fill(0x11);
          const tbs = encodeTbs({ serial, signatureAlgorithm, issuerDer, validity, subject, spki, extensions });
          const checked = checkCertificate({ tbs, issuer, profile, environment: policy.environment });
          assert.ok(checked.ok, checked.ok ? '' : JSON.stringify([asked, checked.error.findings]));
        }),
        { numRuns: RUNS },
      );
      assert.ok(accepted >= 10, `only ${accepted} of ${RUNS} were accepted`);
    });
  }
});
