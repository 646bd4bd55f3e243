import { ok } from '../../../kernel/result.js';
import { listApprovals } from '../../../operations/approvals/read.js';
import { APPROVAL_STATES, type Approval } from '../../../ports/store/officers/approvals.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Stored, Time } from '../../components/text.js';
import { cursorOf, PAGE_SIZE } from '../../cursors.js';
import type { Field } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { APPROVAL_STATE_LABELS, APPROVAL_WORDS } from '../../words/approvals.js';
import type { Words } from '../../words/words.js';
import { aboutOf, actionLabel } from '../approval/statement.js';

export const APPROVALS_PAGE_WORDS = {
  list: { fr: 'Liste des demandes', en: 'List of approvals' },
  caption: { fr: 'Demandes, la plus récente en premier', en: 'Approvals, newest first' },
  all: { fr: 'Tous les états', en: 'All states' },
  hint: {
    fr: "Ce qu'un officier demande, un autre l'approuve ou le refuse.",
    en: 'What one officer requests, another approves or refuses.',
  },
  empty: {
    fr: 'Aucune demande dans cet état. Choisissez un autre état pour voir les décisions passées.',
    en: 'No approval in this state. Choose another state to see past decisions.',
  },
} as const satisfies Words;

type ApprovalsData = {
  readonly approvals: readonly Approval[];
  readonly next: string | null;
  /** A state, or `all`. */
  readonly state: string;
};

const ALL = 'all';

const STATE_FIELD: Field = {
  kind: 'select',
  name: 'state',
  label: APPROVAL_WORDS.state,
  isRequired: true,
  options: [
    ...APPROVAL_STATES.map((state) => ({ value: state, label: APPROVAL_STATE_LABELS[state].label })),
    { value: ALL, label: APPROVALS_PAGE_WORDS.all },
  ],
};

/** What waits for a second officer, and what was decided. */
export const APPROVALS_PAGE = definePage<ApprovalsData>({
  id: 'approvals',
  path: '/console/approvals',
  name: APPROVAL_WORDS.many,
  section: 'decisions',
  opensFor: ['read-approvals'],
  query: ['state', 'cursor'],
  load: async ({ world }, { account, query }) => {
    const known = APPROVAL_STATES.find((one) => one === query.state);
    const state = query.state === ALL ? undefined : (known ?? 'requested');
    const before = cursorOf(query.cursor);
    if (!before.ok) return before;
    const page = await listApprovals(world, account, { state, limit: PAGE_SIZE, before: before.value });
    return page.ok ? ok({ ...page.value, state: state ?? ALL }) : page;
  },
  view: (data) => <Approvals {...data} />,
});

function Approvals({ approvals, next, state }: ApprovalsData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(APPROVAL_WORDS.many)}>
      <p>{t(APPROVALS_PAGE_WORDS.hint)}</p>
      <Filter fields={[STATE_FIELD]} input={{ state }} />
      <Part id="list" title={APPROVALS_PAGE_WORDS.list} isLive>
        <Table
          caption={APPROVALS_PAGE_WORDS.caption}
          rows={approvals}
          rowKey={({ id }) => id}
          empty={APPROVALS_PAGE_WORDS.empty}
          columns={[
            {
              label: APPROVAL_WORDS.action,
              cell: ({ id, action }) => <Link to={`/console/approvals/${id}`}>{t(actionLabel(action))}</Link>,
            },
            { label: APPROVAL_WORDS.about, cell: (approval) => <Stored>{aboutOf(approval)}</Stored> },
            {
              label: APPROVAL_WORDS.state,
              cell: (approval) => <Badge {...APPROVAL_STATE_LABELS[approval.state]} />,
            },
            { label: APPROVAL_WORDS.requestedBy, cell: ({ requestedBy }) => <Code>{requestedBy}</Code> },
            { label: APPROVAL_WORDS.requestedAt, cell: ({ requestedAt }) => <Time at={requestedAt} /> },
            { label: APPROVAL_WORDS.expiresAt, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
          ]}
        />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}
