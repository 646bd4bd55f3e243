import { ok, type Result } from '../../../kernel/result.js';
import { requestApproval } from '../../../operations/approvals/request.js';
import { type HolderHistory, readHolderHistory } from '../../../operations/cards/read-history.js';
import { unbarHolder } from '../../../operations/cards/unbar-holder.js';
import { recordReading } from '../../../operations/certificates/record-reading.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { revokeHolder } from '../../../operations/revocation/revoke-all.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { CertificateSummary } from '../../../ports/store/certificates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import { Actor, CardLink, CertificateTable } from '../../components/certificates.js';
import { EvidenceNotice } from '../../components/evidence.js';
import { Facts } from '../../components/facts.js';
import { ProcedureOf } from '../../components/procedure.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Time } from '../../components/text.js';
import { type Evidence, evidenceOfRevoked, liveOf, NO_EVIDENCE } from '../../evidence.js';
import type { Field } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { OFFICER_REASON } from '../../officer-reason.js';
import { type ActionOutcome, definePage, type PageAction, type PageRequest, type Review } from '../../page.js';
import { dayOf, reasonsOf, type Situation, situationOf, situationOptions } from '../../situations.js';
import { useUi } from '../../ui.js';
import { CARD_STATE_LABELS, CARD_WORDS, HOLDER_STATE_LABELS } from '../../words/cards.js';
import { REASON_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { HOLDER_WORDS } from '../../words/holders.js';
import type { Words } from '../../words/words.js';

export const HOLDER_PAGE_WORDS = {
  title: { fr: 'Porteur {holder}', en: 'Holder {holder}' },
  facts: { fr: 'Le porteur', en: 'The holder' },
  cards: { fr: 'Cartes', en: 'Cards' },
  cardsCaption: { fr: 'Par numéro', en: 'By number' },
  noCards: { fr: "Le porteur n'a pas de carte.", en: 'The holder has no card.' },
  certificates: { fr: 'Certificats', en: 'Certificates' },
  certificatesCaption: { fr: 'Les plus récents en premier', en: 'Newest first' },
  allCertificates: { fr: 'Les {count} certificats du porteur', en: 'All {count} certificates of the holder' },
  noCertificates: {
    fr: 'Aucun certificat visible avec ce compte.',
    en: 'No certificate that this account can see.',
  },
  revoke: { fr: 'Tout révoquer', en: 'Revoke all' },
  bar: { fr: 'Interdire', en: 'Bar' },
  unbar: { fr: "Demander la levée de l'interdiction", en: 'Ask to lift the bar' },
  situation: { fr: "Que s'est-il passé ?", en: 'What has happened?' },
  since: {
    fr: 'Jour depuis lequel les certificats ne sont plus fiables',
    en: 'Day since which the certificates are not to be trusted',
  },
  sinceHint: {
    fr: "À donner si l'événement est plus ancien que la révocation.",
    en: 'To be given if it happened before the revocation.',
  },
  willRevoke: {
    fr: 'Tous les certificats de {holder} seront révoqués, avec le motif « {reason} » : {count}.',
    en: 'All certificates of {holder} will be revoked, with the reason "{reason}": {count}.',
  },
  willBeTold: {
    fr: 'OCSP répond « révoqué » aussitôt, et les prochaines LCR les contiennent.',
    en: 'OCSP answers "revoked" at once, and the next CRLs have them.',
  },
  cannotWork: {
    fr: 'Le porteur ne peut plus se connecter ni signer, avec aucune de ses cartes.',
    en: 'The holder can no longer log in or sign, with any card.',
  },
  meaning: { fr: 'Pour ceux qui vérifient : {meaning}.', en: 'For relying parties: {meaning}.' },
  willBeBarred: {
    fr: "Le porteur est interdit : plus aucun certificat ne sera émis pour lui, jusqu'à ce que deux officiers lèvent l'interdiction.",
    en: 'The holder is barred: no certificate will be issued any more, until two officers lift the bar.',
  },
  replacementsEnd: {
    fr: 'Les remplacements de cartes en cours sont abandonnés.',
    en: 'Replacements of cards that are under way are given up.',
  },
  sample: {
    fr: 'Les {count} premiers certificats qui seront révoqués',
    en: 'The first {count} certificates that will be revoked',
  },
  noneLive: { fr: "Aucun certificat n'est en vigueur.", en: 'No certificate is in force.' },
  willAsk: {
    fr: "Un second officier décidera de lever l'interdiction de {holder}. Votre demande est la première des deux signatures.",
    en: 'A second officer will decide whether to lift the bar of {holder}. Your request is the first of the two signatures.',
  },
  nothingBefore: {
    fr: 'Rien ne change avant sa décision ; ce qui est révoqué le reste.',
    en: 'Nothing changes before the decision; what is revoked stays revoked.',
  },
  doneRevoke: { fr: 'Les certificats du porteur sont révoqués.', en: 'The certificates of the holder are revoked.' },
  doneBar: {
    fr: 'Le porteur est interdit, et ses certificats sont révoqués.',
    en: 'The holder is barred, and the certificates are revoked.',
  },
} as const satisfies Words;

export type HolderData = HolderHistory & {
  /** The certificates that a revocation would change. */
  readonly live: readonly CertificateSummary[];
  /** The reasons that the account may give. */
  readonly reasons: readonly RevocationReason[];
  /** The action that has just been done here; empty: none. */
  readonly done: string;
  readonly evidence: Evidence;
};

export async function loadHolder(
  context: ServingContext,
  { account, params, query, isShown }: PageRequest,
): Promise<Result<HolderData, OperationFailure>> {
  const { world } = context;
  const holder = params.idNat ?? '';
  const recorded = isShown ? await recordReading(world, account, { holder }) : ok(undefined);
  if (!recorded.ok) return recorded;
  const found = await readHolderHistory(world, account, holder);
  if (!found.ok) return found;
  const { certificates } = found.value;
  const done = query.done ?? '';
  const isAsked = isShown && done !== '';
  const evidence = isAsked ? await evidenceOfRevoked(context, account, certificates.toReversed()) : ok(NO_EVIDENCE);
  if (!evidence.ok) return evidence;
  return ok({
    ...found.value,
    live: liveOf(certificates, world.clock()),
    reasons: reasonsOf(account),
    done,
    evidence: evidence.value,
  });
}

const SINCE: Field = { kind: 'date', name: 'since', label: HOLDER_PAGE_WORDS.since, hint: HOLDER_PAGE_WORDS.sinceHint };
/** The situation whose reason bars a holder. */
const STRUCK_OFF = 'struck-off';
const SAMPLE_MAX = 10;

function versionOf({ record, certificates }: HolderData): string {
  return JSON.stringify([record?.version ?? 0, certificates.map(({ id, state }) => [id, state])]);
}

/** What revoking all certificates means; their number is typed to confirm it. */
function reviewOf({ holderId: holder, live }: HolderData, { reason, meaning }: Situation): Review {
  const count = String(live.length);
  const sample = live.slice(0, SAMPLE_MAX);
  const caption = filled(HOLDER_PAGE_WORDS.sample, { count: String(sample.length) });
  const review: Review = {
    summary: filled(HOLDER_PAGE_WORDS.willRevoke, { holder, reason: REASON_LABELS[reason], count }),
    consequences: [
      HOLDER_PAGE_WORDS.willBeTold,
      HOLDER_PAGE_WORDS.cannotWork,
      filled(HOLDER_PAGE_WORDS.meaning, { meaning }),
    ],
    isReversible: false,
    sample: <CertificateTable caption={caption} rows={sample} empty={HOLDER_PAGE_WORDS.noneLive} common="holder" />,
  };
  return live.length === 0 ? review : { ...review, typed: count };
}

function done(action: string, changed: Result<unknown, OperationFailure>): Result<ActionOutcome, OperationFailure> {
  return changed.ok ? ok({ query: { done: action } }) : changed;
}

export const REVOKE_ALL: PageAction<HolderData> = {
  id: 'revoke',
  label: HOLDER_PAGE_WORDS.revoke,
  action: 'revoke',
  tone: 'danger',
  isOffered: ({ live }) => live.length > 0,
  version: versionOf,
  fields: ({ reasons }) => [
    {
      kind: 'choice',
      name: 'situation',
      label: HOLDER_PAGE_WORDS.situation,
      isRequired: true,
      options: situationOptions(reasons).filter(({ value }) => value !== STRUCK_OFF),
    },
    SINCE,
  ],
  review: (data, { situation = '' }) => reviewOf(data, situationOf(situation)),
  perform: async ({ world }, { account }, { data, input }) => {
    const { reason } = situationOf(input.situation ?? '');
    const command = { account, reason, invalidityDate: dayOf(input.since) };
    return done('revoke', await revokeHolder(world, data.holderId, command));
  },
};

/** The revocation for withdrawn rights, with which the holder gets nothing any more. */
export const BAR: PageAction<HolderData> = {
  id: 'bar',
  label: HOLDER_PAGE_WORDS.bar,
  action: 'revoke',
  tone: 'danger',
  isOffered: ({ record, reasons }) => record?.state !== 'barred' && reasons.includes(situationOf(STRUCK_OFF).reason),
  version: versionOf,
  fields: () => [SINCE],
  review: (data) => {
    const review = reviewOf(data, situationOf(STRUCK_OFF));
    return {
      ...review,
      consequences: [HOLDER_PAGE_WORDS.willBeBarred, ...review.consequences, HOLDER_PAGE_WORDS.replacementsEnd],
    };
  },
  perform: async ({ world }, { account }, { data, input }) => {
    const { reason } = situationOf(STRUCK_OFF);
    const command = { account, reason, invalidityDate: dayOf(input.since) };
    return done('bar', await revokeHolder(world, data.holderId, command));
  },
};

export const UNBAR: PageAction<HolderData> = {
  id: 'unbar',
  label: HOLDER_PAGE_WORDS.unbar,
  action: 'approve',
  isOffered: ({ record }) => record?.state === 'barred',
  version: versionOf,
  fields: () => [OFFICER_REASON],
  review: ({ holderId: holder }) => ({
    summary: filled(HOLDER_PAGE_WORDS.willAsk, { holder }),
    consequences: [HOLDER_PAGE_WORDS.nothingBefore],
    isReversible: true,
  }),
  perform: async ({ world }, { account }, { data: { holderId: holder }, input: { reason = '' } }) => {
    const asked = await requestApproval(world, unbarHolder, { account, subject: { holder, reason } });
    return asked.ok ? ok({ path: `/console/approvals/${asked.value.id}`, query: { done: 'request' } }) : asked;
  },
};

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
  title: ({ holderId: holder }) => filled(HOLDER_PAGE_WORDS.title, { holder }),
  view: (data) => <Holder {...data} />,
  actions: [REVOKE_ALL, BAR, UNBAR],
});

const CERTIFICATES_SHOWN_MAX = 50;

function Holder(data: HolderData) {
  const { t } = useUi();
  const { holderId: holder, cards, certificates } = data;
  const newest = certificates.toReversed().slice(0, CERTIFICATES_SHOWN_MAX);
  return (
    <PageFrame title={t(filled(HOLDER_PAGE_WORDS.title, { holder }))}>
      <Done {...data} />
      <HolderFacts {...data} />
      <Part id="cards" title={HOLDER_PAGE_WORDS.cards}>
        <Table
          caption={HOLDER_PAGE_WORDS.cardsCaption}
          rows={cards}
          rowKey={({ tokenId }) => tokenId}
          empty={HOLDER_PAGE_WORDS.noCards}
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
      <Part id="certificates" title={HOLDER_PAGE_WORDS.certificates}>
        <CertificateTable
          caption={HOLDER_PAGE_WORDS.certificatesCaption}
          rows={newest}
          empty={HOLDER_PAGE_WORDS.noCertificates}
        />
        {newest.length < certificates.length && (
          <p>
            <Link to="/console/certificates" query={{ holder }}>
              {t(filled(HOLDER_PAGE_WORDS.allCertificates, { count: String(certificates.length) }))}
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
    return <EvidenceNotice says={HOLDER_PAGE_WORDS.doneBar} evidence={evidence} about={about} />;
  if (done === 'revoke' && live.length === 0)
    return <EvidenceNotice says={HOLDER_PAGE_WORDS.doneRevoke} evidence={evidence} about={about} />;
  return null;
}

function HolderFacts({ record, procedures }: HolderData) {
  return (
    <Part id="facts" title={HOLDER_PAGE_WORDS.facts}>
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
