import { ok } from '../../../kernel/result.js';
import { type CertificateStatus, statusOf } from '../../../lifecycle/status.js';
import { searchCertificates } from '../../../operations/certificates/search-certificates.js';
import type { CertificateRecord, Page } from '../../../ports/store/certificates.js';
import { readSerials } from '../../../x509/certificate/serial-number.js';
import { FormFields } from '../../components/form.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Notice, Part, Stored } from '../../components/text.js';
import { checkInput, type Field, type FieldFault } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS, STATUS_LABELS } from '../../words/certificates.js';
import { FORM_WORDS } from '../../words/forms.js';
import { SEARCH_WORDS } from './words.js';

type SearchData = {
  readonly faults: readonly FieldFault[];
  /** null: nothing has been searched yet. */
  readonly found: Page<CertificateRecord> | null;
};

const PAGE_SIZE = 50;
const STATUSES = Object.keys(STATUS_LABELS) as readonly CertificateStatus[];

const FIELDS: readonly Field[] = [
  { kind: 'search', name: 'card', label: CERTIFICATE_WORDS.card, hint: SEARCH_WORDS.cardHint, lengthMax: 64 },
  { kind: 'search', name: 'holder', label: CERTIFICATE_WORDS.holder, hint: SEARCH_WORDS.holderHint, lengthMax: 64 },
  { kind: 'search', name: 'serial', label: CERTIFICATE_WORDS.serial, hint: SEARCH_WORDS.serialHint, lengthMax: 64 },
  {
    kind: 'search',
    name: 'structure',
    label: CERTIFICATE_WORDS.structure,
    hint: SEARCH_WORDS.structureHint,
    lengthMax: 64,
  },
  {
    kind: 'select',
    name: 'status',
    label: CERTIFICATE_WORDS.status,
    options: STATUSES.map((status) => ({ value: status, label: STATUS_LABELS[status].label })),
  },
];

/** Finds certificates by their numbers. */
export const SEARCH_PAGE = definePage<SearchData>({
  id: 'search',
  path: '/console/certificates',
  name: SEARCH_WORDS.name,
  section: 'certificates',
  opensFor: ['read'],
  query: [...FIELDS.map(({ name }) => name), 'cursor'],
  load: async ({ world }, { account, query }) => {
    const checked = checkInput(FIELDS, query);
    if (!checked.ok) return ok({ faults: checked.error, found: null });
    const { card, holder, serial, structure, status } = checked.value;
    if (Object.keys(checked.value).length === 0) return ok({ faults: [], found: null });
    const found = await searchCertificates(world, account, {
      cardTokenId: card,
      holderId: holder,
      serials: serial === undefined ? undefined : readSerials(serial),
      structureId: structure,
      status: STATUSES.find((one) => one === status),
      limit: PAGE_SIZE,
      cursor: query.cursor,
    });
    return found.ok ? ok({ faults: [], found: found.value }) : found;
  },
  view: (data) => <Search {...data} />,
});

function Search({ faults, found }: SearchData) {
  const { t, path, query, isChosen, language } = useUi();
  const input = Object.fromEntries(FIELDS.map(({ name }) => [name, query[name] ?? '']));
  return (
    <PageFrame title={t(SEARCH_WORDS.name)}>
      <search>
        <form class="criteria" method="get" action={path} noValidate>
          {faults.length > 0 && (
            <Notice tone="bad">
              <p>{t(FORM_WORDS.correct)}</p>
            </Notice>
          )}
          <FormFields fields={FIELDS} input={input} faults={faults} />
          {isChosen && <input type="hidden" name="lang" value={language} />}
          <p class="buttons">
            <button type="submit">{t(SEARCH_WORDS.find)}</button>
          </p>
          <p class="hint">{t(SEARCH_WORDS.recorded)}</p>
        </form>
      </search>
      {found === null ? <p class="empty">{t(SEARCH_WORDS.start)}</p> : <Results {...found} />}
    </PageFrame>
  );
}

function Results({ items, next }: Page<CertificateRecord>) {
  const { query } = useUi();
  return (
    <Part id="results" title={SEARCH_WORDS.results}>
      <CertificateTable rows={items} />
      <Pager next={next} isFirst={query.cursor === undefined} />
    </Part>
  );
}

/** Certificates as rows, each with a link to its page. */
function CertificateTable({ rows }: { readonly rows: readonly CertificateRecord[] }) {
  const { now } = useUi();
  return (
    <Table
      caption={SEARCH_WORDS.newestFirst}
      rows={rows}
      rowKey={({ id }) => id}
      empty={SEARCH_WORDS.none}
      columns={[
        {
          label: CERTIFICATE_WORDS.serial,
          cell: ({ id, serial }) => (
            <Link to={`/console/certificates/${id}`}>
              <Code>{serial}</Code>
            </Link>
          ),
        },
        {
          label: CERTIFICATE_WORDS.status,
          cell: (record) => {
            const status = statusOf(record, now);
            return status === null ? null : <Badge {...STATUS_LABELS[status]} />;
          },
        },
        { label: CERTIFICATE_WORDS.profile, cell: ({ profile }) => <Code>{profile}</Code> },
        { label: CERTIFICATE_WORDS.holder, cell: ({ holderId }) => <Stored>{holderId}</Stored> },
        {
          label: CERTIFICATE_WORDS.card,
          cell: ({ cardTokenId }) =>
            cardTokenId === null ? (
              '–'
            ) : (
              <Link to={`/console/cards/${cardTokenId}`}>
                <Stored>{cardTokenId}</Stored>
              </Link>
            ),
        },
        { label: CERTIFICATE_WORDS.notAfter, cell: ({ notAfter }) => <Day at={notAfter} /> },
      ]}
    />
  );
}
