import { profileInScope } from '../../../access/decide.js';
import { present } from '../../../kernel/assert.js';
import { untranslated } from '../../../kernel/bilingual.js';
import { DAY_MS } from '../../../kernel/duration.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { CertificateStatus } from '../../../lifecycle/certificate-states.js';
import { exportCertificates } from '../../../operations/certificates/export-certificates.js';
import { type CertificateSearch, findCertificates } from '../../../operations/certificates/search-certificates.js';
import { summaryCsv, summaryRows } from '../../../operations/certificates/summary-rows.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { World } from '../../../operations/world.js';
import type { Account } from '../../../ports/store/accounts.js';
import type { CertificateSummary, Page } from '../../../ports/store/certificates.js';
import { readSerials, WRITTEN_SERIAL } from '../../../x509/certificate/serial-number.js';
import { CertificateTable } from '../../components/certificates.js';
import { FormFields } from '../../components/form.js';
import { SearchForm } from '../../components/search-form.js';
import { Pager } from '../../components/table.js';
import { Part } from '../../components/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import { csvFile, ndjsonFile } from '../../export-forms.js';
import { checkInput, type Field, type FieldFault, type Input, type Option } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageDownload, type PageRequest } from '../../page.js';
import { dayOf } from '../../situations.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS, STATUS_LABELS } from '../../words/certificates.js';
import type { Words } from '../../words/words.js';

export const SEARCH_WORDS = {
  name: { fr: 'Rechercher', en: 'Search' },
  find: { fr: 'Rechercher', en: 'Search' },
  serialHint: {
    fr: 'Hexadécimal ou décimal',
    en: 'Hexadecimal or decimal',
  },
  serialForm: {
    fr: "Donnez un numéro en hexadécimal ou en décimal, tel qu'un logiciel le montre.",
    en: 'Give a number in hexadecimal or decimal, as a program shows it.',
  },
  cardHint: { fr: 'Numéro de la carte', en: 'Number of the card' },
  holderHint: { fr: 'Identifiant national : RPPS ou autre', en: 'National identifier: RPPS or another' },
  structureHint: { fr: 'FINESS, SIREN ou SIRET', en: 'FINESS, SIREN or SIRET' },
  order: { fr: 'Commande', en: 'Order' },
  orderHint: { fr: 'Identifiant de la commande', en: 'Identifier of the order' },
  orderForm: {
    fr: "Donnez les 36 caractères de l'identifiant, tel que la commande le montre.",
    en: 'Give the 36 characters of the identifier, as the order shows it.',
  },
  issuedFrom: { fr: 'Émis du', en: 'Issued from' },
  issuedUntil: { fr: "Émis jusqu'au", en: 'Issued until' },
  expiresFrom: { fr: 'Fin de validité du', en: 'Ends from' },
  expiresUntil: { fr: "Fin de validité jusqu'au", en: 'Ends until' },
  more: { fr: 'Plus de critères : profil, AC, commande, dates', en: 'More criteria: profile, CA, order, dates' },
  recorded: {
    fr: "Chaque recherche est inscrite au journal d'audit, avec votre compte.",
    en: 'Each search is recorded in the audit log, with your account.',
  },
  results: { fr: 'Certificats trouvés', en: 'Certificates that were found' },
  newestFirst: { fr: 'Les plus récents en premier', en: 'Newest first' },
  none: {
    fr: 'Aucun certificat visible avec ce compte ne correspond. Vérifiez les numéros, ou retirez un critère : un numéro de carte ou un identifiant de porteur suffit.',
    en: 'No certificate that this account can see matches. Check the numbers, or leave a criterion out: the number of a card or of a holder is enough.',
  },
  noneYet: {
    fr: 'Aucun dans cette partie de la recherche, qui continue à la page suivante.',
    en: 'None in this part of the search, which goes on in the next page.',
  },
  start: {
    fr: "Donnez un numéro de carte, l'identifiant d'un porteur, un numéro de série ou une structure.",
    en: 'Give the number of a card, the identifier of a holder, a serial number or a structure.',
  },
  openCard: { fr: 'Ouvrir la carte, pour la révoquer ou la remplacer', en: 'Open the card, to revoke or replace it' },
  exportAll: { fr: 'Exporter tout le résultat, sans les noms :', en: 'Export the whole result, without names:' },
  csv: { fr: 'tableau (CSV)', en: 'table (CSV)' },
  ndjson: { fr: 'une ligne JSON par certificat (NDJSON)', en: 'a JSON line for each certificate (NDJSON)' },
} as const satisfies Words;

export type SearchData = {
  readonly fields: readonly Field[];
  /** The criteria, checked. */
  readonly input: Input;
  readonly faults: readonly FieldFault[];
  /** null: nothing has been searched yet. */
  readonly found: Page<CertificateSummary> | null;
};

export async function loadSearch(
  { world }: ServingContext,
  { account, query, isShown }: PageRequest,
): Promise<Result<SearchData, OperationFailure>> {
  const fields = searchFields(world, account);
  const checked = checkInput(fields, query);
  if (!checked.ok) {
    if (isShown) return ok({ fields, input: {}, faults: checked.error, found: null });
    // A file of another search than the one that was asked for would mislead.
    const { name, says } = present(checked.error[0], 'fault of a form');
    return err({ kind: 'invalid-request', pointer: `?/${name}`, rule: 'search-criterion', message: says });
  }
  const input = checked.value;
  if (!isShown || Object.keys(input).length === 0) return ok({ fields, input, faults: [], found: null });
  const page = { limit: PAGE_SIZE, cursor: query.cursor };
  const found = await findCertificates(world, account, { ...searchOf(input), ...page });
  return found.ok ? ok({ fields, input, faults: [], found: found.value }) : found;
}

/** The files of a search: all that it finds, as a table or as JSON lines. */

export const EXPORTS: readonly PageDownload<SearchData>[] = (['csv', 'ndjson'] as const).map((exportedAs) => ({
  name: `export.${exportedAs}`,
  action: 'read',
  isExport: true,
  make: async ({ world }, { account }, { input }) => {
    const exported = await exportCertificates(world, account, { search: searchOf(input), exportedAs });
    if (!exported.ok) return exported;
    const { value: pages } = exported;
    const file = exportedAs === 'csv' ? csvFile(summaryCsv(world, pages)) : ndjsonFile(summaryRows(world, pages));
    return ok({ ...file, filename: `certificates.${exportedAs}` });
  },
}));

/** The criteria of a search of certificates, as people give them. */

const STATUSES = Object.keys(STATUS_LABELS) as readonly CertificateStatus[];
const ORDER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Names of all criteria, as the query has them. */
export const CRITERIA = [
  'card',
  'holder',
  'serial',
  'structure',
  'status',
  'profile',
  'ca',
  'order',
  'issuedFrom',
  'issuedUntil',
  'expiresFrom',
  'expiresUntil',
] as const;
type Criterion = (typeof CRITERIA)[number];

/** The profiles and CAs are those of the policy and of the scope of the account. */
export function searchFields(
  { policy }: Pick<World, 'policy'>,
  { scope }: Pick<Account, 'scope'>,
): readonly (Field & { readonly name: Criterion })[] {
  const profiles = [...policy.profiles.keys()].filter((id) => profileInScope(scope.profiles, id));
  const issuing = [...policy.authorities.values()].filter(({ kind }) => kind === 'issuing').map(({ id }) => id);
  return [
    { kind: 'search', name: 'card', label: CERTIFICATE_WORDS.card, hint: SEARCH_WORDS.cardHint, lengthMax: 40 },
    { kind: 'search', name: 'holder', label: CERTIFICATE_WORDS.holder, hint: SEARCH_WORDS.holderHint, lengthMax: 255 },
    {
      kind: 'search',
      name: 'serial',
      label: CERTIFICATE_WORDS.serial,
      hint: SEARCH_WORDS.serialHint,
      lengthMax: 200,
      pattern: { matches: new RegExp(WRITTEN_SERIAL), says: SEARCH_WORDS.serialForm },
    },
    {
      kind: 'search',
      name: 'structure',
      label: CERTIFICATE_WORDS.structure,
      hint: SEARCH_WORDS.structureHint,
      lengthMax: 20,
    },
    {
      kind: 'select',
      name: 'status',
      label: CERTIFICATE_WORDS.status,
      options: STATUSES.map((status) => ({ value: status, label: STATUS_LABELS[status].label })),
    },
    { kind: 'select', name: 'profile', label: CERTIFICATE_WORDS.profile, options: namesOf(profiles) },
    { kind: 'select', name: 'ca', label: CERTIFICATE_WORDS.issuer, options: namesOf(issuing) },
    {
      kind: 'search',
      name: 'order',
      label: SEARCH_WORDS.order,
      hint: SEARCH_WORDS.orderHint,
      lengthMax: 36,
      pattern: { matches: ORDER_ID, says: SEARCH_WORDS.orderForm },
    },
    { kind: 'date', name: 'issuedFrom', label: SEARCH_WORDS.issuedFrom },
    { kind: 'date', name: 'issuedUntil', label: SEARCH_WORDS.issuedUntil },
    { kind: 'date', name: 'expiresFrom', label: SEARCH_WORDS.expiresFrom },
    { kind: 'date', name: 'expiresUntil', label: SEARCH_WORDS.expiresUntil },
  ];
}

function namesOf(names: readonly string[]): readonly Option[] {
  return names.toSorted().map((name) => ({ value: name, label: untranslated(name) }));
}

/** Days are whole days in UTC, the last one included. `input`: checked. */
export function searchOf(input: Input): Omit<CertificateSearch, 'limit' | 'cursor'> {
  const { card, holder, serial, structure, status, profile, ca, order } = input;
  return {
    cardTokenId: card,
    holderId: holder,
    structureId: structure,
    orderId: order,
    profile,
    authority: ca,
    serials: serial === undefined ? undefined : readSerials(serial),
    status: STATUSES.find((one) => one === status),
    issuedFrom: dayOf(input.issuedFrom) ?? undefined,
    issuedUntil: endOf(input.issuedUntil, -1),
    expiresFrom: dayOf(input.expiresFrom) ?? undefined,
    expiresBefore: endOf(input.expiresUntil, 0),
  };
}

/** The last millisecond of the year 9999, after which RFC 3339 can write no time. */
const INSTANT_MAX = Date.UTC(10_000, 0) - 1;

/** The end of the day. `extraMs`: -1 for a criterion that includes the returned moment. */
function endOf(day: string | undefined, extraMs: 0 | -1): number | undefined {
  const begin = dayOf(day);
  return begin === null ? undefined : Math.min(begin + DAY_MS + extraMs, INSTANT_MAX);
}

/** Finds certificates by their numbers, and by what they have in common. */
export const SEARCH_PAGE = definePage<SearchData>({
  id: 'search',
  path: '/console/certificates',
  name: SEARCH_WORDS.name,
  section: 'certificates',
  opensFor: ['read'],
  query: [...CRITERIA, 'cursor'],
  load: loadSearch,
  view: (data) => <Search {...data} />,
  downloads: EXPORTS,
});

/** Criteria that a caller at the telephone can give; the others are behind a summary. */
const FIRST_FIELDS = 4;

function Search({ fields, faults, input, found }: SearchData) {
  const { t, query } = useUi();
  const sent = Object.fromEntries(fields.map(({ name }) => [name, query[name] ?? '']));
  const others = fields.slice(FIRST_FIELDS);
  const isOpen = others.some(({ name }) => (sent[name] ?? '') !== '');
  return (
    <PageFrame title={t(SEARCH_WORDS.name)}>
      <SearchForm faults={faults} submit={SEARCH_WORDS.find} hint={SEARCH_WORDS.recorded}>
        <FormFields fields={fields.slice(0, FIRST_FIELDS)} input={sent} faults={faults} isFilter />
        <details open={isOpen}>
          <summary>{t(SEARCH_WORDS.more)}</summary>
          <FormFields fields={others} input={sent} faults={faults} isFilter />
        </details>
      </SearchForm>
      {found === null ? <p class="empty">{t(SEARCH_WORDS.start)}</p> : <Results page={found} input={input} />}
    </PageFrame>
  );
}

type ResultsProps = { readonly page: Page<CertificateSummary>; readonly input: SearchData['input'] };

function Results({ page: { items, next }, input }: ResultsProps) {
  const { t, query, path, href } = useUi();
  const isFirst = query.cursor === undefined;
  return (
    <Part id="results" title={SEARCH_WORDS.results}>
      {items.length > 0 && <CardOfSearch tokenId={query.card} />}
      <CertificateTable
        caption={SEARCH_WORDS.newestFirst}
        rows={items}
        empty={next === null ? SEARCH_WORDS.none : SEARCH_WORDS.noneYet}
      />
      <Pager next={next} isFirst={isFirst} />
      {items.length > 0 && (
        <>
          <p>{t(SEARCH_WORDS.exportAll)}</p>
          <ul>
            <li>
              <a href={href(`${path}/export.csv`, input)}>{t(SEARCH_WORDS.csv)}</a>
            </li>
            <li>
              <a href={href(`${path}/export.ndjson`, input)}>{t(SEARCH_WORDS.ndjson)}</a>
            </li>
          </ul>
        </>
      )}
    </Part>
  );
}

/** A card that was searched is opposed on a page of its own, with all its certificates. */
function CardOfSearch({ tokenId }: { readonly tokenId: string | undefined }) {
  const { t, can, href } = useUi();
  if (tokenId === undefined || !can('read')) return null;
  return (
    <p>
      <a class="button" href={href(`/console/cards/${encodeURIComponent(tokenId.trim())}`)}>
        {t(SEARCH_WORDS.openCard)}
      </a>
    </p>
  );
}
