import { ACTOR_CHARACTERS_MAX } from '../../../audit/actors.js';
import type { AuditEntry } from '../../../audit/entry.js';
import { AUDIT_TYPES, type AuditOutcome } from '../../../audit/events.js';
import { untranslated } from '../../../kernel/bilingual.js';
import { DAY_MS } from '../../../kernel/duration.js';
import { ok } from '../../../kernel/result.js';
import { entryCsv, entryRows } from '../../../operations/audit/entry-rows.js';
import { type AuditCriteria, exportAudit, searchAudit } from '../../../operations/audit/read-audit.js';
import type { Page } from '../../../ports/store/certificates.js';
import { AuditTable, auditTypeLabel } from '../../components/audit-table.js';
import { CriteriaForm } from '../../components/criteria.js';
import { Pager } from '../../components/table.js';
import { Link, Part } from '../../components/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import { csvFile, ndjsonFile } from '../../export-forms.js';
import { checkInput, type Field, type FieldFault, type Input } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageDownload } from '../../page.js';
import { useUi } from '../../ui.js';
import { AUDIT_WORDS, OUTCOME_LABELS } from '../../words/audit.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import type { Words } from '../../words/words.js';

export const AUDIT_PAGE_WORDS = {
  name: { fr: "Journal d'audit", en: 'Audit log' },
  find: { fr: 'Rechercher', en: 'Search' },
  actorHint: {
    fr: 'account:IDENTIFIANT, certificate:AC/NUMÉRO, system ou anonymous',
    en: 'account:ID, certificate:CA/SERIAL, system or anonymous',
  },
  id: { fr: 'Identifiant', en: 'Identifier' },
  idHint: {
    fr: "D'une demande, d'un certificat, d'une commande, d'un compte ou d'une clé",
    en: 'Of a request, certificate, order, account or key',
  },
  since: { fr: 'À partir du jour', en: 'From the day' },
  until: { fr: "Jusqu'au jour", en: 'To the day' },
  tags: {
    fr: "Le journal n'a pas de donnée personnelle : un porteur et une carte y sont cherchés par leur étiquette. Les jours sont en UTC.",
    en: 'The log has no personal data: a holder and a card are searched by their tags. Days are in UTC.',
  },
  results: { fr: 'Entrées', en: 'Entries' },
  newestFirst: { fr: 'Les plus récentes en premier', en: 'Newest first' },
  none: {
    fr: "Aucune entrée ne correspond. Retirez un critère, ou vérifiez l'identifiant.",
    en: 'No entry matches. Leave a criterion out, or check the identifier.',
  },
  export: { fr: 'Exporter toutes ces entrées', en: 'Export all these entries' },
  csv: { fr: 'CSV, pour un tableur', en: 'CSV, for a spreadsheet' },
  ndjson: {
    fr: 'NDJSON, une entrée par ligne avec ses empreintes',
    en: 'NDJSON, an entry with its hashes on each line',
  },
} as const satisfies Words;

/** What the page of the audit log shows. */

export type AuditData = {
  readonly faults: readonly FieldFault[];
  readonly criteria: AuditCriteria;
  readonly found: Page<AuditEntry>;
};

/** Exports of the audit log, line by line. A failure after the first line ends the download. */

export const DOWNLOADS: readonly PageDownload<AuditData>[] = [
  {
    name: 'entries.csv',
    action: 'read-audit',
    isExport: true,
    make: async (context, { account }, { criteria }) => {
      const pages = exportAudit(context, account, criteria);
      return pages.ok ? ok({ ...csvFile(entryCsv(pages.value)), filename: 'audit.csv' }) : pages;
    },
  },
  {
    name: 'entries.ndjson',
    action: 'read-audit',
    isExport: true,
    make: async (context, { account }, { criteria }) => {
      const pages = exportAudit(context, account, criteria);
      return pages.ok ? ok({ ...ndjsonFile(entryRows(pages.value)), filename: 'audit.ndjson' }) : pages;
    },
  },
];

/** What the audit log is searched by, as fields of the form and as criteria of the operation. */

const OUTCOMES = Object.keys(OUTCOME_LABELS) as readonly AuditOutcome[];
const TYPE_OPTION = untranslated('{label} ({type})');

export const FIELDS: readonly Field[] = [
  {
    kind: 'select',
    name: 'type',
    label: AUDIT_WORDS.type,
    options: AUDIT_TYPES.map((type) => ({
      value: type,
      label: filled(TYPE_OPTION, { label: auditTypeLabel(type), type }),
    })),
  },
  {
    kind: 'select',
    name: 'outcome',
    label: AUDIT_WORDS.outcome,
    options: OUTCOMES.map((outcome) => ({ value: outcome, label: OUTCOME_LABELS[outcome].label })),
  },
  {
    kind: 'search',
    name: 'actor',
    label: AUDIT_WORDS.actor,
    hint: AUDIT_PAGE_WORDS.actorHint,
    lengthMax: ACTOR_CHARACTERS_MAX,
  },
  { kind: 'search', name: 'id', label: AUDIT_PAGE_WORDS.id, hint: AUDIT_PAGE_WORDS.idHint, lengthMax: 128 },
  { kind: 'search', name: 'holder', label: CERTIFICATE_WORDS.holder, lengthMax: 255 },
  { kind: 'search', name: 'card', label: CERTIFICATE_WORDS.card, lengthMax: 40 },
  { kind: 'date', name: 'since', label: AUDIT_PAGE_WORDS.since },
  { kind: 'date', name: 'until', label: AUDIT_PAGE_WORDS.until },
];

/** Days are whole days in UTC. */
export function criteriaOf({ type, outcome, actor, id, holder, card, since, until }: Input): AuditCriteria {
  return {
    type,
    outcome: OUTCOMES.find((one) => one === outcome),
    actor,
    id,
    holder,
    card,
    since: since === undefined ? undefined : Date.parse(`${since}T00:00:00Z`),
    until: until === undefined ? undefined : Date.parse(`${until}T00:00:00Z`) + DAY_MS - 1,
  };
}

/** Searches the audit log; without criteria it shows the whole log. */
export const AUDIT_PAGE = definePage<AuditData>({
  id: 'audit',
  path: '/console/audit',
  name: AUDIT_PAGE_WORDS.name,
  section: 'audit',
  opensFor: ['read-audit'],
  query: [...FIELDS.map(({ name }) => name), 'cursor'],
  load: async (context, { account, query }) => {
    const checked = checkInput(FIELDS, query);
    if (!checked.ok) return ok({ faults: checked.error, criteria: {}, found: { items: [], next: null } });
    const criteria = criteriaOf(checked.value);
    const found = await searchAudit(context, account, { ...criteria, limit: PAGE_SIZE, cursor: query.cursor });
    return found.ok ? ok({ faults: [], criteria, found: found.value }) : found;
  },
  view: (data) => <Audit {...data} />,
  downloads: DOWNLOADS,
});

function Audit({ faults, found: { items, next } }: AuditData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(AUDIT_PAGE_WORDS.name)}>
      <CriteriaForm fields={FIELDS} faults={faults} submit={AUDIT_PAGE_WORDS.find} hint={AUDIT_PAGE_WORDS.tags} />
      {faults.length === 0 && (
        <Part id="results" title={AUDIT_PAGE_WORDS.results}>
          <AuditTable caption={AUDIT_PAGE_WORDS.newestFirst} entries={items} empty={AUDIT_PAGE_WORDS.none} />
          <Pager next={next} isFirst={query.cursor === undefined} />
        </Part>
      )}
      {items.length > 0 && <Exports />}
    </PageFrame>
  );
}

function Exports() {
  const { t, path, query } = useUi();
  const criteria = { ...query, cursor: undefined };
  return (
    <Part id="export" title={AUDIT_PAGE_WORDS.export}>
      <ul>
        <li>
          <Link to={`${path}/entries.csv`} query={criteria}>
            {t(AUDIT_PAGE_WORDS.csv)}
          </Link>
        </li>
        <li>
          <Link to={`${path}/entries.ndjson`} query={criteria}>
            {t(AUDIT_PAGE_WORDS.ndjson)}
          </Link>
        </li>
      </ul>
    </Part>
  );
}
