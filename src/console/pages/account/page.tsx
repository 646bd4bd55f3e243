import { accountActor } from '../../../audit/actors.js';
import { statusOf } from '../../../lifecycle/certificate-states.js';
import type { ShownAccount, ShownCredential } from '../../../operations/accounts/read-accounts.js';
import type { Quota } from '../../../operations/accounts/read-usage.js';
import { AuditTable } from '../../components/audit-table.js';
import { type Fact, Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { ACCOUNT_WORDS, SCOPE_WORDS } from '../../words/accounts.js';
import { CERTIFICATE_WORDS, STATUS_LABELS } from '../../words/certificates.js';
import { filled } from '../../words/filled.js';
import { CHANGE, DISABLE, ENABLE } from './actions.js';
import { limitsText, networksText, structureText } from './conditions.js';
import { type AccountData, loadAccount } from './data.js';
import { StateBadge } from './parts.js';
import { rolesText, SCOPE_LISTS } from './rights.js';
import { ACCOUNT_PAGE_WORDS as WORDS } from './words.js';

/** One account: what it may do, with which certificates, and what it did last. */
export const ACCOUNT_PAGE = definePage<AccountData>({
  id: 'account',
  path: '/console/accounts/{id}',
  name: ACCOUNT_WORDS.one,
  section: null,
  opensFor: ['read-accounts'],
  query: [],
  load: loadAccount,
  title: ({ account: { id } }) => filled(ACCOUNT_WORDS.title, { id }),
  view: (data) => <AccountView {...data} />,
  actions: [CHANGE, DISABLE, ENABLE],
});

function AccountView({ account, usage }: AccountData) {
  const { t, can } = useUi();
  return (
    <PageFrame title={t(filled(ACCOUNT_WORDS.title, { id: account.id }))}>
      <Part id="facts" title={WORDS.facts}>
        <AccountFacts account={account} />
      </Part>
      <Part id="credentials" title={WORDS.credentials}>
        <Credentials credentials={account.credentials} />
      </Part>
      <Part id="usage" title={WORDS.usage} isLive>
        <Facts
          facts={[
            { label: WORDS.thisHour, value: usage.certificatesThisHour && <Used {...usage.certificatesThisHour} /> },
            { label: WORDS.today, value: usage.certificatesToday && <Used {...usage.certificatesToday} /> },
            { label: WORDS.liveOrders, value: <Used {...usage.liveOrders} /> },
            { label: WORDS.openLines, value: <Used {...usage.openLines} /> },
            { label: WORDS.openApprovals, value: <Used {...usage.openApprovals} /> },
          ]}
        />
      </Part>
      <Part id="acts" title={WORDS.acts}>
        <AuditTable caption={WORDS.actsCaption} entries={usage.entries} empty={WORDS.noActs} />
        {can('read-audit') && usage.entries.length > 0 && (
          <p>
            <Link to="/console/audit" query={{ actor: accountActor(account.id) }}>
              {t(WORDS.allActs)}
            </Link>
          </p>
        )}
      </Part>
    </PageFrame>
  );
}

function AccountFacts({ account }: { readonly account: ShownAccount }) {
  const { t } = useUi();
  const { id, name, roles, scope, limits, networks, expiresAt, structure, disabled, createdAt } = account;
  const lists = SCOPE_LISTS.map((list): Fact => {
    const { label, all, none } = SCOPE_WORDS[list];
    const values = scope[list];
    if (values.includes('*')) return { label, value: t(all) };
    return { label, value: values.length === 0 ? t(none) : <Stored>{values.join(', ')}</Stored> };
  });
  return (
    <Facts
      facts={[
        { label: ACCOUNT_WORDS.id, value: <Code>{id}</Code> },
        { label: ACCOUNT_WORDS.name, value: <Stored>{name}</Stored> },
        { label: ACCOUNT_WORDS.state, value: <StateBadge isDisabled={disabled} /> },
        { label: ACCOUNT_WORDS.roles, value: t(rolesText(roles)) },
        ...lists,
        { label: ACCOUNT_WORDS.limits, value: t(limitsText(limits)) },
        { label: ACCOUNT_WORDS.networks, value: <Stored>{t(networksText(networks))}</Stored> },
        {
          label: ACCOUNT_WORDS.expiresAt,
          value: expiresAt === null ? t(ACCOUNT_WORDS.noEnd) : <Time at={expiresAt} />,
        },
        { label: ACCOUNT_WORDS.structure, value: <Stored>{t(structureText(structure))}</Stored> },
        { label: ACCOUNT_WORDS.createdAt, value: <Time at={createdAt} /> },
      ]}
    />
  );
}

function Credentials({ credentials }: { readonly credentials: readonly ShownCredential[] }) {
  const { now, t } = useUi();
  return (
    <Table
      caption={WORDS.credentialsCaption}
      rows={credentials}
      rowKey={({ issuer, spkiSha256 }) => `${issuer} ${spkiSha256}`}
      empty={WORDS.noCredentials}
      columns={[
        {
          label: CERTIFICATE_WORDS.serial,
          cell: ({ certificate }) =>
            certificate === null ? (
              t(WORDS.outside)
            ) : (
              <Link to={`/console/certificates/${certificate.id}`}>
                <Code>{certificate.serial}</Code>
              </Link>
            ),
        },
        {
          label: CERTIFICATE_WORDS.status,
          cell: ({ certificate }) => {
            const status = certificate === null ? null : statusOf(certificate, now);
            return status === null ? '–' : <Badge {...STATUS_LABELS[status]} />;
          },
        },
        {
          label: CERTIFICATE_WORDS.notAfter,
          cell: ({ certificate }) => (certificate === null ? '–' : <Day at={certificate.notAfter} />),
        },
        { label: CERTIFICATE_WORDS.issuer, cell: ({ issuer }) => <Code>{issuer}</Code> },
        { label: WORDS.key, cell: ({ spkiSha256 }) => <Code>{spkiSha256}</Code> },
      ]}
    />
  );
}

function Used({ used, max }: Quota) {
  const { t, number } = useUi();
  return <>{t(filled(WORDS.ofMax, { used: number(used), max: number(max) }))}</>;
}
