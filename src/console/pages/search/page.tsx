import type { CertificateSummary, Page } from '../../../ports/store/certificates.js';
import { CertificateTable } from '../../components/certificates.js';
import { FormFields } from '../../components/form.js';
import { SearchForm } from '../../components/search-form.js';
import { Pager } from '../../components/table.js';
import { Part } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { loadSearch, type SearchData } from './data.js';
import { EXPORTS } from './exports.js';
import { CRITERIA } from './fields.js';
import { SEARCH_WORDS } from './words.js';

/** Finds certificates by their numbers, and by what they have in common. */
export const SEARCH_PAGE = definePage<SearchData>({
  id: 'search',
  path: '/console/certificates',
  name: SEARCH_WORDS.name,
  section: 'certificates',
  opensFor: ['read'],
  query: [...CRITERIA, 'cursor'],
  load: loadSearch,
  view: (data) => <Search {...data} />,
  downloads: EXPORTS,
});

/** Criteria that a caller at the telephone can give; the others are behind a summary. */
const FIRST_FIELDS = 4;

function Search({ fields, faults, input, found }: SearchData) {
  const { t, query } = useUi();
  const sent = Object.fromEntries(fields.map(({ name }) => [name, query[name] ?? '']));
  const others = fields.slice(FIRST_FIELDS);
  const isOpen = others.some(({ name }) => (sent[name] ?? '') !== '');
  return (
    <PageFrame title={t(SEARCH_WORDS.name)}>
      <SearchForm faults={faults} submit={SEARCH_WORDS.find} hint={SEARCH_WORDS.recorded}>
        <FormFields fields={fields.slice(0, FIRST_FIELDS)} input={sent} faults={faults} isFilter />
        <details open={isOpen}>
          <summary>{t(SEARCH_WORDS.more)}</summary>
          <FormFields fields={others} input={sent} faults={faults} isFilter />
        </details>
      </SearchForm>
      {found === null ? <p class="empty">{t(SEARCH_WORDS.start)}</p> : <Results page={found} input={input} />}
    </PageFrame>
  );
}

type ResultsProps = { readonly page: Page<CertificateSummary>; readonly input: SearchData['input'] };

function Results({ page: { items, next }, input }: ResultsProps) {
  const { t, query, path, href } = useUi();
  const isFirst = query.cursor === undefined;
  return (
    <Part id="results" title={SEARCH_WORDS.results}>
      {items.length > 0 && <CardOfSearch tokenId={query.card} />}
      <CertificateTable
        caption={SEARCH_WORDS.newestFirst}
        rows={items}
        empty={next === null ? SEARCH_WORDS.none : SEARCH_WORDS.noneYet}
      />
      <Pager next={next} isFirst={isFirst} />
      {items.length > 0 && (
        <>
          <p>{t(SEARCH_WORDS.exportAll)}</p>
          <ul>
            <li>
              <a href={href(`${path}/export.csv`, input)}>{t(SEARCH_WORDS.csv)}</a>
            </li>
            <li>
              <a href={href(`${path}/export.ndjson`, input)}>{t(SEARCH_WORDS.ndjson)}</a>
            </li>
          </ul>
        </>
      )}
    </Part>
  );
}

/** A card that was searched is opposed on a page of its own, with all its certificates. */
function CardOfSearch({ tokenId }: { readonly tokenId: string | undefined }) {
  const { t, can, href } = useUi();
  if (tokenId === undefined || !can('read')) return null;
  return (
    <p>
      <a class="button" href={href(`/console/cards/${encodeURIComponent(tokenId.trim())}`)}>
        {t(SEARCH_WORDS.openCard)}
      </a>
    </p>
  );
}
