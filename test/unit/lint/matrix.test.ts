import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/config/paths.js';
import type { Result } from '../../../src/kernel/result.js';
import { checkAuthorityCertificate } from '../../../src/lint/authority.js';
import { checkCertificate, STRICT_DER } from '../../../src/lint/certificate.js';
import type { LintFailure } from '../../../src/lint/rule.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES } from '../../../src/lint/rules.js';
import { breakIt, type Fault, goodAuthority, goodCertificate } from '../../support/lint-fixtures.js';
import { AUTHORITY_FAULTS } from '../../vectors/lint/authority-faults.js';
import { CERTIFICATE_FAULTS } from '../../vectors/lint/certificate-faults.js';
import { EXTENSION_FAULTS } from '../../vectors/lint/extension-faults.js';
import { HOLDER_FAULTS } from '../../vectors/lint/holder-faults.js';
import { KEY_FAULTS } from '../../vectors/lint/key-faults.js';

const FAULTS = [...CERTIFICATE_FAULTS, ...KEY_FAULTS, ...HOLDER_FAULTS, ...EXTENSION_FAULTS];

/** Exactly the rules that are expected to fail, and each with something to say. */
function assertFails<Context>({ rule, also = {} }: Fault<Context>, outcome: Result<unknown, LintFailure>): void {
  assert.ok(!outcome.ok, 'it passed');
  const { findings } = outcome.error;
  assert.deepEqual(
    findings.map((finding) => finding.rule).sort(),
    [rule, ...Object.keys(also)].sort(),
    JSON.stringify(findings),
  );
  for (const { detail } of findings) assert.match(detail, /\S/);
}

describe('lint: each broken certificate fails its own rule and no other', () => {
  for (const fault of FAULTS) {
    it(`${fault.rule}: ${fault.fault}`, () => {
      const good = goodCertificate(fault.of, fault.keyType === undefined ? {} : { keyType: fault.keyType });
      assertFails(fault, checkCertificate(breakIt(fault, good)));
    });
  }
  for (const fault of AUTHORITY_FAULTS) {
    it(`${fault.rule}: ${fault.fault} (authority)`, () => {
      assertFails(fault, checkAuthorityCertificate(breakIt(fault, goodAuthority(fault.of))));
    });
  }
});

describe('lint: the list of rules is whole', () => {
  const listed = [...new Set([...CERTIFICATE_RULES, ...AUTHORITY_RULES])];
  const names = listed.map(({ name }) => name);

  it('has every rule of the folder, under the name of its file', () => {
    const files = readdirSync(join(packageRoot(), 'src/lint/rules')).map((file) => file.replace(/\.ts$/, ''));
    assert.deepEqual([...names].sort(), files.sort());
  });

  it('has no rule twice', () => {
    for (const list of [CERTIFICATE_RULES, AUTHORITY_RULES]) {
      assert.equal(new Set(list.map(({ name }) => name)).size, list.length);
    }
  });

  it('has a broken certificate for every rule', () => {
    const broken: ReadonlySet<string> = new Set([...FAULTS, ...AUTHORITY_FAULTS].map(({ rule }) => rule));
    assert.deepEqual(
      [...names, STRICT_DER.name].filter((name) => !broken.has(name)),
      [],
    );
  });

  it('cites a source and a day for every rule', () => {
    for (const { name, citation, effective } of [...listed, STRICT_DER]) {
      assert.match(name, /^[ew]_[a-z0-9_]+$/);
      assert.match(citation, /\S{3}/, name);
      assert.match(effective, /^\d{4}-\d\d-\d\d$/, name);
    }
  });
});
