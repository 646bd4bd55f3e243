import { profileInScope, rolesPermit } from '../../../access/decide.js';
import { untranslated } from '../../../kernel/bilingual.js';
import type { Instant } from '../../../kernel/clock.js';
import { DAY_MS } from '../../../kernel/duration.js';
import { LIMITS } from '../../../kernel/limits.js';
import { ok, type Result } from '../../../kernel/result.js';
import { createCampaign } from '../../../operations/campaigns/create.js';
import { countExpiring, countExpiringOfStructures } from '../../../operations/counts/count-expiring.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { World } from '../../../operations/world.js';
import type { Account } from '../../../ports/store/accounts.js';
import type { CampaignDocument } from '../../../ports/store/cards/campaigns.js';
import type { EndingOfStructure } from '../../../ports/store/counts/expiring.js';
import { FormFields } from '../../components/form.js';
import { Plot } from '../../components/plot.js';
import { SearchForm } from '../../components/search-form.js';
import { Table } from '../../components/table.js';
import { Code, Day, Link, Notice, Part, Stored } from '../../components/text.js';
import { checkInput, type Field, type FieldFault } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageAction, type PageRequest } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import type { Words } from '../../words/words.js';

const EXPIRING_WORDS = {
  name: { fr: 'Fins de validité', en: 'Expiring' },
  days: { fr: 'Dans les prochains jours', en: 'In the next days' },
  daysHint: { fr: 'De 1 à {max}', en: 'From 1 to {max}' },
  profile: { fr: 'Structures pour le profil', en: 'Structures for the profile' },
  show: { fr: 'Afficher', en: 'Show' },
  byWeek: { fr: 'Par semaine', en: 'By week' },
  weekCaption: {
    fr: 'Certificats en vigueur ou suspendus qui se terminent',
    en: 'Certificates in force or suspended that end',
  },
  week: { fr: 'Semaine du', en: 'Week of' },
  count: { fr: 'Certificats', en: 'Certificates' },
  description: {
    fr: 'Nombre de certificats en vigueur ou suspendus qui se terminent, par semaine.',
    en: 'Number of certificates in force or suspended that end, by week.',
  },
  byProfile: { fr: 'Par profil', en: 'By profile' },
  profileCaption: { fr: 'Du plus grand nombre au plus petit', en: 'The largest number first' },
  byStructure: { fr: 'Par structure', en: 'By structure' },
  structureCaption: {
    fr: 'Les {max} structures qui ont le plus de certificats du profil {profile} à renouveler',
    en: 'The {max} structures with the most certificates of the profile {profile} to be renewed',
  },
  noStructure: { fr: 'Sans structure', en: 'No structure' },
  list: { fr: 'Voir la liste', en: 'See the list' },
  certificates: { fr: 'Les certificats', en: 'The certificates' },
  none: {
    fr: 'Aucun certificat ne se termine dans cette période. Allongez-la pour voir plus loin.',
    en: 'No certificate ends in this period. Make it longer to look further ahead.',
  },
  noProfile: {
    fr: 'Choisissez un profil ci-dessus pour voir les structures.',
    en: 'Choose a profile above to see the structures.',
  },
  partly: {
    fr: 'Il y en a tant que seuls ceux qui se terminent avant cette date sont comptés :',
    en: 'There are so many that only those that end before this date are counted:',
  },
  campaign: { fr: 'Préparer une campagne', en: 'Prepare a campaign' },
  campaignName: { fr: 'Nom de la campagne', en: 'Name of the campaign' },
  campaignNameHint: { fr: 'Sans donnée personnelle', en: 'Without personal data' },
  capacity: { fr: 'Mises à jour par heure, au plus', en: 'Updates in an hour, at most' },
  willCreate: {
    fr: 'Un brouillon de campagne « {name} » sera créé, avec {capacity} mises à jour par heure au plus.',
    en: 'A draft of a campaign "{name}" will be created, with at most {capacity} updates in an hour.',
  },
  waitsForList: {
    fr: 'Le brouillon attend la liste des cartes : exportez-la de la recherche (colonne « card ») et envoyez-la à la classe « expiring » de la campagne.',
    en: 'The draft waits for the list of cards: export it from the search (column "card") and upload it to the class "expiring" of the campaign.',
  },
  nothingYet: {
    fr: "Aucune carte n'est touchée avant que la campagne soit ouverte.",
    en: 'No card is touched before the campaign is opened.',
  },
} as const satisfies Words;

type ExpiringData = {
  readonly fields: readonly Field[];
  readonly faults: readonly FieldFault[];
  readonly days: number;
  /** The beginnings of all weeks of the period, with the certificates that end in them. */
  readonly weeks: readonly { readonly at: Instant; readonly count: number }[];
  /** The largest number first. */
  readonly profiles: readonly { readonly profile: string; readonly count: number }[];
  /** What ends until then is counted: the end of the period, or earlier. */
  readonly countedUntil: Instant;
  readonly isComplete: boolean;
  /** null: no profile was chosen, or the account may not find certificates. */
  readonly structures: { readonly profile: string; readonly rows: readonly EndingOfStructure[] } | null;
  /** For the campaigns of cards: attempts before a card goes to a desk. */
  readonly attemptsMax: number;
};

const DAYS_DEFAULT = 90;
/** Monday, 5 January 1970. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;
const STRUCTURES_SHOWN_MAX = 50;

async function loadExpiring(
  { world }: ServingContext,
  { account, query }: PageRequest,
): Promise<Result<ExpiringData, OperationFailure>> {
  const fields = fieldsOf(world, account);
  const checked = checkInput(fields, query);
  const input = checked.ok ? checked.value : {};
  const days = Number(input.days ?? DAYS_DEFAULT);
  const counted = await countExpiring(world, account, { days });
  if (!counted.ok) return counted;
  const structures = await structuresOf(world, account, { days, profile: input.profile });
  if (!structures.ok) return structures;
  const { rows, countedUntil, isComplete } = counted.value;
  const now = world.clock();
  return ok({
    fields,
    faults: checked.ok ? [] : checked.error,
    days,
    weeks: weeksOf(rows, { now, until: countedUntil }),
    profiles: sumsOf(rows.map(({ profile, count }) => [profile, count] as const))
      .map(([profile, count]) => ({ profile, count }))
      .sort((one, other) => other.count - one.count),
    countedUntil,
    isComplete,
    structures: structures.value,
    attemptsMax: world.policy.environment.updates.attemptsMax,
  });
}

function fieldsOf({ policy }: Pick<World, 'policy'>, { scope, roles }: Account): readonly Field[] {
  const max = LIMITS.expiringDaysMax;
  const profiles = [...policy.profiles.keys()].filter((id) => profileInScope(scope.profiles, id)).toSorted();
  const days: Field = {
    kind: 'number',
    name: 'days',
    label: EXPIRING_WORDS.days,
    hint: filled(EXPIRING_WORDS.daysHint, { max: String(max) }),
    min: 1,
    max,
    value: String(DAYS_DEFAULT),
  };
  const options = profiles.map((value) => ({ value, label: untranslated(value) }));
  return rolesPermit(roles, 'find')
    ? [days, { kind: 'select', name: 'profile', label: EXPIRING_WORDS.profile, options }]
    : [days];
}

async function structuresOf(
  world: World,
  account: Account,
  { days, profile }: { readonly days: number; readonly profile: string | undefined },
): Promise<Result<ExpiringData['structures'], OperationFailure>> {
  if (profile === undefined || !rolesPermit(account.roles, 'find')) return ok(null);
  const counted = await countExpiringOfStructures(world, account, { days, profile });
  return counted.ok ? ok({ profile, rows: counted.value.rows.slice(0, STRUCTURES_SHOWN_MAX) }) : counted;
}

/** Weeks without any are there too, so that a plot has no gaps. */
function weeksOf(
  rows: readonly { readonly week: number; readonly count: number }[],
  { now, until }: { readonly now: Instant; readonly until: Instant },
): ExpiringData['weeks'] {
  const counts = new Map(sumsOf(rows.map(({ week, count }) => [week, count] as const)));
  if (counts.size === 0) return [];
  const weekOf = (at: Instant): number => Math.floor((at - FIRST_MONDAY_MS) / WEEK_MS);
  const weeks = Array.from({ length: weekOf(until) - weekOf(now) + 1 }, (_, index) => weekOf(now) + index);
  return weeks.map((week) => ({ at: FIRST_MONDAY_MS + week * WEEK_MS, count: counts.get(week) ?? 0 }));
}

function sumsOf<Key>(rows: readonly (readonly [Key, number])[]): readonly (readonly [Key, number])[] {
  const sums = new Map<Key, number>();
  for (const [key, count] of rows) sums.set(key, (sums.get(key) ?? 0) + count);
  return [...sums];
}

const FIELDS: readonly Field[] = [
  {
    kind: 'text',
    name: 'name',
    label: EXPIRING_WORDS.campaignName,
    hint: EXPIRING_WORDS.campaignNameHint,
    isRequired: true,
    lengthMax: 64,
  },
  {
    kind: 'number',
    name: 'capacity',
    label: EXPIRING_WORDS.capacity,
    isRequired: true,
    min: 1,
    max: 1_000_000,
    value: '1000',
  },
];

/**
 * A draft whose cards come from a list: the criteria of campaigns do not know the end of
 * certificates, and the export of a search does.
 */
const CAMPAIGN: PageAction<ExpiringData> = {
  id: 'campaign',
  label: EXPIRING_WORDS.campaign,
  action: 'run-campaigns',
  isOffered: () => true,
  version: () => '',
  fields: () => FIELDS,
  review: (_data, { name = '', capacity = '' }) => ({
    summary: filled(EXPIRING_WORDS.willCreate, { name, capacity }),
    consequences: [EXPIRING_WORDS.waitsForList, EXPIRING_WORDS.nothingYet],
    isReversible: true,
  }),
  perform: async ({ world }, { account }, { data: { attemptsMax }, input: { name = '', capacity } }) => {
    const document: CampaignDocument = {
      name,
      reason: 'superseded',
      selection: { kind: 'list' },
      classes: [{ name: 'expiring', select: { kind: 'list' }, opensAt: null, capacityPerHour: Number(capacity) }],
      fromSuspended: false,
      channel: 'any',
      supersede: null,
      attemptsMax,
    };
    const created = await createCampaign(world, account, { document });
    return created.ok ? ok({ path: `/console/campaigns/${created.value.id}`, query: { done: 'create' } }) : created;
  },
};

/** What ends in the next days, by week, profile and structure. */
export const EXPIRING_PAGE = definePage<ExpiringData>({
  id: 'expiring',
  path: '/console/expiring',
  name: EXPIRING_WORDS.name,
  section: 'certificates',
  opensFor: ['read-counts'],
  query: ['days', 'profile'],
  load: loadExpiring,
  view: (data) => <Expiring {...data} />,
  actions: [CAMPAIGN],
});

function Expiring(data: ExpiringData) {
  const { t } = useUi();
  const { countedUntil, isComplete } = data;
  return (
    <PageFrame title={t(EXPIRING_WORDS.name)}>
      <Period {...data} />
      {!isComplete && (
        <Notice tone="warn">
          <p>
            {t(EXPIRING_WORDS.partly)} <Day at={countedUntil} />
          </p>
        </Notice>
      )}
      <Weeks {...data} />
      <Profiles {...data} />
      <Structures {...data} />
    </PageFrame>
  );
}

function Period({ fields, faults }: ExpiringData) {
  const { query } = useUi();
  return (
    <SearchForm faults={faults} submit={EXPIRING_WORDS.show}>
      <FormFields
        fields={fields}
        input={Object.fromEntries(fields.map(({ name, value = '' }) => [name, query[name] ?? value]))}
        faults={faults}
      />
    </SearchForm>
  );
}

function Weeks({ weeks }: ExpiringData) {
  return (
    <Part id="weeks" title={EXPIRING_WORDS.byWeek}>
      <Plot
        id="weeks-plot"
        title={EXPIRING_WORDS.weekCaption}
        description={EXPIRING_WORDS.description}
        kind="bars"
        rowLabel={EXPIRING_WORDS.week}
        series={[EXPIRING_WORDS.count]}
        rows={weeks.map(({ at, count }) => ({ at, values: [count] }))}
        empty={EXPIRING_WORDS.none}
      />
    </Part>
  );
}

function Profiles({ profiles, countedUntil: until }: ExpiringData) {
  const { number } = useUi();
  return (
    <Part id="profiles" title={EXPIRING_WORDS.byProfile}>
      <Table
        caption={EXPIRING_WORDS.profileCaption}
        rows={profiles}
        rowKey={({ profile }) => profile}
        empty={EXPIRING_WORDS.none}
        columns={[
          { label: CERTIFICATE_WORDS.profile, cell: ({ profile }) => <Code>{profile}</Code> },
          { label: EXPIRING_WORDS.count, kind: 'number', cell: ({ count }) => number(count) },
          { label: EXPIRING_WORDS.certificates, cell: ({ profile }) => <SearchLink profile={profile} until={until} /> },
        ]}
      />
    </Part>
  );
}

/** A link to the certificates of a profile that end in the period, for those who may read them. */
function SearchLink({
  profile,
  structure,
  until,
}: {
  readonly profile: string;
  readonly structure?: string;
  readonly until: number;
}) {
  const { t, can, now } = useUi();
  if (!can('read')) return null;
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const query = { profile, structure, expiresFrom: dayOf(now), expiresUntil: dayOf(until) };
  return (
    <Link to="/console/certificates" query={query}>
      {t(EXPIRING_WORDS.list)}
    </Link>
  );
}

function Structures({ structures, countedUntil: until }: ExpiringData) {
  const { t, number, can } = useUi();
  if (structures === null) return can('find') ? <p class="empty">{t(EXPIRING_WORDS.noProfile)}</p> : null;
  const { profile, rows } = structures;
  return (
    <Part id="structures" title={EXPIRING_WORDS.byStructure}>
      <Table
        caption={filled(EXPIRING_WORDS.structureCaption, { max: String(STRUCTURES_SHOWN_MAX), profile })}
        rows={rows}
        rowKey={({ structureId }) => structureId ?? ''}
        empty={EXPIRING_WORDS.none}
        columns={[
          {
            label: CERTIFICATE_WORDS.structure,
            cell: ({ structureId }) =>
              structureId === null ? t(EXPIRING_WORDS.noStructure) : <Stored>{structureId}</Stored>,
          },
          { label: EXPIRING_WORDS.count, kind: 'number', cell: ({ count }) => number(count) },
          {
            label: EXPIRING_WORDS.certificates,
            cell: ({ structureId }) =>
              structureId === null ? '–' : <SearchLink profile={profile} structure={structureId} until={until} />,
          },
        ]}
      />
    </Part>
  );
}
