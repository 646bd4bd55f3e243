import type { Bilingual } from '../../../kernel/bilingual.js';
import { ok, type Result } from '../../../kernel/result.js';
import { type CertificateStatus, type PastStatus, statusAt, statusOf } from '../../../lifecycle/certificate-states.js';
import { deskReasonsOf } from '../../../operations/cards/desk-reasons.js';
import { type CardHistory, readCardHistory } from '../../../operations/cards/read-history.js';
import { type CertificateHistory, readCertificateHistory } from '../../../operations/certificates/read-history.js';
import { recordReading } from '../../../operations/certificates/record-reading.js';
import type { AskedStatus } from '../../../operations/serving.js';
import type { CapabilityReason } from '../../../policy/card-generations.js';
import { Facts } from '../../components/facts.js';
import { FormFields } from '../../components/form.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Day, Notice, Part, Stored, Time } from '../../components/text.js';
import { checkInput, type Field, type FieldFault } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CAPABILITY_REASON_LABELS, CARD_STATE_LABELS, CARD_WORDS, cardEndLabel } from '../../words/cards.js';
import { CERTIFICATE_WORDS, OCSP_LABELS, REASON_LABELS, STATUS_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { changeInWords, LIFE_WORDS } from '../../words/life.js';
import { UPDATE_STATE_LABELS } from '../../words/updates.js';
import { ADVICE, SUPPORT_WORDS as WORDS } from './support.js';

type SupportedCertificate = Pick<CertificateHistory, 'certificate' | 'events'> & {
  readonly status: CertificateStatus | null;
  readonly asked: Result<AskedStatus, string> | null;
  /** null: it is on no card. */
  readonly card: CardHistory | null;
  readonly deskReasons: readonly CapabilityReason[];
  readonly faults: readonly FieldFault[];
  /** null: no time was asked for. */
  readonly past: (PastStatus & { readonly at: number }) | null;
};

const AT: Field = {
  kind: 'text',
  name: 'at',
  label: WORDS.at,
  hint: WORDS.atHint,
  isRequired: true,
  lengthMax: 16,
  pattern: { matches: /^\d{4}-\d\d-\d\d \d\d:\d\d$/, says: WORDS.atForm },
};

/** One certificate for a caller: status, what was told at a time, reasons in words; no names. */
export const SUPPORT_CERTIFICATE_PAGE = definePage<SupportedCertificate>({
  id: 'support-certificate',
  path: '/console/support/{id}',
  name: WORDS.history,
  section: null,
  opensFor: ['find'],
  query: ['at'],
  load: async ({ world, askStatus }, { account, params, query }) => {
    const history = await readCertificateHistory(world, account, params.id ?? '');
    if (!history.ok) return history;
    const { certificate, events } = history.value;
    const { cardTokenId, issuer, serial } = certificate;
    const recorded = await recordReading(world, account, { serials: [serial] });
    if (!recorded.ok) return recorded;
    const card = cardTokenId === null ? ok(null) : await readCardHistory(world, account, cardTokenId);
    if (!card.ok) return card;
    const capabilities = card.value?.card.capabilities ?? null;
    const now = world.clock();
    const at = momentOf(query.at, now);
    return ok({
      certificate,
      events,
      status: statusOf(certificate, now),
      asked: await askStatus(issuer, serial),
      card: card.value,
      deskReasons: capabilities === null ? [] : deskReasonsOf(world, card.value?.certificates ?? [], capabilities),
      faults: at.ok ? [] : at.error,
      past: at.ok && at.value !== null ? { ...statusAt(certificate, events, at.value), at: at.value } : null,
    });
  },
  title: ({ certificate: { serial } }) => filled(WORDS.title, { serial }),
  view: (data) => <Supported {...data} />,
});

/** A future time is refused: the present status would be taken for the future one. */
function momentOf(given: string | undefined, now: number): Result<number | null, readonly FieldFault[]> {
  if (given === undefined) return ok(null);
  const checked = checkInput([AT], { at: given });
  if (!checked.ok) return checked;
  const at = Date.parse(`${given.trim().replace(' ', 'T')}:00Z`);
  return Number.isNaN(at) || at > now ? { ok: false, error: [{ name: AT.name, says: WORDS.atForm }] } : ok(at);
}

function Supported(data: SupportedCertificate) {
  const { t } = useUi();
  const { certificate, status } = data;
  return (
    <PageFrame title={t(filled(WORDS.title, { serial: certificate.serial }))}>
      <Now {...data} />
      {status !== null && (
        <Notice tone={STATUS_LABELS[status].tone === 'bad' ? 'warn' : STATUS_LABELS[status].tone}>
          <p>
            <strong>{t(WORDS.advice)}</strong>
          </p>
          <p>{t(ADVICE[status])}</p>
        </Notice>
      )}
      <Past {...data} />
      <History {...data} />
      <CardOf {...data} />
    </PageFrame>
  );
}

function Now({ certificate, status, asked }: SupportedCertificate) {
  const { t } = useUi();
  const { state, profile, notBefore, notAfter } = certificate;
  return (
    <Part id="facts" title={WORDS.facts}>
      <Facts
        facts={[
          { label: CERTIFICATE_WORDS.status, value: status === null ? null : <Badge {...STATUS_LABELS[status]} /> },
          {
            label: CERTIFICATE_WORDS.reason,
            value: state.status === 'revoked' ? t(REASON_LABELS[state.reason]) : null,
          },
          {
            label: WORDS.ocsp,
            value: asked?.ok ? <Badge {...OCSP_LABELS[asked.value.status]} /> : t(WORDS.notAsked),
          },
          { label: CERTIFICATE_WORDS.profile, value: <Code>{profile}</Code> },
          { label: CERTIFICATE_WORDS.notBefore, value: <Day at={notBefore} /> },
          { label: CERTIFICATE_WORDS.notAfter, value: <Day at={notAfter} /> },
        ]}
      />
    </Part>
  );
}

/** Asks for a time, and says what relying parties were told then. */
function Past({ past, faults }: SupportedCertificate) {
  const { t, path, query, isChosen, language } = useUi();
  return (
    <Part id="past" title={WORDS.past}>
      <form class="criteria" method="get" action={path} noValidate>
        <FormFields fields={[AT]} input={{ at: query.at ?? '' }} faults={faults} />
        {isChosen && <input type="hidden" name="lang" value={language} />}
        <p class="buttons">
          <button type="submit">{t(WORDS.show)}</button>
        </p>
      </form>
      {past !== null && (
        <Facts
          facts={[
            { label: WORDS.at, value: <Time at={past.at} /> },
            {
              label: WORDS.statusThen,
              value: past.status === null ? t(WORDS.notYet) : <Badge {...STATUS_LABELS[past.status]} />,
            },
            { label: WORDS.ocspThen, value: <Badge {...OCSP_LABELS[past.ocsp]} /> },
            { label: WORDS.lastChange, value: past.event === null ? null : <Time at={past.event.at} /> },
          ]}
        />
      )}
    </Part>
  );
}

function History({ certificate: { createdAt, becomes, notAfter }, events }: SupportedCertificate) {
  const begin = becomes === 'pending' ? LIFE_WORDS.wasIssuedPending : LIFE_WORDS.wasIssued;
  const rows = [
    { at: createdAt, what: begin },
    ...events.map(({ at, state }) => ({ at, what: changeInWords(state) })),
    { at: notAfter, what: LIFE_WORDS.ends },
  ];
  return (
    <Part id="life" title={WORDS.life}>
      <Table
        caption={WORDS.lifeCaption}
        rows={rows}
        rowKey={({ at, what }) => `${at} ${what.en}`}
        columns={[
          { label: WORDS.when, cell: ({ at }) => <Time at={at} /> },
          { label: WORDS.what, cell: ({ what }) => <Said words={what} /> },
        ]}
      />
    </Part>
  );
}

function Said({ words }: { readonly words: Bilingual }) {
  const { t } = useUi();
  return t(words);
}

function CardOf({ card: history, deskReasons }: SupportedCertificate) {
  const { t } = useUi();
  if (history === null) return null;
  const { tokenId, state, reason, replacedBy } = history.card;
  const [update] = history.updates;
  return (
    <Part id="card" title={WORDS.card}>
      <Facts
        facts={[
          { label: CARD_WORDS.number, value: <Stored>{tokenId}</Stored> },
          { label: CARD_WORDS.state, value: <Badge {...CARD_STATE_LABELS[state]} /> },
          { label: CARD_WORDS.why, value: reason === null ? null : t(cardEndLabel(reason)) },
          { label: CARD_WORDS.replacedBy, value: replacedBy === null ? null : <Stored>{replacedBy}</Stored> },
          {
            label: WORDS.update,
            value: update === undefined ? null : <Badge {...UPDATE_STATE_LABELS[update.state]} />,
          },
          {
            label: WORDS.deskReasons,
            value:
              deskReasons.length === 0
                ? null
                : deskReasons.map((one) => <p key={one}>{t(CAPABILITY_REASON_LABELS[one])}</p>),
          },
        ]}
      />
    </Part>
  );
}
