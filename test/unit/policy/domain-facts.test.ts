import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { addYears, toSecond } from '../../../src/kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { resolvePointer } from '../../../src/kernel/json-pointer.js';
import { ok } from '../../../src/kernel/result.js';
import type { CertificateOrder } from '../../../src/policy/model.js';
import { isOwnSigner } from '../../../src/policy/own-signers.js';
import { planAuthority } from '../../../src/policy/plan/authority-plan.js';
import { planCertificate, planSigner } from '../../../src/policy/plan/plan.js';
import type { Extension, Name } from '../../../src/x509/model.js';
import { AUTHORITY_FACTS } from '../../conformance/authority-facts.js';
import { type ExpectedName, PROFILE_FACTS } from '../../conformance/domain-facts.js';
import { EXAMPLE_CARDS, EXAMPLE_HOLDERS, exampleHolderOf } from '../../conformance/example-holders.js';
import { keyTypeFor, NOW, orderFor, testIssuer, testKey, testPolicy } from './fixtures.js';

const policy = testPolicy();

/** The expected texts with the members of the holder filled in, RDNs as sets. */
function expectedName(name: ExpectedName, holder: unknown): readonly (readonly string[])[] {
  return name.map((rdn) =>
    rdn
      .map(({ type, form, value }) => {
        const text = value.replace(/\{([\w.]+)\}/g, (_, path: string) =>
          String(resolvePointer(holder, `/${path.replaceAll('.', '/')}`)),
        );
        return `${type} ${form} ${text}`;
      })
      .sort(),
  );
}

function nameFound(name: Name): readonly (readonly string[])[] {
  return name.map((rdn) => rdn.map(({ type, form, value }) => `${type} ${form.toUpperCase()} ${value}`).sort());
}

function checkExtensions(
  found: readonly Extension[],
  expected: {
    readonly extensions: ReadonlySet<string>;
    readonly critical: ReadonlySet<string>;
    readonly constants: Readonly<Record<string, string>>;
  },
): void {
  assert.deepEqual(found.map(({ oid }) => oid).sort(), [...expected.extensions].sort());
  assert.deepEqual(
    found
      .filter(({ critical }) => critical)
      .map(({ oid }) => oid)
      .sort(),
    [...expected.critical].sort(),
  );
  for (const [oid, hex] of Object.entries(expected.constants)) {
    const extension = present(
      found.find((one) => one.oid === oid),
      oid,
    );
    assert.equal(toHex(extension.value), hex, oid);
  }
}

function exampleOrder(id: string): CertificateOrder {
  const profile = present(policy.profiles.get(id), id);
  const good = orderFor(id);
  const product = profile.cardProducts?.[0];
  return {
    ...good,
    holder: EXAMPLE_HOLDERS[exampleHolderOf(id)],
    card: product === undefined ? null : EXAMPLE_CARDS[product],
  };
}

describe('plans and the domain facts', () => {
  it('know the same profiles and authorities', () => {
    // The profile of a conformance suite is none of the sector.
    const ofSector = [...policy.profiles.keys()].filter((id) => id !== 'elementaire/cmp-suite');
    assert.deepEqual(ofSector.sort(), Object.keys(PROFILE_FACTS).sort());
    assert.deepEqual([...policy.authorities.keys()].sort(), Object.keys(AUTHORITY_FACTS).sort());
  });

  for (const [id, expected] of Object.entries(PROFILE_FACTS))
    it(`agree on ${id}`, () => {
      const profile = present(policy.profiles.get(id), id);
      assert.equal(profile.authority, expected.authority);
      const issuer = testIssuer(policy, profile.authority);
      const { spki } = testKey(keyTypeFor(id));
      const order = isOwnSigner(profile.holder) ? null : exampleOrder(id);
      const planned =
        order === null
          ? ok(planSigner(policy, { profile, spki, issuer, now: NOW }))
          : planCertificate(policy, { order, spki, issuer, now: NOW });
      assert.ok(planned.ok, JSON.stringify(planned));
      const plan = planned.value;
      assert.deepEqual(nameFound(plan.subject), expectedName(expected.subject, order?.holder));
      checkExtensions(plan.extensions, expected);
      const from = toSecond(NOW);
      const end =
        'years' in expected.validity ? addYears(from, expected.validity.years) : from + expected.validity.days * DAY_MS;
      assert.deepEqual(plan.validity, { notBefore: from, notAfter: end - SECOND_MS });
    });

  for (const [id, expected] of Object.entries(AUTHORITY_FACTS))
    it(`agree on ${id}`, () => {
      const { spki } = testKey('p-256', `${id}-1`);
      const issuer = expected.kind === 'root' ? null : testIssuer(policy, expected.issuer);
      const plan = planAuthority(policy, id, { generation: 1, spki, issuer, notBefore: NOW });
      assert.equal(plan.issuer, expected.issuer);
      assert.deepEqual(nameFound(plan.subject), expectedName(expected.subject, null));
      checkExtensions(plan.extensions, expected);
    });
});
