import type { Bilingual } from '../../../kernel/bilingual.js';
import { readUpdateLife, type UpdateLife } from '../../../operations/updates/read-life.js';
import { LIVE_UPDATE_STATES } from '../../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import { text } from '../../../texts/text.js';
import { AuditLink } from '../../components/audit-link.js';
import { CardLink, CertificateLink, StatusBadge } from '../../components/certificates.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Notice, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { timeWords } from '../../words/times.js';
import { CHANNEL_LABELS, SUPERSEDE_LABELS, UPDATE_STATE_LABELS, UPDATE_WORDS } from '../../words/updates.js';
import { DECIDE } from './actions.js';
import { STEP_OF_STATE, STEP_OF_STATEMENT, UPDATE_PAGE_WORDS as WORDS } from './words.js';

/** One remote update: its steps, what comes next, and its certificates. */
export const UPDATE_PAGE = definePage<UpdateLife>({
  id: 'update',
  path: '/console/updates/{id}',
  name: UPDATE_WORDS.one,
  section: null,
  opensFor: ['read-updates'],
  query: [],
  load: ({ world }, { account, params }) => readUpdateLife(world, account, params.id ?? ''),
  title: ({ update: { cardTokenId } }) => filled(WORDS.title, { card: cardTokenId }),
  view: (life) => <UpdateView {...life} />,
  actions: [DECIDE],
});

function UpdateView(life: UpdateLife) {
  const { t } = useUi();
  const { update, openApproval, newOnes, oldOnes } = life;
  const isLive = LIVE_UPDATE_STATES.some((state) => state === update.state);
  return (
    <PageFrame title={t(filled(WORDS.title, { card: update.cardTokenId }))}>
      {openApproval !== null && (
        <Notice tone="warn">
          <p>
            {t(WORDS.waits)} <Link to={`/console/approvals/${openApproval}`}>{t(WORDS.approval)}</Link>
          </p>
        </Notice>
      )}
      <Part id="steps" title={WORDS.steps} isLive={isLive}>
        <Steps {...life} />
      </Part>
      <Part id="next" title={WORDS.next} isLive={isLive}>
        <p>{t(nextOf(life))}</p>
      </Part>
      <Part id="facts" title={WORDS.facts}>
        <UpdateFacts {...life} />
        <AuditLink id={update.id} />
      </Part>
      <Part id="certificates" title={WORDS.certificates} isLive={isLive}>
        <Certificates caption={WORDS.newOnes} rows={newOnes} />
        <Certificates caption={WORDS.oldOnes} rows={oldOnes} />
      </Part>
    </PageFrame>
  );
}

type Step = { readonly at: number; readonly says: Bilingual };

/** What has happened, in the order of its times; the last step is the state of now. */
function stepsOf({ update, proofs, campaignCard }: UpdateLife): readonly Step[] {
  const { begunAt, offeredAt, stateAt, state, accountId } = update;
  const desk = campaignCard?.reason ?? null;
  const steps: readonly Step[] = [
    { at: begunAt, says: filled(WORDS.begun, { account: accountId }) },
    ...proofs.map(({ acceptedAt, verb }) => ({ at: acceptedAt, says: STEP_OF_STATEMENT[verb] })),
    ...(offeredAt === null || state === 'offered' ? [] : [{ at: offeredAt, says: WORDS.offered }]),
    { at: stateAt, says: STEP_OF_STATE[state] },
  ];
  const inOrder = steps.toSorted((one, other) => one.at - other.at);
  if (desk === null) return inOrder;
  return [...inOrder, { at: stateAt, says: filled(WORDS.atDesk, { reason: text(`desk/${desk}`) }) }];
}

function Steps(life: UpdateLife) {
  const { t } = useUi();
  const steps = stepsOf(life).map((step, at) => ({ ...step, number: at + 1 }));
  return (
    <Table
      caption={WORDS.stepsCaption}
      rows={steps}
      rowKey={({ number }) => String(number)}
      columns={[
        { label: WORDS.at, cell: ({ at }) => <Time at={at} /> },
        { label: WORDS.step, cell: ({ says }) => t(says) },
      ]}
    />
  );
}

function nextOf({ update: { state, dueAt, supersede } }: UpdateLife): Bilingual {
  if (state === 'issuing') return WORDS.soon;
  if (dueAt === null) return WORDS.nothingNext;
  const at = timeWords(dueAt);
  if (state === 'undetermined') return filled(WORDS.oldEnd, { at });
  if (state === 'confirmed') return filled(WORDS.overlapEnd, { at, supersede: SUPERSEDE_LABELS[supersede] });
  return filled(WORDS.confirmBy, { at });
}

function UpdateFacts({ update }: UpdateLife) {
  const { t } = useUi();
  const { cardTokenId, campaignId } = update;
  return (
    <Facts
      facts={[
        { label: UPDATE_WORDS.state, value: <Badge {...UPDATE_STATE_LABELS[update.state]} /> },
        { label: UPDATE_WORDS.stateAt, value: <Time at={update.stateAt} /> },
        { label: UPDATE_WORDS.card, value: <CardLink tokenId={cardTokenId} /> },
        { label: UPDATE_WORDS.account, value: <Code>{update.accountId}</Code> },
        {
          label: UPDATE_WORDS.campaign,
          value: campaignId && <Link to={`/console/campaigns/${campaignId}`}>{campaignId}</Link>,
        },
        { label: WORDS.channel, value: t(CHANNEL_LABELS[update.channel]) },
        { label: WORDS.reader, value: <Stored>{update.reader}</Stored> },
        { label: WORDS.middleware, value: <Stored>{update.middleware}</Stored> },
        { label: WORDS.endedBy, value: update.endedBy && <Code>{update.endedBy}</Code> },
        { label: WORDS.detail, value: update.detail && <Stored>{update.detail}</Stored> },
      ]}
    />
  );
}

type CertificatesProps = { readonly caption: Bilingual; readonly rows: readonly CertificateRecord[] };

function Certificates({ caption, rows }: CertificatesProps) {
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        { label: CERTIFICATE_WORDS.serial, cell: (record) => <CertificateLink {...record} /> },
        { label: CERTIFICATE_WORDS.profile, cell: ({ profile }) => <Code>{profile}</Code> },
        { label: CERTIFICATE_WORDS.status, cell: (record) => <StatusBadge {...record} /> },
        { label: CERTIFICATE_WORDS.notAfter, cell: ({ notAfter }) => <Day at={notAfter} /> },
      ]}
    />
  );
}
