import { ok } from '../../../kernel/result.js';
import { listAccounts, type ShownAccount } from '../../../operations/accounts/read-accounts.js';
import { auditTypeLabel } from '../../components/audit-table.js';
import { Pager, Table } from '../../components/table.js';
import { Code, Link, Part, Stored, Time } from '../../components/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { ACCOUNT_WORDS } from '../../words/accounts.js';
import { ADD } from '../account/actions.js';
import type { AccountsData } from '../account/data.js';
import { StateBadge } from '../account/parts.js';
import { rolesText, scopeText } from '../account/rights.js';
import { ACCOUNTS_PAGE_WORDS as WORDS } from './words.js';

/** All accounts with their rights and their last recorded act. */
export const ACCOUNTS_PAGE = definePage<AccountsData>({
  id: 'accounts',
  path: '/console/accounts',
  name: ACCOUNT_WORDS.many,
  section: 'platform',
  opensFor: ['read-accounts'],
  query: ['cursor'],
  load: async ({ world }, { account, query }) => {
    const page = await listAccounts(world, account, { after: query.cursor ?? null, limit: PAGE_SIZE });
    return page.ok ? ok(page.value) : page;
  },
  view: (data) => <Accounts {...data} />,
  actions: [ADD],
});

function Accounts({ accounts, next }: AccountsData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(ACCOUNT_WORDS.many)}>
      <Part id="list" title={WORDS.list}>
        <p class="hint">{t(WORDS.reads)}</p>
        <Table
          caption={WORDS.caption}
          rows={accounts}
          rowKey={({ id }) => id}
          empty={WORDS.empty}
          columns={[
            {
              label: ACCOUNT_WORDS.id,
              cell: ({ id }) => (
                <Link to={`/console/accounts/${encodeURIComponent(id)}`}>
                  <Code>{id}</Code>
                </Link>
              ),
            },
            { label: ACCOUNT_WORDS.name, cell: ({ name }) => <Stored>{name}</Stored> },
            { label: ACCOUNT_WORDS.roles, cell: ({ roles }) => t(rolesText(roles)) },
            { label: ACCOUNT_WORDS.scope, cell: ({ scope }) => <Stored>{t(scopeText(scope))}</Stored> },
            { label: ACCOUNT_WORDS.state, cell: ({ disabled }) => <StateBadge isDisabled={disabled} /> },
            { label: ACCOUNT_WORDS.lastAct, cell: ({ lastEntry }) => <LastAct entry={lastEntry} /> },
          ]}
        />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function LastAct({ entry }: { readonly entry: ShownAccount['lastEntry'] }) {
  const { t } = useUi();
  if (entry === null) return <>{t(ACCOUNT_WORDS.never)}</>;
  return (
    <>
      <Time at={entry.keys.at} /> {t(auditTypeLabel(entry.keys.type))}
    </>
  );
}
