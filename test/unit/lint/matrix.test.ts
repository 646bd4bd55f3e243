import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../../../src/kernel/assert.js';
import { err, type Result } from '../../../src/kernel/result.js';
import { lintAnyCertificate } from '../../../src/lint/certificate/any-certificate.js';
import { checkAuthorityCertificate } from '../../../src/lint/certificate/authority.js';
import { checkLinkCertificate } from '../../../src/lint/certificate/link.js';
import { checkCertificate, type LintInput, readLintInput, STRICT_DER } from '../../../src/lint/certificate/lint.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES, LINK_RULES } from '../../../src/lint/certificate/lists/platform.js';
import type { LintFailure } from '../../../src/lint/rule.js';
import { packageRoot } from '../../../src/package/package-root.js';
import {
  assemble,
  breakIt,
  type Fault,
  goodAuthority,
  goodCertificate,
  goodLink,
  partsOf,
  policy,
  type StandardFault,
} from '../../support/lint/fixtures.js';
import { describeEachRule } from '../../support/lint/rule-tests.js';
import { AUTHORITY_FAULTS } from '../../vectors/lint/authority-faults.js';
import { CERTIFICATE_FAULTS } from '../../vectors/lint/certificate-faults.js';
import { EXTENSION_FAULTS } from '../../vectors/lint/extension-faults.js';
import { HOLDER_FAULTS } from '../../vectors/lint/holder-faults.js';
import { KEY_FAULTS } from '../../vectors/lint/key-faults.js';
import { LINK_FAULTS } from '../../vectors/lint/link-faults.js';
import { STANDARD_CONSTRAINT_FAULTS } from '../../vectors/lint/standard-constraint-faults.js';
import { STANDARD_EXTENSION_FAULTS } from '../../vectors/lint/standard-extension-faults.js';
import { STANDARD_FAULTS } from '../../vectors/lint/standard-faults.js';
import { STANDARD_NAME_FAULTS } from '../../vectors/lint/standard-name-faults.js';

const FAULTS = [...CERTIFICATE_FAULTS, ...KEY_FAULTS, ...HOLDER_FAULTS, ...EXTENSION_FAULTS];
const STANDARD = [
  ...STANDARD_FAULTS,
  ...STANDARD_EXTENSION_FAULTS,
  ...STANDARD_NAME_FAULTS,
  ...STANDARD_CONSTRAINT_FAULTS,
];

const LISTED = [...new Set([...CERTIFICATE_RULES, ...AUTHORITY_RULES, ...LINK_RULES, STRICT_DER])];

/** Exactly the expected rules fail, and each describes its finding. */
function assertFails<Context>({ rule }: Pick<Fault<Context>, 'rule'>, outcome: Result<unknown, LintFailure>): void {
  assert.ok(!outcome.ok, 'it passed');
  const { findings } = outcome.error;
  assert.deepEqual(findings.map((finding) => finding.rule).sort(), [rule], JSON.stringify(findings));
  for (const { detail } of findings) assert.match(detail, /\S/);
}

/** The findings of public standards alone, and those of all rules of the platform. */
function bothWays({ of, keyType, edit, make }: StandardFault): readonly Result<unknown, LintFailure>[] {
  const isAuthority = policy.authorities.has(of);
  const good = isAuthority ? goodAuthority(of) : goodCertificate(of, keyType === undefined ? {} : { keyType });
  const linting: LintInput = make ? make(good.tbs) : { tbs: edit ? assemble(edit(partsOf(good.tbs))) : good.tbs };
  const { context } = good;
  const signer = context.issuer ?? ('authority' in context ? context.authority : null);
  assert.ok(signer);
  const read = readLintInput(linting, signer);
  const findings = read.ok ? lintAnyCertificate(read.value, null).findings : read.error.findings;
  return [
    findings.length === 0 ? read : err({ kind: 'lint-failed', findings }),
    'authority' in context
      ? checkAuthorityCertificate({ ...context, ...linting })
      : checkCertificate({ ...context, ...linting }),
  ];
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
  for (const fault of LINK_FAULTS) {
    it(`${fault.rule}: ${fault.fault} (link certificate)`, () => {
      assertFails(fault, checkLinkCertificate(breakIt(fault, goodLink(fault.of))));
    });
  }
});

describe('lint: each certificate that violates a public standard fails its own rule of standards and no other', () => {
  for (const fault of STANDARD) {
    it(`${fault.rule}: ${fault.fault}, and is never signed`, () => {
      const [standards, own] = bothWays(fault);
      assert.ok(standards && own && !own.ok, 'it passed');
      assertFails(fault, standards);
      assert.ok(own.error.findings.some(({ rule }) => rule === fault.rule));
    });
  }
});

describe('lint: without any one rule', () => {
  type Verdict = { readonly rule: string; readonly outcome: Result<unknown, LintFailure> };
  let verdicts: readonly Verdict[] = [];
  before(() => {
    verdicts = [
      ...FAULTS.map((fault) => {
        const good = goodCertificate(fault.of, fault.keyType === undefined ? {} : { keyType: fault.keyType });
        return { rule: fault.rule, outcome: checkCertificate(breakIt(fault, good)) };
      }),
      ...AUTHORITY_FAULTS.map((fault) => ({
        rule: fault.rule,
        outcome: checkAuthorityCertificate(breakIt(fault, goodAuthority(fault.of))),
      })),
      ...LINK_FAULTS.map((fault) => ({
        rule: fault.rule,
        outcome: checkLinkCertificate(breakIt(fault, goodLink(fault.of))),
      })),
      ...STANDARD.map((fault) => ({ rule: fault.rule, outcome: present(bothWays(fault)[0], fault.fault) })),
    ];
  });

  for (const { name } of LISTED) {
    it(`${name}: the certificates that break it pass, and no others do`, () => {
      const passing = verdicts.filter(
        ({ outcome }) => !outcome.ok && outcome.error.findings.every((one) => one.rule === name),
      );
      assert.deepEqual([...new Set(passing.map(({ rule }) => rule))], [name], 'test/vectors/lint describes no fault');
      assert.equal(passing.length, verdicts.filter(({ rule }) => rule === name).length, name);
    });
  }
});

describe('lint: the list of rules is complete', () => {
  describeEachRule(LISTED, { broken: [...FAULTS, ...AUTHORITY_FAULTS, ...LINK_FAULTS, ...STANDARD], prefix: '' });

  it('has every rule of the folder, under the name of its file', () => {
    const files = readdirSync(join(packageRoot(), 'src/lint/certificate/rules')).map((file) =>
      file.replace(/\.ts$/, ''),
    );
    const names = LISTED.map(({ name }) => name).filter((name) => name !== STRICT_DER.name);
    assert.deepEqual(names.sort(), files.sort());
  });

  it('has no duplicate', () => {
    for (const list of [CERTIFICATE_RULES, AUTHORITY_RULES, LINK_RULES]) {
      assert.equal(new Set(list.map(({ name }) => name)).size, list.length);
    }
  });
});
