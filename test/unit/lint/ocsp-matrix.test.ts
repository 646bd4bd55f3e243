import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkOcspResponseData } from '../../../src/lint/ocsp/lint.js';
import { ANY_OCSP_RULES, countOcspRules, OCSP_DER, OCSP_SIZE, OWN_OCSP_RULES } from '../../../src/lint/ocsp/lists.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { breakOcsp } from '../../support/lint/ocsp-fixtures.js';
import { describeEachRule } from '../../support/lint/rule-tests.js';
import { OCSP_FAULTS } from '../../vectors/lint/ocsp-faults.js';
import { GOOD_ANSWER, OCSP_CONTEXT, RESPONDER } from '../ocsp/answer-fixture.js';

describe('lint: each broken OCSP response fails its own rule and no other', () => {
  for (const fault of OCSP_FAULTS) {
    it(`${fault.rule}: ${fault.fault}`, () => {
      const context = fault.context ? fault.context(OCSP_CONTEXT) : OCSP_CONTEXT;
      const checked = checkOcspResponseData(context, breakOcsp(fault, GOOD_ANSWER, RESPONDER));
      assert(!checked.ok, 'it passed');
      const { findings } = checked.error;
      const expected = [fault.rule, ...Object.keys(fault.also ?? {})].sort();
      // A fault in many SingleResponses is reported for each of them.
      const found = [...new Set(findings.map(({ rule }) => rule))].sort();
      assert.deepEqual(found, expected, JSON.stringify(findings.slice(0, 3)));
      for (const { detail } of findings) assert.match(detail, /\S/);
    });
  }
});

describe('lint: the list of OCSP rules is complete', () => {
  const rules = [ANY_OCSP_RULES, OWN_OCSP_RULES].flatMap((some) => Object.values(some).flat());
  const names = rules.map(({ name }): string => name);
  const unreadable = [OCSP_DER, OCSP_SIZE];

  describeEachRule([...rules, ...unreadable], { broken: OCSP_FAULTS, prefix: '(cps_)?ocsp_' });

  it('has every rule of the folder, under the name of its file, once', () => {
    const files = readdirSync(join(packageRoot(), 'src/lint/ocsp/rules')).map((file) => file.replace(/\.ts$/, ''));
    assert.deepEqual([...names].sort(), files.sort());
    assert.equal(countOcspRules('platform'), names.length + unreadable.length);
  });
});
