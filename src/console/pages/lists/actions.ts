import { ok } from '../../../kernel/result.js';
import { requestCrl } from '../../../operations/crl/request-crl.js';
import type { PageAction } from '../../page.js';
import { filled } from '../../words/filled.js';
import type { AuthorityListsData } from './data.js';
import { LISTS_WORDS as WORDS } from './words.js';

export const PUBLISH: PageAction<AuthorityListsData> = {
  id: 'publish',
  label: WORDS.publish,
  action: 'publish-crl',
  // Only a ceremony makes the list of a root.
  isOffered: ({ issuer }) => issuer.kind === 'issuing',
  version: ({ crls: { full, delta } }) => `${full?.number} ${delta?.number}`,
  fields: ({ hasDelta }) =>
    hasDelta
      ? [
          {
            kind: 'choice',
            name: 'kind',
            label: WORDS.whichList,
            isRequired: true,
            value: 'full',
            options: [
              { value: 'full', label: WORDS.full, hint: WORDS.fullHint },
              { value: 'delta', label: WORDS.deltaList, hint: WORDS.deltaHint },
            ],
          },
        ]
      : [],
  review: ({ issuer }, { kind }) => ({
    summary: filled(WORDS.willPublish, { ca: issuer.id, kind: kind === 'delta' ? WORDS.deltaList : WORDS.full }),
    consequences: [WORDS.nextNumber, WORDS.soonServed],
    isReversible: false,
  }),
  perform: async (context, { account }, { data, input }) => {
    const kind = input.kind === 'delta' ? 'delta' : 'full';
    const published = await requestCrl(context, account, { id: data.issuer.id, kind });
    return published.ok ? ok({ query: { done: 'publish', check: 'now' } }) : published;
  },
};
