import assert from 'node:assert/strict';
import { bool, seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { checkCertificate, lintCertificate } from '../../../src/lint/certificate/lint.js';
import { CERTIFICATE_RULES } from '../../../src/lint/certificate/lists/platform.js';
import { exceptionFaults, RULES_WITHOUT_EXCEPTIONS } from '../../../src/lint/exceptions.js';
import type { LintException } from '../../../src/policy/model.js';
import {
  BEGINS,
  both,
  breakIt,
  goodCertificate,
  policy,
  UTF8,
  upn,
  withExtension,
  withRdns,
} from '../../support/lint/fixtures.js';
import { CERTIFICATE_FAULTS } from '../../vectors/lint/certificate-faults.js';
import { EXTENSION_FAULTS } from '../../vectors/lint/extension-faults.js';
import { HOLDER_FAULTS } from '../../vectors/lint/holder-faults.js';
import { KEY_FAULTS } from '../../vectors/lint/key-faults.js';

const RULES: ReadonlySet<string> = new Set(CERTIFICATE_RULES.map(({ name }) => name));
const ALONE = [...CERTIFICATE_FAULTS, ...KEY_FAULTS, ...HOLDER_FAULTS, ...EXTENSION_FAULTS].filter(({ rule }) =>
  RULES.has(rule),
);
const until = (rule: string, expires: string, profiles: readonly string[] = ['*']): LintException => ({
  rule,
  profiles,
  expires,
  reason: 'until the software of a hospital is replaced',
  approver: 'officer-1',
});
const NO_FAULT = { rule: 'e_none', fault: '', of: 'fort/cps-signature' } as const;
const LATER = '2099-12-31T23:59:59Z';
const OVER = '2001-12-31T23:59:59Z';

function checked(fault: (typeof ALONE)[number], lintExceptions: readonly LintException[]) {
  const good = goodCertificate(fault.of, fault.keyType === undefined ? {} : { keyType: fault.keyType });
  const broken = breakIt(fault, good);
  return checkCertificate({ ...broken, environment: { ...broken.environment, lintExceptions } });
}

describe('an exception of the lint', () => {
  it('tolerates findings of its rule for its profiles until its end, and no longer', () => {
    let passed = 0;
    for (const fault of ALONE) {
      if (RULES_WITHOUT_EXCEPTIONS.has(fault.rule)) continue;
      assert.equal(checked(fault, [until(fault.rule, LATER)]).ok, true, fault.rule);
      assert.equal(checked(fault, [until(fault.rule, LATER, [fault.of])]).ok, true, fault.rule);
      assert.equal(checked(fault, [until(fault.rule, OVER)]).ok, false, fault.rule);
      assert.equal(checked(fault, [until(fault.rule, LATER, ['fort/none'])]).ok, false, fault.rule);
      assert.equal(checked(fault, [until('e_other_rule', LATER)]).ok, false, fault.rule);
      passed += 1;
    }
    assert.ok(passed > 50, `${passed}`);
  });

  it('has no effect for rules without exceptions', () => {
    const never = ALONE.filter(({ rule }) => RULES_WITHOUT_EXCEPTIONS.has(rule));
    assert.ok(never.length > 10);
    for (const fault of never) assert.equal(checked(fault, [until(fault.rule, LATER)]).ok, false, fault.rule);
  });

  it('never allows a certificate of an authority, a responder, or a signer of CRLs or CMP, even with exceptions for all rules', () => {
    const excepted = [...RULES].filter((rule) => !RULES_WITHOUT_EXCEPTIONS.has(rule)).map((rule) => until(rule, LATER));
    const ocspSigning = Uint8Array.of(0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09);
    const ways = {
      'cA TRUE': withExtension('basicConstraints', seq(bool(true))),
      // BER that other readers accept: TRUE is any octet but zero, lengths may be long, zero bits
      // may trail.
      'cA 01': withExtension('basicConstraints', seq(tagged(0x01, Uint8Array.of(0x01)))),
      'keyCertSign and cRLSign': withExtension('keyUsage', tagged(0x03, Uint8Array.of(1, 0x06))),
      'keyCertSign with trailing zeros': withExtension('keyUsage', tagged(0x03, Uint8Array.of(0, 0x04))),
      'cmcCA, which clients of CMP take as the CA': withExtension(
        'extKeyUsage',
        seq(tagged(0x06, Uint8Array.of(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x1b))),
      ),
      'OCSPSigning in a long form': withExtension('extKeyUsage', Uint8Array.of(0x30, 0x81, 0x0a, ...ocspSigning)),
    };
    for (const [name, edit] of Object.entries(ways)) {
      const broken = breakIt({ ...NO_FAULT, edit }, goodCertificate(NO_FAULT.of));
      const environment = { ...broken.environment, lintExceptions: excepted };
      assert.equal(checkCertificate({ ...broken, environment }).ok, false, name);
    }
  });

  it('never allows the user principal name of another holder, even with exceptions for all rules', () => {
    const excepted = [...RULES].filter((rule) => !RULES_WITHOUT_EXCEPTIONS.has(rule)).map((rule) => until(rule, LATER));
    const own = upn('810002813839@carte-cps.fr');
    const other = withExtension('subjectAltName', seq(upn('899700218896@carte-cps.fr')));
    const second = { type: OID.commonName, tag: UTF8, value: '899700218896' };
    const ways = [
      { of: 'fort/cps-authentication', edit: other },
      {
        of: 'fort/cps-authentication',
        edit: both(
          other,
          withRdns((rdns) => [...rdns, [second]]),
        ),
      },
      {
        of: 'fort/cps-authentication',
        edit: withExtension('subjectAltName', seq(own, upn('899700218896@carte-cps.fr'))),
      },
      { of: 'elementaire/org-auth-cli', edit: other },
    ];
    for (const [at, { of, edit }] of ways.entries()) {
      const broken = breakIt({ ...NO_FAULT, edit }, goodCertificate(of));
      const environment = { ...broken.environment, lintExceptions: excepted };
      assert.equal(checkCertificate({ ...broken, environment }).ok, false, `${of}, ${at}`);
    }
  });

  it('ends to the second for a certificate that is about to be signed', () => {
    const fault = ALONE.find(({ rule }) => rule === 'e_cps_subject_values_have_no_extra_spaces');
    assert.ok(fault !== undefined);
    const broken = breakIt(fault, goodCertificate(fault.of));
    assert.ok('tbs' in broken);
    const at = (now: number, expires: string) => {
      const environment = { ...broken.environment, lintExceptions: [until(fault.rule, expires)] };
      return lintCertificate({ ...broken, environment, now }).ok;
    };
    const end = new Date(BEGINS).toISOString().replace('.000', '');
    assert.deepEqual([at(BEGINS, end), at(BEGINS + 1, end)], [true, false]);
  });

  it('for an unknown rule, or a rule without exceptions, is a fault of the policy, with its place', () => {
    const faults = exceptionFaults({
      ...policy.environment,
      lintExceptions: [
        until('e_dns_names_have_preferred_syntax', LATER),
        until('e_none', LATER),
        until('e_serial_number_is_positive', LATER),
      ],
    });
    assert.deepEqual(
      faults.map(({ file, pointer, message }) => `${file}${pointer}: ${message}`),
      [
        'environments/development.json/lintExceptions/1/rule: there is no rule e_none of certificates',
        'environments/development.json/lintExceptions/2/rule: e_serial_number_is_positive has no exceptions',
      ],
    );
    for (const rule of RULES_WITHOUT_EXCEPTIONS) assert.ok(RULES.has(rule), rule);
  });
});
