/**
 * Neither a delta nor a part while only full lists are published: a reader that knows no better would take it for the whole.
 */
import { hasExtension } from '../crl-extensions.js';
import type { ExtendedCrl } from '../crl-subjects.js';
import type { Rule } from '../rule.js';

export const e_cps_crl_scope_is_that_of_issuer: Rule<ExtendedCrl> = {
  name: 'e_cps_crl_scope_is_that_of_issuer',
  citation: 'policy: lists of the issuer; RFC 5280 5.2.4 and 5.2.5',
  effective: '2026-01-01',
  check: ({ header: { context }, extensions }) => {
    if (context.scope === 'any') return null;
    if (hasExtension(extensions, 'deltaCrlIndicator')) return 'a delta';
    return hasExtension(extensions, 'issuingDistributionPoint') ? 'a part' : null;
  },
};
