/**
 * The issuer's name is the subject of its certificate, byte for byte: some readers compare names in
 * this way only.
 */
import { equalBytes } from '../../../kernel/bytes.js';
import type { Rule } from '../../rule.js';
import type { CrlHeaderSubject } from '../subjects.js';

export const e_crl_issuer_is_subject_of_issuer: Rule<CrlHeaderSubject> = {
  name: 'e_crl_issuer_is_subject_of_issuer',
  citation: 'RFC 5280 5.1.2.3 and 7.1',
  effective: '2008-05-01',
  check: ({ context, issuerDer }) =>
    context.issuer === null || equalBytes(issuerDer, context.issuer.subjectDer)
      ? null
      : 'another name than the subject of the issuer',
};
