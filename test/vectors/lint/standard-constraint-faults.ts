/** Broken certificates for the rules of public standards about name and policy constraints. */

import { contextConstructed, contextPrimitive, integer, oid, seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { utf8 } from '../../../src/kernel/bytes.js';
import { faultsIn } from '../../support/lint/fault-table.js';
import { both, dns, type Edit, type StandardFault, withExtension } from '../../support/lint/fixtures.js';
import { ISSUING, SIGNATURE } from './subjects.js';

const POLICY = '2.999.1';

const uri = (address: string): Uint8Array => tagged(0x86, utf8(address));
const constraints = (tag: 0 | 1, ...subtrees: readonly Uint8Array[]): Edit =>
  withExtension('nameConstraints', seq(contextConstructed(tag, ...subtrees)), true);

type NamedExtension = Parameters<typeof withExtension>[0];

/** Extensions of CA certificates that must or should be critical. */
const CRITICAL: readonly (readonly [StandardFault['rule'], NamedExtension, Uint8Array])[] = [
  ['e_name_constraints_are_critical', 'nameConstraints', seq(contextConstructed(0, seq(dns('example.org'))))],
  ['e_policy_constraints_are_critical', 'policyConstraints', seq(contextPrimitive(0, Uint8Array.of(0)))],
  ['e_inhibit_any_policy_is_critical', 'inhibitAnyPolicy', integer(0)],
];

export const STANDARD_CONSTRAINT_FAULTS: readonly StandardFault[] = [
  ...faultsIn<StandardFault>(ISSUING, {
    w_policy_mappings_are_critical: {
      'policyMappings not critical': both(
        withExtension('certificatePolicies', seq(seq(oid(POLICY)))),
        withExtension('policyMappings', seq(seq(oid(POLICY), oid('2.999.2')))),
      ),
    },
    w_policy_mappings_are_of_own_policies: {
      'a policy that the certificate does not assert': withExtension(
        'policyMappings',
        seq(seq(oid(POLICY), oid('2.999.2'))),
        true,
      ),
    },
    e_policy_mappings_leave_any_policy_alone: {
      'anyPolicy mapped to another': withExtension(
        'policyMappings',
        seq(seq(oid(OID.anyPolicy), oid('2.999.2'))),
        true,
      ),
    },
    e_policy_constraints_are_not_empty: { 'an empty sequence': withExtension('policyConstraints', seq(), true) },
    e_name_constraints_are_not_empty: { 'an empty sequence': withExtension('nameConstraints', seq(), true) },
    e_name_constraints_have_no_distances: {
      'a minimum': constraints(0, seq(dns('example.org'), contextPrimitive(0, Uint8Array.of(1)))),
      'a maximum': constraints(1, seq(dns('example.org'), contextPrimitive(1, Uint8Array.of(3)))),
    },
    e_name_constraints_of_uris_are_hosts: {
      'an address instead of its host': constraints(0, seq(uri('http://example.org'))),
    },
    e_name_constraints_of_addresses_have_a_mask: {
      'a mask with a hole': constraints(0, seq(tagged(0x87, Uint8Array.of(192, 0, 2, 0, 255, 0, 255, 0)))),
    },
    e_name_constraints_of_hosts_have_no_leading_period: {
      'a period before the domain': constraints(0, seq(dns('.example.org'))),
    },
    w_name_constraints_are_of_common_forms: {
      'a registered identifier': constraints(1, seq(tagged(0x88, Uint8Array.of(0x2a)))),
    },
    e_name_constraints_are_of_authorities: {
      'in the certificate of an end entity': { of: SIGNATURE, edit: constraints(0, seq(dns('example.org'))) },
    },
  }),
  ...CRITICAL.map(
    ([rule, extension, value]): StandardFault => ({
      rule,
      fault: `${extension} not critical`,
      of: ISSUING,
      edit: withExtension(extension, value),
    }),
  ),
  ...(['policyConstraints', 'policyMappings', 'inhibitAnyPolicy'] as const).map(
    (extension): StandardFault => ({
      rule: 'e_policy_control_is_of_authorities',
      fault: `${extension} in the certificate of an end entity`,
      of: SIGNATURE,
      edit: both(
        withExtension('certificatePolicies', seq(seq(oid(POLICY)))),
        withExtension(
          extension,
          {
            policyConstraints: seq(contextPrimitive(0, Uint8Array.of(0))),
            policyMappings: seq(seq(oid(POLICY), oid('2.999.2'))),
            inhibitAnyPolicy: integer(0),
          }[extension],
          true,
        ),
      ),
    }),
  ),
];
