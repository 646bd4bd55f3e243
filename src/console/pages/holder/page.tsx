import { Actor, CardLink, CertificateTable } from '../../components/certificates.js';
import { EvidenceNotice } from '../../components/evidence.js';
import { Facts } from '../../components/facts.js';
import { ProcedureOf } from '../../components/procedure.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CARD_STATE_LABELS, CARD_WORDS, HOLDER_STATE_LABELS } from '../../words/cards.js';
import { filled } from '../../words/filled.js';
import { HOLDER_WORDS } from '../../words/holders.js';
import { BAR, REVOKE_ALL, UNBAR } from './actions.js';
import { type HolderData, loadHolder } from './data.js';
import { HOLDER_PAGE_WORDS as WORDS } from './words.js';

/** One holder: state, cards and certificates. */
export const HOLDER_PAGE = definePage<HolderData>({
  id: 'holder',
  // Not `id`, which the entries of refused requests have: a holder is personal.
  path: '/console/holders/{idNat}',
  name: HOLDER_WORDS.one,
  section: null,
  opensFor: ['read'],
  query: ['done'],
  load: loadHolder,
  title: ({ holderId: holder }) => filled(WORDS.title, { holder }),
  view: (data) => <Holder {...data} />,
  actions: [REVOKE_ALL, BAR, UNBAR],
});

const CERTIFICATES_SHOWN_MAX = 50;

function Holder(data: HolderData) {
  const { t } = useUi();
  const { holderId: holder, cards, certificates } = data;
  const newest = certificates.toReversed().slice(0, CERTIFICATES_SHOWN_MAX);
  return (
    <PageFrame title={t(filled(WORDS.title, { holder }))}>
      <Done {...data} />
      <HolderFacts {...data} />
      <Part id="cards" title={WORDS.cards}>
        <Table
          caption={WORDS.cardsCaption}
          rows={cards}
          rowKey={({ tokenId }) => tokenId}
          empty={WORDS.noCards}
          columns={[
            { label: CARD_WORDS.number, cell: ({ tokenId }) => <CardLink tokenId={tokenId} /> },
            { label: CARD_WORDS.state, cell: ({ state }) => <Badge {...CARD_STATE_LABELS[state]} /> },
            { label: CARD_WORDS.stateAt, cell: ({ stateAt }) => <Time at={stateAt} /> },
            {
              label: CARD_WORDS.product,
              cell: ({ product }) => (product === null ? '–' : <Code>{product}</Code>),
            },
          ]}
        />
      </Part>
      <Part id="certificates" title={WORDS.certificates}>
        <CertificateTable caption={WORDS.certificatesCaption} rows={newest} empty={WORDS.noCertificates} />
        {newest.length < certificates.length && (
          <p>
            <Link to="/console/certificates" query={{ holder }}>
              {t(filled(WORDS.allCertificates, { count: String(certificates.length) }))}
            </Link>
          </p>
        )}
      </Part>
    </PageFrame>
  );
}

function Done({ done, live, record, evidence, holderId: holder }: HolderData) {
  const about = { holder };
  if (done === 'bar' && record?.state === 'barred')
    return <EvidenceNotice says={WORDS.doneBar} evidence={evidence} about={about} />;
  if (done === 'revoke' && live.length === 0)
    return <EvidenceNotice says={WORDS.doneRevoke} evidence={evidence} about={about} />;
  return null;
}

function HolderFacts({ record, procedures }: HolderData) {
  return (
    <Part id="facts" title={WORDS.facts}>
      <Facts
        facts={[
          { label: HOLDER_WORDS.state, value: <Badge {...HOLDER_STATE_LABELS[record?.state ?? 'free']} /> },
          { label: HOLDER_WORDS.stateAt, value: record === null ? null : <Time at={record.stateAt} /> },
          { label: HOLDER_WORDS.by, value: record === null ? null : <Actor actor={record.actor} /> },
          {
            label: HOLDER_WORDS.procedures,
            value:
              procedures.length === 0
                ? null
                : procedures.map((procedure) => <ProcedureOf key={procedure.reference} procedure={procedure} />),
          },
        ]}
      />
    </Part>
  );
}
