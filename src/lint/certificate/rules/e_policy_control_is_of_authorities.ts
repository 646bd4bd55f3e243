/**
 * Policy mappings, policy constraints and inhibitAnyPolicy apply to paths through a CA: "this
 * extension is used in CA certificates".
 */
import type { AnySubject, Rule } from '../../rule.js';

const CONTROLS = ['policyMappings', 'policyConstraints', 'inhibitAnyPolicy'] as const;

export const e_policy_control_is_of_authorities: Rule<AnySubject> = {
  name: 'e_policy_control_is_of_authorities',
  citation: 'RFC 5280 4.2.1.5, 4.2.1.11 and 4.2.1.14; EN 319 412-2 4.3',
  effective: '2008-05-01',
  check: ({ extensions }) => CONTROLS.find((name) => extensions.has(name)) ?? null,
};
