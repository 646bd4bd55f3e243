import type { Bilingual } from '../../../kernel/bilingual.js';
import { ok } from '../../../kernel/result.js';
import type { CertificateStatus } from '../../../lifecycle/certificate-states.js';
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
import type { Words } from '../../words/words.js';

export const SUPPORT_WORDS = {
  name: { fr: 'Assistance', en: 'Support' },
  ticket: { fr: 'Numéro de ticket', en: 'Ticket number' },
  ticketHint: {
    fr: "De l'appel ou de la demande, sans donnée personnelle. Il est inscrit au journal d'audit avec la recherche.",
    en: 'Of the call or request, without personal data. It is recorded in the audit log with the search.',
  },
  ticketForm: { fr: 'Une seule ligne, sans caractère de contrôle.', en: 'One line only, without control characters.' },
  cardHint: { fr: 'Numéro de la carte', en: 'Number of the card' },
  holderHint: { fr: 'Identifiant national : RPPS ou autre', en: 'National identifier: RPPS or another' },
  serialHint: {
    fr: 'Hexadécimal ou décimal',
    en: 'Hexadecimal or decimal',
  },
  serialForm: {
    fr: "Donnez un numéro en hexadécimal ou en décimal, tel qu'un logiciel le montre.",
    en: 'Give a number in hexadecimal or decimal, as a program shows it.',
  },
  find: { fr: 'Rechercher', en: 'Search' },
  needsOne: {
    fr: 'Donnez aussi un numéro de carte, un identifiant ou un numéro de série.',
    en: 'Give the number of a card, an identifier or a serial number, too.',
  },
  start: {
    fr: "Donnez le numéro de ticket, et un numéro de carte, l'identifiant d'un porteur ou un numéro de série. Aucun nom n'est montré.",
    en: 'Give the ticket number, and the number of a card, the identifier of a holder or a serial number. No name is shown.',
  },
  results: { fr: 'Certificats trouvés', en: 'Certificates that were found' },
  caption: { fr: 'Les plus récents en premier', en: 'Newest first' },
  none: {
    fr: 'Rien ne correspond. Faites relire le numéro à la personne, chiffre par chiffre.',
    en: 'Nothing matches. Have the person read the number again, digit by digit.',
  },
  history: { fr: 'État et historique', en: 'Status and history' },
  title: { fr: 'Assistance : certificat {serial}', en: 'Support: certificate {serial}' },
  facts: { fr: 'État maintenant', en: 'Status now' },
  advice: { fr: 'Ce que vous pouvez répondre', en: 'What you can answer' },
  ocsp: { fr: 'OCSP répond', en: 'OCSP answers' },
  notAsked: {
    fr: "Sans réponse valable maintenant ; prévenez l'exploitation si cela dure",
    en: 'No valid answer now; tell the operators if this lasts',
  },
  past: { fr: 'Ce qui était répondu à un moment', en: 'What was told at a time' },
  at: { fr: 'Moment, UTC', en: 'Time, UTC' },
  atHint: { fr: 'Par exemple 2026-03-01 10:00', en: 'For example 2026-03-01 10:00' },
  atForm: {
    fr: 'Donnez un moment passé, par exemple 2026-03-01 10:00.',
    en: 'Give a time in the past, for example 2026-03-01 10:00.',
  },
  show: { fr: 'Afficher', en: 'Show' },
  statusThen: { fr: 'État à ce moment', en: 'Status at that time' },
  ocspThen: { fr: "Ce qu'OCSP répondait", en: 'What OCSP answered' },
  notYet: { fr: "Il n'existait pas encore", en: 'It did not exist yet' },
  lastChange: { fr: "Dernier changement d'avant", en: 'Last change before' },
  life: { fr: 'Historique', en: 'History' },
  lifeCaption: { fr: 'Du plus ancien au plus récent', en: 'The oldest first' },
  when: { fr: 'Quand', en: 'When' },
  what: { fr: 'Quoi', en: 'What' },
  card: { fr: 'La carte', en: 'The card' },
  deskReasons: { fr: 'Mise à jour à distance impossible, car', en: 'Remote update impossible, because' },
  update: { fr: 'Dernière mise à jour à distance', en: 'Last remote update' },
} as const satisfies Words;

/** What a caller can be told, by the status. */
export const ADVICE: Readonly<Record<CertificateStatus, Bilingual>> = {
  pending: {
    fr: "Le certificat attend que la carte le confirme : terminer la mise à jour de la carte avec le logiciel qui l'a commencée.",
    en: 'The certificate waits for the card to confirm it: finish the update of the card with the program that has begun it.',
  },
  issued: {
    fr: 'Le certificat est en vigueur. Si la connexion échoue, la cause est ailleurs : lecteur, code porteur, logiciel, ou réseau.',
    en: 'The certificate is in force. If logging in fails, the cause is elsewhere: reader, PIN, program or network.',
  },
  suspended: {
    fr: 'Le certificat est suspendu : un officier peut lever la suspension. Il ne sert à rien de recommencer avant.',
    en: 'The certificate is suspended: an officer can release it. There is no use in trying again before.',
  },
  revoked: {
    fr: 'Le certificat est révoqué pour toujours. Il faut une nouvelle carte ou un nouveau certificat.',
    en: 'The certificate is revoked for good. A new card or a new certificate is needed.',
  },
  expired: {
    fr: 'Le certificat est arrivé à sa fin. Il faut le renouveler, ou utiliser la nouvelle carte.',
    en: 'The certificate has reached its end. It has to be renewed, or the new card to be used.',
  },
};

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
    label: SUPPORT_WORDS.ticket,
    hint: SUPPORT_WORDS.ticketHint,
    isRequired: true,
    lengthMax: TICKET_LENGTH_MAX,
    pattern: { matches: /^\P{Cc}*$/u, says: SUPPORT_WORDS.ticketForm },
  },
  { kind: 'search', name: 'card', label: CERTIFICATE_WORDS.card, hint: SUPPORT_WORDS.cardHint, lengthMax: 40 },
  { kind: 'search', name: 'holder', label: CERTIFICATE_WORDS.holder, hint: SUPPORT_WORDS.holderHint, lengthMax: 255 },
  {
    kind: 'search',
    name: 'serial',
    label: CERTIFICATE_WORDS.serial,
    hint: SUPPORT_WORDS.serialHint,
    lengthMax: 200,
    pattern: { matches: new RegExp(WRITTEN_SERIAL), says: SUPPORT_WORDS.serialForm },
  },
];

/** Finds certificates for a caller, without names. Each search has the number of its ticket. */
export const SUPPORT_PAGE = definePage<SupportData>({
  id: 'support',
  path: '/console/support',
  name: SUPPORT_WORDS.name,
  section: 'certificates',
  opensFor: ['find'],
  query: [...FIELDS.map(({ name }) => name), 'cursor'],
  load: async ({ world }, { account, query }) => {
    if (FIELDS.every(({ name }) => query[name] === undefined)) return ok({ faults: [], found: null });
    const checked = checkInput(FIELDS, query);
    if (!checked.ok) return ok({ faults: checked.error, found: null });
    const { ticket, card, holder, serial } = checked.value;
    if (card === undefined && holder === undefined && serial === undefined)
      return ok({ faults: [{ name: 'card', says: SUPPORT_WORDS.needsOne }], found: null });
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
    <PageFrame title={t(SUPPORT_WORDS.name)}>
      <SearchForm faults={faults} submit={SUPPORT_WORDS.find}>
        <FormFields fields={FIELDS} input={input} faults={faults} />
      </SearchForm>
      {found === null ? <p class="empty">{t(SUPPORT_WORDS.start)}</p> : <Results {...found} />}
    </PageFrame>
  );
}

function Results({ items, next }: Page<CertificateSummary>) {
  const { query } = useUi();
  return (
    <Part id="results" title={SUPPORT_WORDS.results}>
      <Table
        caption={SUPPORT_WORDS.caption}
        rows={items}
        rowKey={({ id }) => id}
        empty={SUPPORT_WORDS.none}
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
