import type { Bilingual } from '../../../kernel/bilingual.js';
import { type ProfileInPolicy, readProfile } from '../../../operations/policy/read-policy.js';
import type { SubjectAttribute } from '../../../policy/model.js';
import { type Fact, Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Code, Day, Link, Part, Stored } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CERTIFICATE_WORDS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { ATTRIBUTE_LABELS, MEMBER_LABELS, PROFILE_WORDS } from '../../words/profiles.js';
import { Exceptions } from '../policy/policy.js';
import { enrolmentFacts } from './enrolment.js';
import { checksOf, contentFacts, keyFacts, validityFacts, whoFacts } from './facts.js';
import type { WordFact } from './values.js';
import { PROFILE_PAGE_WORDS as WORDS } from './words.js';

/** One profile in words. */
export const PROFILE_PAGE = definePage<ProfileInPolicy>({
  id: 'profile',
  path: '/console/policy/{hierarchy}/{profile}',
  name: PROFILE_WORDS.profile,
  section: null,
  opensFor: ['read-authorities'],
  query: [],
  load: ({ world }, { account, params }) => readProfile(world, account, `${params.hierarchy}/${params.profile}`),
  title: ({ now: { profile } }) => filled(WORDS.title, { title: profile.title }),
  view: (data) => <ProfileView {...data} />,
});

function ProfileView(data: ProfileInPolicy) {
  const { t } = useUi();
  const { profile } = data.now;
  return (
    <PageFrame title={t(filled(WORDS.title, { title: profile.title }))}>
      <Part id="who" title={WORDS.who}>
        <WordFacts facts={whoFacts(data)} />
      </Part>
      <Part id="validity" title={WORDS.howLong}>
        <WordFacts facts={validityFacts(data)} />
      </Part>
      <Part id="enrolment" title={WORDS.enrolment}>
        <WordFacts facts={enrolmentFacts(data)} />
      </Part>
      <Part id="keys" title={WORDS.keys}>
        <WordFacts facts={keyFacts(data)} />
      </Part>
      <Part id="contents" title={WORDS.contents}>
        <Subject caption={WORDS.subjectCaption} attributes={profile.subject.flat()} />
        {profile.pseudonymSubject !== null && (
          <Subject caption={WORDS.pseudonymCaption} attributes={profile.pseudonymSubject.flat()} />
        )}
        <WordFacts facts={contentFacts(data)} />
      </Part>
      <Part id="checks" title={WORDS.checks}>
        <ul>
          {checksOf(data).map((check) => (
            <li key={check.en}>{t(check)}</li>
          ))}
        </ul>
      </Part>
      <Part id="exceptions" title={WORDS.exceptions}>
        <Exceptions exceptions={data.exceptions} empty={WORDS.noExceptions} />
      </Part>
      <Part id="sample" title={WORDS.sample}>
        <Newest {...data} />
      </Part>
      <p>
        <Link to="/console/policy">{t(WORDS.all)}</Link>
      </p>
    </PageFrame>
  );
}

function WordFacts({ facts }: { readonly facts: readonly WordFact[] }) {
  const { t } = useUi();
  return <Facts facts={facts.map(({ label, value }): Fact => ({ label, value: value === null ? null : t(value) }))} />;
}

type SubjectProps = { readonly caption: Bilingual; readonly attributes: readonly SubjectAttribute[] };

function Subject({ caption, attributes }: SubjectProps) {
  const { t, number } = useUi();
  return (
    <Table
      caption={caption}
      rows={attributes.map((attribute, at) => ({ ...attribute, at }))}
      rowKey={({ at }) => String(at)}
      columns={[
        { label: WORDS.attribute, cell: ({ type }) => t(ATTRIBUTE_LABELS[type]) },
        { label: WORDS.from, cell: ({ value }) => <AttributeValue value={value} /> },
        { label: WORDS.length, kind: 'number', cell: ({ charactersMax }) => number(charactersMax) },
      ]}
    />
  );
}

function AttributeValue({ value }: Pick<SubjectAttribute, 'value'>) {
  const { t } = useUi();
  if ('text' in value) return <>{t(filled(WORDS.fixed, { text: value.text }))}</>;
  const label = MEMBER_LABELS[value.from];
  return label === undefined ? <Code>{value.from}</Code> : t(label);
}

function Newest({ newest }: ProfileInPolicy) {
  const { t } = useUi();
  if (newest === null) return <p class="empty">{t(WORDS.none)}</p>;
  return (
    <Facts
      facts={[
        {
          label: WORDS.newest,
          value: (
            <Link to={`/console/certificates/${newest.id}`}>
              <Code>{newest.serial}</Code>
            </Link>
          ),
        },
        { label: CERTIFICATE_WORDS.issuer, value: <Stored>{newest.issuer}</Stored> },
        { label: CERTIFICATE_WORDS.notAfter, value: <Day at={newest.notAfter} /> },
      ]}
    />
  );
}
