import type { Bilingual } from '../../../kernel/bilingual.js';
import { ok } from '../../../kernel/result.js';
import { requestApproval } from '../../../operations/approvals/request.js';
import { decideUpdate } from '../../../operations/updates/decide.js';
import { readUpdateLife, type UpdateLife } from '../../../operations/updates/read-life.js';
import { LIVE_UPDATE_STATES, type StatementVerb, type UpdateState } from '../../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import { text } from '../../../texts/text.js';
import { AuditLink } from '../../components/audit-link.js';
import { CardLink, CertificateLink, StatusBadge } from '../../components/certificates.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Notice, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { OFFICER_REASON } from '../../officer-reason.js';
import { definePage, type PageAction } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { timeWords } from '../../words/times.js';
import { CHANNEL_LABELS, SUPERSEDE_LABELS, UPDATE_STATE_LABELS, UPDATE_WORDS } from '../../words/updates.js';
import type { Words } from '../../words/words.js';

/** What each state means, as the last step of an update. */
export const STEP_OF_STATE: Readonly<Record<UpdateState, Bilingual>> = {
  issuing: {
    fr: 'Les nouveaux certificats sont en cours de signature.',
    en: 'The new certificates are being signed.',
  },
  offered: {
    fr: 'Les nouveaux certificats sont proposés : la carte doit les écrire, puis confirmer.',
    en: 'The new certificates are offered: the card has to be written, and then to confirm.',
  },
  writing: {
    fr: "L'écriture de la carte a pu commencer : seule la carte peut encore dire ce qu'elle contient.",
    en: 'The card may have been written: only the card can say now what it holds.',
  },
  undetermined: {
    fr: "La carte n'a pas répondu à temps : on ignore quels certificats elle contient. Les deux jeux restent bons.",
    en: 'The card has not answered in time: nobody knows which certificates it holds. Both sets stay good.',
  },
  confirmed: {
    fr: 'La carte contient les nouveaux certificats. Les anciens restent bons pendant le chevauchement.',
    en: 'The card holds the new certificates. The old ones stay good during the overlap.',
  },
  completed: {
    fr: 'Le chevauchement est terminé : la mise à jour est achevée.',
    en: 'The overlap is over: the update is completed.',
  },
  abandoned: {
    fr: 'La carte ne contient que les anciens certificats. Les nouveaux sont révoqués.',
    en: 'The card holds the old certificates only. The new ones are revoked.',
  },
  failed: {
    fr: "Les nouveaux certificats n'ont pas pu être signés. La carte garde les anciens.",
    en: 'The new certificates could not be signed. The card keeps the old ones.',
  },
  ended: {
    fr: 'La carte a été opposée ou rendue, son porteur interdit, ou tous les nouveaux certificats révoqués.',
    en: 'The card was opposed or returned, its holder barred, or all new certificates revoked.',
  },
};

export const STEP_OF_STATEMENT: Readonly<Record<StatementVerb, Bilingual>> = {
  begin: {
    fr: "La carte demande la mise à jour : sa déclaration, signée de sa clé d'alors, est acceptée.",
    en: 'The card asks for the update: its statement, signed with the key of that time, is accepted.',
  },
  confirm: {
    fr: 'La carte déclare contenir les nouveaux certificats.',
    en: 'The card states that it holds the new certificates.',
  },
  abandon: {
    fr: 'La carte déclare ne rien contenir de nouveau.',
    en: 'The card states that it holds nothing new.',
  },
  revoke: { fr: 'La carte demande une révocation.', en: 'The card asks for a revocation.' },
};

export const UPDATE_PAGE_WORDS = {
  title: { fr: 'Mise à jour de la carte {card}', en: 'Update of card {card}' },
  steps: { fr: 'Étapes', en: 'Steps' },
  stepsCaption: { fr: "Ce qui est arrivé, dans l'ordre", en: 'What has happened, in its order' },
  at: { fr: 'Date', en: 'Time' },
  step: { fr: 'Étape', en: 'Step' },
  begun: { fr: 'Commencée par le compte {account}.', en: 'Begun by the account {account}.' },
  offered: {
    fr: 'Tous les nouveaux certificats sont signés et proposés.',
    en: 'All new certificates are signed and offered.',
  },
  atDesk: { fr: 'À traiter au guichet : {reason}.', en: 'To be handled at a desk: {reason}.' },
  next: { fr: 'Ce qui suit', en: 'What comes next' },
  confirmBy: {
    fr: 'Sans réponse de la carte avant le {at}, la mise à jour devient indéterminée.',
    en: 'Without an answer of the card before {at}, the update becomes undetermined.',
  },
  oldEnd: {
    fr: 'Sans réponse ni décision, elle sera tenue pour confirmée le {at}, à la fin du dernier ancien certificat.',
    en: 'Without an answer or a decision, it counts as confirmed at {at}, when the last old certificate ends.',
  },
  overlapEnd: {
    fr: 'Le chevauchement des anciens certificats se termine le {at} ; ensuite, {supersede}.',
    en: 'The overlap of the old certificates ends at {at}; then {supersede}.',
  },
  nothingNext: { fr: 'Rien : la mise à jour est terminée.', en: 'Nothing: the update has ended.' },
  soon: { fr: 'La signature se termine dans les instants qui suivent.', en: 'The signing ends within moments.' },
  facts: { fr: 'La mise à jour', en: 'The update' },
  channel: { fr: 'Canal', en: 'Channel' },
  reader: { fr: 'Lecteur', en: 'Reader' },
  middleware: { fr: 'Logiciel de carte', en: 'Middleware' },
  endedBy: { fr: 'Terminée par', en: 'Ended by' },
  detail: { fr: 'Détail', en: 'Detail' },
  certificates: { fr: 'Certificats', en: 'Certificates' },
  newOnes: { fr: 'Nouveaux certificats', en: 'New certificates' },
  oldOnes: { fr: 'Certificats remplacés', en: 'Certificates that are replaced' },
  waits: {
    fr: 'Une décision attend un second officier :',
    en: 'A decision waits for a second officer:',
  },
  approval: { fr: 'la demande', en: 'the approval' },
  decide: { fr: 'Trancher', en: 'Decide' },
  outcome: { fr: 'Que contient la carte ?', en: 'What does the card hold?' },
  holdsNew: { fr: 'Les nouveaux certificats', en: 'The new certificates' },
  holdsNewHint: {
    fr: 'La mise à jour est confirmée ; les anciens certificats prennent fin après le chevauchement.',
    en: 'The update is confirmed; the old certificates end after the overlap.',
  },
  holdsOld: { fr: 'Les anciens certificats', en: 'The old certificates' },
  holdsOldHint: {
    fr: 'La mise à jour est abandonnée ; les nouveaux certificats sont révoqués (cessationOfOperation).',
    en: 'The update is abandoned; the new certificates are revoked (cessationOfOperation).',
  },
  willAsk: {
    fr: "Une demande sera enregistrée : « {outcome} ». Elle sera exécutée quand un second officier l'approuvera.",
    en: 'A request is stored: "{outcome}". It is executed when a second officer approves it.',
  },
  finalThen: {
    fr: "Après l'approbation, la décision est définitive : si la carte dit autre chose, elle ira au guichet.",
    en: 'After the approval the decision is final: if the card says something else, it goes to a desk.',
  },
  nothingYet: {
    fr: 'Jusque-là, rien ne change pour ceux qui vérifient : les deux jeux restent bons.',
    en: 'Until then nothing changes for relying parties: both sets stay good.',
  },
} as const satisfies Words;

const OUTCOMES = [
  { value: 'confirmed', label: UPDATE_PAGE_WORDS.holdsNew, hint: UPDATE_PAGE_WORDS.holdsNewHint },
  { value: 'abandoned', label: UPDATE_PAGE_WORDS.holdsOld, hint: UPDATE_PAGE_WORDS.holdsOldHint },
] as const;

/** Says what an undetermined card holds; it is executed when a second officer approves it. */
export const DECIDE: PageAction<UpdateLife> = {
  id: 'decide',
  label: UPDATE_PAGE_WORDS.decide,
  action: 'approve',
  isOffered: ({ update, openApproval }) => update.state === 'undetermined' && openApproval === null,
  version: ({ update: { id, version } }) => `${id} ${version}`,
  fields: () => [
    { kind: 'choice', name: 'outcome', label: UPDATE_PAGE_WORDS.outcome, isRequired: true, options: OUTCOMES },
    OFFICER_REASON,
  ],
  review: (_data, { outcome }) => {
    const chosen = OUTCOMES.find(({ value }) => value === outcome) ?? OUTCOMES[0];
    return {
      summary: filled(UPDATE_PAGE_WORDS.willAsk, { outcome: chosen.label }),
      consequences: [chosen.hint, UPDATE_PAGE_WORDS.finalThen, UPDATE_PAGE_WORDS.nothingYet],
      isReversible: true,
    };
  },
  perform: async ({ world }, { account }, { data: { update }, input }) => {
    const outcome = input.outcome === 'abandoned' ? 'abandoned' : 'confirmed';
    const subject = { update: update.id, outcome, reason: input.reason ?? '' } as const;
    const requested = await requestApproval(world, decideUpdate, { account, subject });
    if (!requested.ok) return requested;
    return ok({ path: `/console/approvals/${requested.value.id}`, query: { done: 'request' } });
  },
};

/** One remote update: its steps, what comes next, and its certificates. */
export const UPDATE_PAGE = definePage<UpdateLife>({
  id: 'update',
  path: '/console/updates/{id}',
  name: UPDATE_WORDS.one,
  section: null,
  opensFor: ['read-updates'],
  query: [],
  load: ({ world }, { account, params }) => readUpdateLife(world, account, params.id ?? ''),
  title: ({ update: { cardTokenId } }) => filled(UPDATE_PAGE_WORDS.title, { card: cardTokenId }),
  view: (life) => <UpdateView {...life} />,
  actions: [DECIDE],
});

function UpdateView(life: UpdateLife) {
  const { t } = useUi();
  const { update, openApproval, newOnes, oldOnes } = life;
  const isLive = LIVE_UPDATE_STATES.some((state) => state === update.state);
  return (
    <PageFrame title={t(filled(UPDATE_PAGE_WORDS.title, { card: update.cardTokenId }))}>
      {openApproval !== null && (
        <Notice tone="warn">
          <p>
            {t(UPDATE_PAGE_WORDS.waits)}{' '}
            <Link to={`/console/approvals/${openApproval}`}>{t(UPDATE_PAGE_WORDS.approval)}</Link>
          </p>
        </Notice>
      )}
      <Part id="steps" title={UPDATE_PAGE_WORDS.steps} isLive={isLive}>
        <Steps {...life} />
      </Part>
      <Part id="next" title={UPDATE_PAGE_WORDS.next} isLive={isLive}>
        <p>{t(nextOf(life))}</p>
      </Part>
      <Part id="facts" title={UPDATE_PAGE_WORDS.facts}>
        <UpdateFacts {...life} />
        <AuditLink id={update.id} />
      </Part>
      <Part id="certificates" title={UPDATE_PAGE_WORDS.certificates} isLive={isLive}>
        <Certificates caption={UPDATE_PAGE_WORDS.newOnes} rows={newOnes} />
        <Certificates caption={UPDATE_PAGE_WORDS.oldOnes} rows={oldOnes} />
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
    { at: begunAt, says: filled(UPDATE_PAGE_WORDS.begun, { account: accountId }) },
    ...proofs.map(({ acceptedAt, verb }) => ({ at: acceptedAt, says: STEP_OF_STATEMENT[verb] })),
    ...(offeredAt === null || state === 'offered' ? [] : [{ at: offeredAt, says: UPDATE_PAGE_WORDS.offered }]),
    { at: stateAt, says: STEP_OF_STATE[state] },
  ];
  const inOrder = steps.toSorted((one, other) => one.at - other.at);
  if (desk === null) return inOrder;
  return [...inOrder, { at: stateAt, says: filled(UPDATE_PAGE_WORDS.atDesk, { reason: text(`desk/${desk}`) }) }];
}

function Steps(life: UpdateLife) {
  const { t } = useUi();
  const steps = stepsOf(life).map((step, at) => ({ ...step, number: at + 1 }));
  return (
    <Table
      caption={UPDATE_PAGE_WORDS.stepsCaption}
      rows={steps}
      rowKey={({ number }) => String(number)}
      columns={[
        { label: UPDATE_PAGE_WORDS.at, cell: ({ at }) => <Time at={at} /> },
        { label: UPDATE_PAGE_WORDS.step, cell: ({ says }) => t(says) },
      ]}
    />
  );
}

function nextOf({ update: { state, dueAt, supersede } }: UpdateLife): Bilingual {
  if (state === 'issuing') return UPDATE_PAGE_WORDS.soon;
  if (dueAt === null) return UPDATE_PAGE_WORDS.nothingNext;
  const at = timeWords(dueAt);
  if (state === 'undetermined') return filled(UPDATE_PAGE_WORDS.oldEnd, { at });
  if (state === 'confirmed')
    return filled(UPDATE_PAGE_WORDS.overlapEnd, { at, supersede: SUPERSEDE_LABELS[supersede] });
  return filled(UPDATE_PAGE_WORDS.confirmBy, { at });
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
        { label: UPDATE_PAGE_WORDS.channel, value: t(CHANNEL_LABELS[update.channel]) },
        { label: UPDATE_PAGE_WORDS.reader, value: <Stored>{update.reader}</Stored> },
        { label: UPDATE_PAGE_WORDS.middleware, value: <Stored>{update.middleware}</Stored> },
        { label: UPDATE_PAGE_WORDS.endedBy, value: update.endedBy && <Code>{update.endedBy}</Code> },
        { label: UPDATE_PAGE_WORDS.detail, value: update.detail && <Stored>{update.detail}</Stored> },
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
