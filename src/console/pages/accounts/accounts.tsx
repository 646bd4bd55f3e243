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
import type { Words } from '../../words/words.js';
import { ADD } from '../account/actions.js';
import type { AccountsData } from '../account/data.js';
import { StateBadge } from '../account/parts.js';
import { rolesText, scopeText } from '../account/rights.js';

export const ACCOUNTS_PAGE_WORDS = {
  list: { fr: 'Liste des comptes', en: 'List of accounts' },
  caption: { fr: "Qui peut utiliser l'API et cette console", en: 'Who may use the API and this console' },
  empty: {
    fr: "Aucun compte n'existe. Le premier se crée sur la machine, avec pfcng account add.",
    en: 'There is no account. The first one is made at the machine, with pfcng account add.',
  },
  reads: {
    fr: 'Le journal a les actions et les recherches, et non chaque lecture : un compte peut avoir servi plus tard.',
    en: 'The log has acts and searches, and not each read: an account may have been used later.',
  },
} as const satisfies Words;

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
      <Part id="list" title={ACCOUNTS_PAGE_WORDS.list}>
        <p class="hint">{t(ACCOUNTS_PAGE_WORDS.reads)}</p>
        <Table
          caption={ACCOUNTS_PAGE_WORDS.caption}
          rows={accounts}
          rowKey={({ id }) => id}
          empty={ACCOUNTS_PAGE_WORDS.empty}
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
