import { LIMITS } from '../../../kernel/limits.js';
import { ok } from '../../../kernel/result.js';
import { renewCertificate } from '../../../operations/issuance/renew.js';
import type { KeyOrigin } from '../../../ports/store/certificates.js';
import type { Field, Option } from '../../fields.js';
import type { PageAction } from '../../page.js';
import { filled } from '../../words/filled.js';
import { ACTION_WORDS as WORDS } from './action-words.js';
import { versionOf } from './actions.js';
import type { CertificateData } from './data.js';

const ORIGINS: readonly (Option & { readonly value: KeyOrigin })[] = [
  { value: 'card', label: WORDS.keyOfCard },
  { value: 'module', label: WORDS.keyOfModule },
  { value: 'software', label: WORDS.keyOfSoftware },
];

const FIELDS: readonly Field[] = [
  {
    kind: 'multiline',
    name: 'csr',
    label: WORDS.csr,
    hint: WORDS.csrHint,
    isRequired: true,
    lengthMax: LIMITS.certificationRequestBytesMax,
    pattern: { matches: /^-----BEGIN [A-Z ]+-----[\s\S]+-----END [A-Z ]+-----$/, says: WORDS.csrForm },
  },
  { kind: 'select', name: 'keyOrigin', label: WORDS.keyOrigin, options: ORIGINS },
];

/** A key is certified once, so that a form that is sent twice does nothing the second time. */
export const RENEW: PageAction<CertificateData> = {
  id: 'renew',
  label: WORDS.renew,
  action: 'renew',
  isOffered: ({ status, record }) => status === 'issued' && record.recoveredSha256 === null,
  version: versionOf,
  fields: () => FIELDS,
  review: ({ record: { profile, holderId: holder } }) => ({
    summary: filled(WORDS.willRenew, { profile, holder }),
    consequences: [WORDS.oldStays],
    isReversible: false,
  }),
  perform: async ({ world }, { account }, { data, input }) => {
    const renewed = await renewCertificate(world, data.record.id, {
      account,
      csr: input.csr ?? '',
      identity: null,
      keyOrigin: ORIGINS.find(({ value }) => value === input.keyOrigin)?.value ?? null,
      validity: { notBefore: null, notAfter: null },
      idempotency: null,
    });
    if (!renewed.ok) return renewed;
    return ok({ path: `/console/certificates/${renewed.value.id}`, query: { done: 'renew' } });
  },
};
