import { ok } from '../../../kernel/result.js';
import { findCertificates } from '../../../operations/certificates/search-certificates.js';
import type { CertificateSummary, Page } from '../../../ports/store/certificates.js';
import { readSerials, WRITTEN_SERIAL } from '../../../x509/certificate/serial-number.js';
import { StatusBadge } from '../../components/certificates.js';
import { FormFields } from '../../components/form.js';
import { SearchForm } from '../../components/search-form.js';
import { Pager, Table } from '../../components/table.js';
import { Code, Day, Link, Part, Stored } from '../../components/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import { checkInput, type Field, type FieldFault } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { SUPPORT_WORDS as WORDS } from './words.js';

type SupportData = {
  readonly faults: readonly FieldFault[];
  /** null: nothing has been searched yet. */
  readonly found: Page<CertificateSummary> | null;
};

const TICKET_LENGTH_MAX = 64;

const FIELDS: readonly Field[] = [
  {
    kind: 'text',
    name: 'ticket',
    label: WORDS.ticket,
    hint: WORDS.ticketHint,
    isRequired: true,
    lengthMax: TICKET_LENGTH_MAX,
    pattern: { matches: /^\P{Cc}*$/u, says: WORDS.ticketForm },
  },
  { kind: 'search', name: 'card', label: CERTIFICATE_WORDS.card, hint: WORDS.cardHint, lengthMax: 40 },
  { kind: 'search', name: 'holder', label: CERTIFICATE_WORDS.holder, hint: WORDS.holderHint, lengthMax: 255 },
  {
    kind: 'search',
    name: 'serial',
    label: CERTIFICATE_WORDS.serial,
    hint: WORDS.serialHint,
    lengthMax: 200,
    pattern: { matches: new RegExp(WRITTEN_SERIAL), says: WORDS.serialForm },
  },
];

/** Finds certificates for a caller, without names. Each search has the number of its ticket. */
export const SUPPORT_PAGE = definePage<SupportData>({
  id: 'support',
  path: '/console/support',
  name: WORDS.name,
  section: 'certificates',
  opensFor: ['find'],
  query: [...FIELDS.map(({ name }) => name), 'cursor'],
  load: async ({ world }, { account, query }) => {
    if (FIELDS.every(({ name }) => query[name] === undefined)) return ok({ faults: [], found: null });
    const checked = checkInput(FIELDS, query);
    if (!checked.ok) return ok({ faults: checked.error, found: null });
    const { ticket, card, holder, serial } = checked.value;
    if (card === undefined && holder === undefined && serial === undefined)
      return ok({ faults: [{ name: 'card', says: WORDS.needsOne }], found: null });
    const found = await findCertificates(world, account, {
      ticket,
      cardTokenId: card,
      holderId: holder,
      serials: serial === undefined ? undefined : readSerials(serial),
      limit: PAGE_SIZE,
      cursor: query.cursor,
    });
    return found.ok ? ok({ faults: [], found: found.value }) : found;
  },
  view: (data) => <Support {...data} />,
});

function Support({ faults, found }: SupportData) {
  const { t, query } = useUi();
  const input = Object.fromEntries(FIELDS.map(({ name }) => [name, query[name] ?? '']));
  return (
    <PageFrame title={t(WORDS.name)}>
      <SearchForm faults={faults} submit={WORDS.find}>
        <FormFields fields={FIELDS} input={input} faults={faults} />
      </SearchForm>
      {found === null ? <p class="empty">{t(WORDS.start)}</p> : <Results {...found} />}
    </PageFrame>
  );
}

function Results({ items, next }: Page<CertificateSummary>) {
  const { query } = useUi();
  return (
    <Part id="results" title={WORDS.results}>
      <Table
        caption={WORDS.caption}
        rows={items}
        rowKey={({ id }) => id}
        empty={WORDS.none}
        columns={[
          {
            label: CERTIFICATE_WORDS.serial,
            cell: ({ id, serial }) => (
              <Link to={`/console/support/${id}`}>
                <Code>{serial}</Code>
              </Link>
            ),
          },
          { label: CERTIFICATE_WORDS.status, cell: (row) => <StatusBadge {...row} /> },
          { label: CERTIFICATE_WORDS.profile, cell: ({ profile }) => <Code>{profile}</Code> },
          {
            label: CERTIFICATE_WORDS.card,
            cell: ({ cardTokenId }) => (cardTokenId === null ? '–' : <Stored>{cardTokenId}</Stored>),
          },
          { label: CERTIFICATE_WORDS.notAfter, cell: ({ notAfter }) => <Day at={notAfter} /> },
        ]}
      />
      <Pager next={next} isFirst={query.cursor === undefined} />
    </Part>
  );
}
