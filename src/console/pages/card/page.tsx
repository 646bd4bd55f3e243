import type { StoredCard } from '../../../ports/store/cards/cards.js';
import { CardLink, CertificateTable, HolderLink } from '../../components/certificates.js';
import { EvidenceNotice } from '../../components/evidence.js';
import { Facts } from '../../components/facts.js';
import { ProcedureOf } from '../../components/procedure.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CAPABILITY_REASON_LABELS, CARD_STATE_LABELS, CARD_WORDS, cardEndLabel } from '../../words/cards.js';
import { filled } from '../../words/filled.js';
import { UPDATE_STATE_LABELS, UPDATE_WORDS } from '../../words/updates.js';
import { OPPOSE, REPLACE } from './actions.js';
import { type CardData, loadCard } from './data.js';
import { CARD_PAGE_WORDS as WORDS } from './words.js';

/** One card: its holder, its certificates over its life, its updates, its end. */
export const CARD_PAGE = definePage<CardData>({
  id: 'card',
  path: '/console/cards/{tokenId}',
  name: CARD_WORDS.one,
  section: null,
  opensFor: ['read'],
  query: ['done'],
  load: loadCard,
  title: ({ card: { tokenId: card } }) => filled(WORDS.title, { card }),
  view: (data) => <Card {...data} />,
  actions: [OPPOSE, REPLACE],
});

function Card(data: CardData) {
  const { t } = useUi();
  const { card, certificates } = data;
  return (
    <PageFrame title={t(filled(WORDS.title, { card: card.tokenId }))}>
      <Done {...data} />
      <CardFacts {...data} />
      <Part id="certificates" title={WORDS.certificates}>
        <CertificateTable
          caption={WORDS.certificatesCaption}
          rows={certificates}
          empty={WORDS.noCertificates}
          common="card"
        />
      </Part>
      <Updates {...data} />
      <Capabilities {...data} />
    </PageFrame>
  );
}

function Done({ done, live, card, evidence }: CardData) {
  const about = { card: card.tokenId };
  if (done === 'oppose' && live.length === 0)
    return <EvidenceNotice says={WORDS.doneOppose} evidence={evidence} about={about} />;
  if (done === 'replace' && card.replacedUntil !== null)
    return <EvidenceNotice says={WORDS.doneReplace} evidence={evidence} about={about} />;
  return null;
}

function CardFacts({ card, profession, replaces, procedure }: CardData) {
  const { t } = useUi();
  const { product, holderId, state, stateAt, reason } = card;
  return (
    <Part id="facts" title={WORDS.facts}>
      <Facts
        facts={[
          { label: CARD_WORDS.state, value: <Badge {...CARD_STATE_LABELS[state]} /> },
          { label: CARD_WORDS.stateAt, value: <Time at={stateAt} /> },
          { label: CARD_WORDS.why, value: reason === null ? null : t(cardEndLabel(reason)) },
          { label: CARD_WORDS.holder, value: holderId === null ? null : <HolderLink id={holderId} /> },
          { label: CARD_WORDS.product, value: product === null ? null : product.toUpperCase() },
          { label: CARD_WORDS.profession, value: profession === null ? null : <Stored>{profession}</Stored> },
          { label: CARD_WORDS.replacedBy, value: card.replacedBy === null ? null : <Replacement {...card} /> },
          {
            label: CARD_WORDS.replaces,
            value: replaces.length === 0 ? null : replaces.map((one) => <CardLink key={one} tokenId={one} />),
          },
          { label: CARD_WORDS.procedure, value: procedure === null ? null : <ProcedureOf procedure={procedure} /> },
        ]}
      />
    </Part>
  );
}

function Replacement({ replacedBy, replacedUntil }: StoredCard) {
  const { t } = useUi();
  if (replacedBy === null) return null;
  return (
    <>
      <CardLink tokenId={replacedBy} />
      {replacedUntil !== null && (
        <>
          {', '}
          {t(CARD_WORDS.replacedUntil)} <Time at={replacedUntil} />
        </>
      )}
    </>
  );
}

function Updates({ updates }: CardData) {
  return (
    <Part id="updates" title={WORDS.updates}>
      <Table
        caption={WORDS.updatesCaption}
        rows={updates}
        rowKey={({ id }) => id}
        empty={WORDS.noUpdates}
        columns={[
          { label: UPDATE_WORDS.begunAt, cell: (update) => <UpdateLink {...update} /> },
          { label: UPDATE_WORDS.state, cell: ({ state }) => <Badge {...UPDATE_STATE_LABELS[state]} /> },
          { label: UPDATE_WORDS.stateAt, cell: ({ stateAt }) => <Time at={stateAt} /> },
          { label: UPDATE_WORDS.account, cell: ({ accountId }) => <Code>{accountId}</Code> },
        ]}
      />
    </Part>
  );
}

function UpdateLink({ id, begunAt }: { readonly id: string; readonly begunAt: number }) {
  const { can } = useUi();
  if (!can('read-updates')) return <Time at={begunAt} />;
  return (
    <Link to={`/console/updates/${id}`}>
      <Time at={begunAt} />
    </Link>
  );
}

function Capabilities({ card: { capabilities }, deskReasons }: CardData) {
  const { t, number } = useUi();
  return (
    <Part id="capabilities" title={WORDS.capabilities}>
      {capabilities === null ? (
        <p class="empty">{t(WORDS.noCapabilities)}</p>
      ) : (
        <>
          <Facts
            facts={[
              { label: WORDS.generation, value: <Stored>{capabilities.generation}</Stored> },
              { label: WORDS.applet, value: <Stored>{capabilities.applet}</Stored> },
              { label: WORDS.keyTypes, value: <Stored>{capabilities.keyTypes.join(', ')}</Stored> },
              { label: WORDS.spareContainers, value: number(capabilities.spareContainers) },
              { label: WORDS.reportedAt, value: <Time at={capabilities.reportedAt} /> },
              { label: WORDS.reportedBy, value: <Stored>{capabilities.reportedBy}</Stored> },
              {
                label: WORDS.remote,
                value: (
                  <Badge
                    tone={deskReasons.length === 0 ? 'good' : 'warn'}
                    label={deskReasons.length === 0 ? WORDS.isPossible : WORDS.isImpossible}
                  />
                ),
              },
            ]}
          />
          {deskReasons.length > 0 && (
            <ul>
              {deskReasons.map((reason) => (
                <li key={reason}>{t(CAPABILITY_REASON_LABELS[reason])}</li>
              ))}
            </ul>
          )}
        </>
      )}
    </Part>
  );
}
