import { guardsOf, type Mutants } from './mutant.js';

const SEARCHES = 'test/integration/db/search.test.ts';
const CHANGES = 'test/integration/counts/certificate-changes.test.ts';
const ROUTES = 'test/integration/service/requests/routes.test.ts';

/** Guards of searches, histories and counts. */
export const SEARCHED: Mutants = {
  'searches/cursor-in-scope': guardsOf('src/operations/visible-page.ts', 'test/unit/operations/visible-page.test.ts')(
    'The cursor of a page names nothing that the account may not see.',
    {
      find: 'if (found.length > limit) return pageOf(',
      replace: 'if (rows.length > limit) return pageOf(',
      title: 'is full, and its cursor names the last item of the page and nothing that is not seen',
    },
  ),
  'searches/recorded-with-a-cursor': guardsOf(
    'src/operations/certificates/search-certificates.ts',
    'test/integration/console/search.test.ts',
  )('A search for a person is recorded, whatever cursor it begins with.', {
    find: 'if (filter.cursor === undefined || isOfOne) {',
    replace: 'if (filter.cursor === undefined || (isOfOne && filter.limit === 0)) {',
    title: 'records a search that names a certificate, also one that begins with a cursor',
  }),
  'searches/last-day': guardsOf('src/console/pages/certificates/search.tsx', 'test/integration/console/search.test.ts')(
    'Each day that the search of the console accepts can be written to the audit log.',
    {
      find: 'Math.min(begin + DAY_MS + extraMs, INSTANT_MAX)',
      replace: 'Math.max(begin + DAY_MS + extraMs, 0)',
      title: 'takes the first and the last day of the calendar',
    },
  ),
  'searches/examined': guardsOf('src/db/tables/search.ts', SEARCHES)(
    'A page of a search examines a limited number of rows.',
    {
      find: "if (end !== null) comparePosition(query, rowOrder, { is: 'up-to', at: end });",
      replace: '',
      title: 'examines a limited number of rows for a page',
    },
  ),
  'changes/whole-entry': guardsOf('src/db/tables/certificate-changes.ts', CHANGES)(
    'The changes of one entry are on one page.',
    {
      find: 'if (beyond.seq > last) return',
      replace: 'if (beyond.seq >= last) return',
      title: 'come once each, in the order of the audit log',
    },
  ),
  'changes/no-intents': guardsOf('src/db/tables/certificate-changes.ts', CHANGES)(
    'An intent that was given up is not shown as a revoked certificate.',
    {
      find: ".whereRaw('certificates.issued_seq + 0 > 0')",
      replace: '',
      title: 'come once each, in the order of the audit log',
    },
  ),
  'changes/examined': guardsOf('src/db/tables/certificate-changes.ts', CHANGES)(
    'A page of changes examines a limited number of rows.',
    {
      find: 'until: await lastExaminedEntry(session, { after, until })',
      replace: 'until',
      title: 'examine a limited number of rows for a page',
    },
  ),
  'searches/recorded': guardsOf('src/operations/certificates/search-certificates.ts', ROUTES)(
    'Each search is recorded with what it was for.',
    {
      find: 'details: { ...subjects, ...periods, ticket, exportedAs },',
      replace: 'details: { ...subjects, ...periods },',
      title: 'searches certificates, and shows lives',
    },
  ),
  'searches/history-scope': guardsOf('src/operations/certificates/read-history.ts', ROUTES)(
    'The life of a certificate is for accounts whose scope covers it.',
    {
      find: "isCertificate(record) && decideAccess(account, 'find', subjectOf(record)).ok",
      replace: "isCertificate(record) && decideAccess(account, 'find', null).ok",
      title: 'searches certificates, and shows lives',
    },
  ),
  'searches/formulas': guardsOf('src/kernel/csv.ts', 'test/unit/kernel/csv.test.ts')(
    'No cell of an export is a formula.',
    { find: 'quoted(withoutFormula(', replace: 'quoted((', title: 'begins with an apostrophe' },
  ),
  'searches/ticket-of-support': guardsOf(
    'src/console/pages/support/support.tsx',
    'test/integration/console/support.test.ts',
  )('Support searches nothing without the number of a ticket.', {
    find: 'isRequired: true,',
    replace: '',
    title: 'finds nothing without a ticket',
  }),
  'searches/counted-once': guardsOf('src/jobs/daily-counts.ts', 'test/integration/counts/daily-counts.test.ts')(
    'The position moves in the transaction that adds the counts.',
    {
      find: 'await leased.setCursor(tx, upTo);',
      replace: 'if (isLast) await leased.setCursor(tx, from);',
      title: 'are those of a new count of the whole audit log',
    },
  ),
};
