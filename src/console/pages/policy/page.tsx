import type { Bilingual } from '../../../kernel/bilingual.js';
import { ok } from '../../../kernel/result.js';
import { type PolicyException, type PolicyNow, readPolicy } from '../../../operations/policy/read-policy.js';
import type { Profile } from '../../../policy/model.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Part, Stored } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { HOLDER_LABELS, PROFILE_WORDS } from '../../words/profiles.js';
import { validityText } from '../profile/values.js';
import { CODE_LIST_LABELS, POLICY_WORDS as WORDS } from './words.js';

type PolicyData = PolicyNow & { readonly other: string };

/** The policy in force: its profiles, and its exceptions with their ends. */
export const POLICY_PAGE = definePage<PolicyData>({
  id: 'policy',
  path: '/console/policy',
  name: WORDS.name,
  section: 'platform',
  opensFor: ['read-authorities'],
  query: [],
  load: async ({ world, otherEnvironment }, { account }) => {
    const read = readPolicy(world, account);
    return read.ok ? ok({ ...read.value, other: otherEnvironment.name }) : read;
  },
  view: (data) => <Policy {...data} />,
});

function Policy({ digest, mark, profiles, exceptions, codeLists, other }: PolicyData) {
  const { t } = useUi();
  return (
    <PageFrame title={t(WORDS.name)}>
      <Part id="facts" title={WORDS.inForce}>
        <Facts
          facts={[
            { label: WORDS.environment, value: t(WORDS[mark]) },
            { label: WORDS.digest, value: <Code>{digest}</Code> },
          ]}
        />
        <p class="hint">{t(WORDS.digestHint)}</p>
      </Part>
      <Part id="profiles" title={WORDS.profiles}>
        <Profiles profiles={profiles} />
      </Part>
      <Part id="exceptions" title={WORDS.exceptions}>
        <Exceptions exceptions={exceptions} empty={WORDS.noExceptions} />
      </Part>
      <Part id="lists" title={WORDS.codeLists}>
        <Table
          caption={WORDS.codeListsCaption}
          rows={codeLists}
          rowKey={({ name }) => name}
          columns={[
            { label: WORDS.list, cell: ({ name }) => t(CODE_LIST_LABELS[name]) },
            { label: WORDS.source, cell: ({ id }) => <Code>{id}</Code> },
            { label: WORDS.date, cell: ({ date }) => <Day at={Date.parse(`${date}T00:00:00Z`)} /> },
          ]}
        />
      </Part>
      <Part id="differences" title={WORDS.differences}>
        <p>
          <Link to="/console/policy/differences">{t(filled(WORDS.differencesLink, { other }))}</Link>
        </p>
      </Part>
    </PageFrame>
  );
}

function Profiles({ profiles }: { readonly profiles: readonly Profile[] }) {
  const { t } = useUi();
  return (
    <Table
      caption={WORDS.profilesCaption}
      rows={profiles}
      rowKey={({ id }) => id}
      columns={[
        { label: PROFILE_WORDS.title, cell: ({ id, title }) => <Link to={`/console/policy/${id}`}>{t(title)}</Link> },
        { label: PROFILE_WORDS.profile, cell: ({ id }) => <Code>{id}</Code> },
        { label: PROFILE_WORDS.authority, cell: ({ authority }) => <Code>{authority}</Code> },
        { label: PROFILE_WORDS.holder, cell: ({ holder }) => t(HOLDER_LABELS[holder]) },
        { label: PROFILE_WORDS.validity, cell: ({ validity }) => t(validityText(validity)) },
      ]}
    />
  );
}

type ExceptionsProps = { readonly exceptions: readonly PolicyException[]; readonly empty: Bilingual };

export function Exceptions({ exceptions, empty }: ExceptionsProps) {
  const { t } = useUi();
  return (
    <Table
      caption={WORDS.exceptionsCaption}
      rows={exceptions}
      rowKey={({ kind, what, profiles }) => `${kind} ${what} ${profiles.join(' ')}`}
      empty={empty}
      columns={[
        { label: WORDS.what, cell: ({ kind, what }) => t(filled(WORDS[kind], { what })) },
        {
          label: WORDS.for,
          cell: ({ profiles }) => (profiles.includes('*') ? t(WORDS.allProfiles) : <Code>{profiles.join(', ')}</Code>),
        },
        { label: WORDS.until, cell: ({ until }) => (until === null ? '–' : <Day at={until} />) },
        {
          label: WORDS.state,
          cell: ({ isInForce }) => (
            <Badge tone={isInForce ? 'warn' : 'quiet'} label={isInForce ? WORDS.current : WORDS.ended} />
          ),
        },
        { label: WORDS.approver, cell: ({ approver }) => <Stored>{approver}</Stored> },
        { label: WORDS.reason, cell: ({ reason }) => <Stored>{reason}</Stored> },
      ]}
    />
  );
}
