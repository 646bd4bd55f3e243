import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import {
  ANY_CRL_RULES,
  CRL_DER,
  CRL_ENTRY_FORM,
  CRL_SIZE,
  countCrlRules,
  OWN_CRL_RULES,
} from '../../../src/lint/crl/lists.js';
import { createCrlLint } from '../../../src/lint/crl/stream.js';
import type { CrlLintContext } from '../../../src/lint/crl/subjects.js';
import type { Finding } from '../../../src/lint/rule.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { breakCrl, type CrlFault } from '../../support/lint/crl-fixtures.js';
import { describeEachRule } from '../../support/lint/rule-tests.js';
import { CRL_FAULTS, NO_LISTS } from '../../vectors/lint/crl-faults.js';
import { CONTEXT, ENTRIES, HEADER, tbsOf } from '../crl/fixture.js';

const contextOf = ({ context }: CrlFault): CrlLintContext => (context ? context(CONTEXT) : CONTEXT);

function reportOf(tbs: Bytes, context: CrlLintContext): readonly Finding[] {
  const lint = createCrlLint(context, 'report');
  lint.push(tbs);
  const ended = lint.end();
  assert.equal(ended.ok, lint.findings().length === 0);
  return lint.findings();
}

function gateOf(tbs: Bytes, context: CrlLintContext): string {
  const lint = createCrlLint(context);
  lint.push(tbs);
  const ended = lint.end();
  return ended.ok ? 'passed' : ended.error.rule;
}

describe('lint: each broken CRL fails its own rule and no other', () => {
  for (const fault of CRL_FAULTS) {
    it(`${fault.rule}: ${fault.fault}`, () => {
      const broken = breakCrl(fault, tbsOf());
      const findings = reportOf(broken, contextOf(fault));
      const expected = [fault.rule, ...Object.keys(fault.also ?? {})];
      assert.deepEqual(findings.map(({ rule }) => rule).sort(), expected.sort(), JSON.stringify(findings));
      for (const { detail } of findings) assert.match(detail, /\S/);
      assert.equal(gateOf(broken, contextOf(fault)), findings[0]?.rule);
    });
  }

  it('input that is no CRL is reported as such', () => {
    for (const bytes of NO_LISTS)
      assert.deepEqual(
        reportOf(bytes, CONTEXT).map(({ rule }) => rule),
        [CRL_DER.name],
      );
  });
});

describe('lint: a valid CRL', () => {
  it('passes, full or empty, as a delta and as a partition where these are published, by both sets of rules', () => {
    assert.deepEqual(reportOf(tbsOf(), CONTEXT), []);
    assert.deepEqual(reportOf(tbsOf({}, []), CONTEXT), []);
    const delta = { oid: '2.5.29.27', critical: true, value: Uint8Array.of(2, 1, 7) };
    const part = { oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, 3, 0x81, 1, 0xff) };
    for (const furtherExtensions of [[delta], [part], [delta, part]]) {
      const tbs = tbsOf({ furtherExtensions }, ENTRIES);
      assert.deepEqual(reportOf(tbs, { ...CONTEXT, shapes: 'any' }), []);
      assert.deepEqual(reportOf(tbs, { ...CONTEXT, ruleSet: 'standards', shapes: 'any' }), []);
      assert.equal(gateOf(tbs, CONTEXT), 'e_cps_crl_scope_is_served');
    }
  });

  it('of another issuer is checked against public standards only, and not compared with an unknown issuer', () => {
    const { signatureAlgorithm } = HEADER;
    const tbs = tbsOf({ signatureAlgorithm, nextUpdate: HEADER.thisUpdate + 400 * 86_400_000 });
    assert.deepEqual(reportOf(tbs, { issuer: null, lifeMsMax: 1, ruleSet: 'standards', shapes: 'any' }), []);
    assert.deepEqual(
      reportOf(tbs, CONTEXT).map(({ rule }) => rule),
      ['e_cps_crl_life_within_policy'],
    );
  });
});

describe('lint: the list of CRL rules is complete', () => {
  const rules = [ANY_CRL_RULES, OWN_CRL_RULES].flatMap((some) => Object.values(some).flat());
  const names = rules.map(({ name }): string => name);
  const unreadable = [CRL_DER, CRL_SIZE, CRL_ENTRY_FORM];

  describeEachRule([...rules, ...unreadable], { broken: CRL_FAULTS, prefix: '(cps_)?crl_' });

  it('has every rule of the folder, under the name of its file, once', () => {
    const files = readdirSync(join(packageRoot(), 'src/lint/crl/rules')).map((file) => file.replace(/\.ts$/, ''));
    assert.deepEqual([...names].sort(), files.sort());
    assert.equal(countCrlRules({}), names.length + unreadable.length);
  });

  it('has the CRL lints of zlint', () => {
    const cited = rules.map(({ citation }) => citation).join('\n');
    for (const theirs of [
      'e_crl_has_next_update',
      'e_crl_has_valid_reason_code',
      'e_cab_crl_has_valid_reason_code',
      'e_cab_crl_reason_code_not_critical',
    ])
      assert.match(cited, new RegExp(theirs));
  });
});
