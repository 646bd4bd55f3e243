import { FormFields } from '../../components/form.js';
import { Plot } from '../../components/plot.js';
import { SearchForm } from '../../components/search-form.js';
import { Table } from '../../components/table.js';
import { Code, Day, Link, Notice, Part, Stored } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { CAMPAIGN } from './actions.js';
import { type ExpiringData, loadExpiring, STRUCTURES_SHOWN_MAX } from './data.js';
import { EXPIRING_WORDS as WORDS } from './words.js';

/** What ends in the next days, by week, profile and structure. */
export const EXPIRING_PAGE = definePage<ExpiringData>({
  id: 'expiring',
  path: '/console/expiring',
  name: WORDS.name,
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
    <PageFrame title={t(WORDS.name)}>
      <Period {...data} />
      {!isComplete && (
        <Notice tone="warn">
          <p>
            {t(WORDS.partly)} <Day at={countedUntil} />
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
    <SearchForm faults={faults} submit={WORDS.show}>
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
    <Part id="weeks" title={WORDS.byWeek}>
      <Plot
        id="weeks-plot"
        title={WORDS.weekCaption}
        description={WORDS.description}
        kind="bars"
        rowLabel={WORDS.week}
        series={[WORDS.count]}
        rows={weeks.map(({ at, count }) => ({ at, values: [count] }))}
        empty={WORDS.none}
      />
    </Part>
  );
}

function Profiles({ profiles, countedUntil: until }: ExpiringData) {
  const { number } = useUi();
  return (
    <Part id="profiles" title={WORDS.byProfile}>
      <Table
        caption={WORDS.profileCaption}
        rows={profiles}
        rowKey={({ profile }) => profile}
        empty={WORDS.none}
        columns={[
          { label: CERTIFICATE_WORDS.profile, cell: ({ profile }) => <Code>{profile}</Code> },
          { label: WORDS.count, kind: 'number', cell: ({ count }) => number(count) },
          { label: WORDS.certificates, cell: ({ profile }) => <SearchLink profile={profile} until={until} /> },
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
      {t(WORDS.list)}
    </Link>
  );
}

function Structures({ structures, countedUntil: until }: ExpiringData) {
  const { t, number, can } = useUi();
  if (structures === null) return can('find') ? <p class="empty">{t(WORDS.noProfile)}</p> : null;
  const { profile, rows } = structures;
  return (
    <Part id="structures" title={WORDS.byStructure}>
      <Table
        caption={filled(WORDS.structureCaption, { max: String(STRUCTURES_SHOWN_MAX), profile })}
        rows={rows}
        rowKey={({ structureId }) => structureId ?? ''}
        empty={WORDS.none}
        columns={[
          {
            label: CERTIFICATE_WORDS.structure,
            cell: ({ structureId }) => (structureId === null ? t(WORDS.noStructure) : <Stored>{structureId}</Stored>),
          },
          { label: WORDS.count, kind: 'number', cell: ({ count }) => number(count) },
          {
            label: WORDS.certificates,
            cell: ({ structureId }) =>
              structureId === null ? '–' : <SearchLink profile={profile} structure={structureId} until={until} />,
          },
        ]}
      />
    </Part>
  );
}
