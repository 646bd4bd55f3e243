/**
 * What officers read about each value. Without it, a value could be asked for with nothing to judge
 * it by, or with bounds that the checks do not have.
 */
import assert from 'node:assert/strict';
import { checkDecisions, type OpenPolicy, readOpenPolicy } from '../../../../src/cli/policy/decision-folder.js';
import { wrap } from '../../../../src/cli/policy/screen.js';
import { readPolicySchemas } from '../../../../src/config/policy-files.js';
import type { Json } from '../../../../src/kernel/json.js';
import { CODE_BOUNDS } from '../../../../src/policy/decide/code-bounds.js';
import { explain } from '../../../../src/policy/decide/explain.js';
import { POLICIES } from '../fixtures.js';

function open(): OpenPolicy {
  const read = readOpenPolicy(POLICIES);
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

const SCHEMAS = readPolicySchemas();

/** A value outside of each bound. */
const BEYOND: Readonly<Record<string, Json>> = {
  'environment/policyOid': '2.999.2',
  'environment/certificatesPerHourCeiling': 5_000_001,
  'environment/certificatesPerHourMax': 400_001,
  'profile/certificatesPerHourMax': 400_001,
  'environment/crl/overlap': 'PT49H',
  'environment/crl/jitter': 'PT13H',
  'environment/crl/afterRevocation': 'PT61M',
  'environment/crl/afterRevocationMax': 'PT1S',
  'environment/crl/delta': { period: 'PT25H', overlap: 'PT1H', entriesMax: 50_000 },
  'environment/ocspAnswers': { life: 'PT12H', maxAge: 'PT5M', staleMax: 'PT121M', neverIssued: 'unknown' },
  'profile/update': { confirmWithin: 'PT72H', overlap: 'P91D', supersede: 'revoke' },
  'profile/identityAge': { update: 'PT0S' },
  'profile/enrolment': {
    fromRequest: false,
    est: false,
    cmp: 'none',
    implicitConfirm: false,
    confirmWithin: 'PT73H',
    unconfirmed: 'revoke',
    supersede: 'let-end',
    encryptedCertificate: false,
  },
  'environment/enrolment': {
    defaultProfile: null,
    registrationLife: 'P30D',
    registrationLifeMax: 'P91D',
    accountSecrets: false,
    cmp: {
      chainRequired: true,
      messageTimeRequired: true,
      timeWindow: 'PT5M',
      retention: 'PT24H',
      waitMax: 'P7D',
      pbmIterationsMax: 100_000,
      pbmac1IterationsMax: 500_000,
    },
  },
  'profile/validity': { days: 101 },
  'hierarchy/generationSuffix': ' g{generation}',
  'profile/assurance': 'low',
  'profile/keyOrigin': { origins: ['software'], required: true },
  'profile/keyTypes': ['rsa-2048'],
  'profile/privateKeyUsagePeriod': true,
  'profile/extendedKeyUsage': ['serverAuth'],
};

describe('the explanation of a value', () => {
  it('is in French and in English for each open value, with what is allowed', () => {
    const { questions } = open();
    for (const { name, members } of questions)
      for (const member of members) {
        const { description, bounds } = explain(SCHEMAS, member);
        assert.ok(description !== null && description.fr.length > 10 && description.en.length > 10, name);
        assert.notEqual(description.fr, description.en, name);
        assert.ok(bounds.length > 0, name);
        for (const { fr, en } of bounds)
          for (const text of [fr, en]) assert.doesNotMatch(text, /undefined|see the schema|voir le schéma/, name);
      }
  });

  it('has the bounds of the schema, member by member', () => {
    const boundsOf = (fileKind: 'profile' | 'environment' | 'authority', pointer: string) =>
      explain(SCHEMAS, { fileKind, pointer }).bounds;
    assert.deepEqual(boundsOf('profile', '/renewalWindow')[0], {
      fr: 'days : entier de 1 à 400. Jours de 24 heures avant notAfter.',
      en: 'days: integer from 1 to 400. Days of 24 hours before notAfter.',
    });
    assert.match(boundsOf('environment', '/crl/overlap')[0]?.en ?? '', /^ISO 8601, in days and smaller units/);
    assert.equal(boundsOf('environment', '/crl/onRevocation')[0]?.en, 'one of "full", "delta"');
    assert.match(boundsOf('authority', '/ocspSigner')[1]?.fr ?? '', /^others : liste de 1 à 2, chacun : l'une des/);
  });

  it('has no bound in code that the checks do not have', () => {
    const policy = open();
    for (const [kind, value] of Object.entries(BEYOND)) {
      assert.ok(kind in CODE_BOUNDS, kind);
      const members = policy.questions.find((question) => question.name === kind)?.members ?? [];
      assert.ok(members.length > 0, kind);
      const choice = { kind: 'change', value } as const;
      const decisions = members.map((member) => ({ member, choice, note: '2026-09-01, a: b' }));
      const faults = checkDecisions(policy, decisions);
      assert.ok(faults.length > 0, kind);
      assert.ok(
        faults.every(({ file, pointer }) =>
          members.some((one) => one.file === file && pointer.startsWith(one.pointer)),
        ),
        `${kind}: ${JSON.stringify(faults)}`,
      );
    }
  });
});

describe('the lines for officers', () => {
  it('have at most 100 columns, whatever the text', () => {
    const text = `${'mot '.repeat(60)}${'é'.repeat(250)} fin`;
    const lines = wrap(text, 4);
    assert.ok(lines.every((line) => [...line].length <= 100));
    assert.equal(
      lines
        .map((line) => line.trim())
        .join('')
        .replaceAll(' ', ''),
      text.replaceAll(' ', ''),
    );
  });
});
