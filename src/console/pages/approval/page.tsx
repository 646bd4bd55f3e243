import { statementSha256 } from '../../../approvals/statement.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import { canonicalJson } from '../../../kernel/json.js';
import type { Approval } from '../../../ports/store/officers/approvals.js';
import { AuditLink } from '../../components/audit-link.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { APPROVAL_STATE_LABELS, APPROVAL_WORDS, SIGNATURE_FORM_LABELS } from '../../words/approvals.js';
import { filled } from '../../words/filled.js';
import { APPROVE, REFUSE } from './actions.js';
import { type ApprovalData, loadApproval } from './data.js';
import { actionLabel, StatementInWords, statementOf } from './statement.js';
import { APPROVAL_PAGE_WORDS as WORDS } from './words.js';

/** One action that two officers decide: what they sign, who has signed, and what became of it. */
export const APPROVAL_PAGE = definePage<ApprovalData>({
  id: 'approval',
  path: '/console/approvals/{id}',
  name: APPROVAL_WORDS.one,
  section: null,
  opensFor: ['read-approvals'],
  query: ['done'],
  load: loadApproval,
  title: ({ approval: { action } }) => filled(WORDS.title, { action: actionLabel(action) }),
  view: (data) => <ApprovalView {...data} />,
  actions: [APPROVE, REFUSE],
});

const DONE = { approve: WORDS.done_approve, refuse: WORDS.done_refuse, request: WORDS.done_request } as const;

function ApprovalView({ approval, obstacle }: ApprovalData) {
  const { t, query } = useUi();
  const isLive = approval.state === 'requested';
  const done = Object.entries(DONE).find(([name]) => name === query.done);
  return (
    <PageFrame title={t(filled(WORDS.title, { action: actionLabel(approval.action) }))}>
      {done !== undefined && (
        <Notice tone="good">
          <p>{t(done[1])}</p>
        </Notice>
      )}
      <Obstacle obstacle={obstacle} action={approval.action} />
      <Part id="state" title={WORDS.state} isLive={isLive}>
        <State approval={approval} />
      </Part>
      <Part id="statement" title={WORDS.inWords}>
        <StatementInWords statement={statementOf(approval)} />
      </Part>
      <Part id="octets" title={WORDS.octets}>
        <p class="hint">{t(WORDS.octetsHint)}</p>
        <pre>{approval.statement}</pre>
        <p>
          {t(WORDS.sha256)} <Code>{statementSha256(approval)}</Code>
        </p>
      </Part>
      <Part id="signatures" title={WORDS.signatures} isLive={isLive}>
        <Signatures approval={approval} />
      </Part>
      <AuditLink id={approval.id} />
      <p>
        <Link to="/console/approvals">{t(WORDS.all)}</Link>
      </p>
    </PageFrame>
  );
}

/** Says why there is no button to approve. An approval that has ended shows its state instead. */
function Obstacle({ obstacle, action }: { readonly obstacle: ApprovalData['obstacle']; readonly action: string }) {
  const { t } = useUi();
  if (obstacle === null || obstacle === 'ended') return null;
  return (
    <Notice tone="warn">
      <p>{t(filled(WORDS[obstacle], { action }))}</p>
    </Notice>
  );
}

function State({ approval }: { readonly approval: Approval }) {
  const { state, requestedBy, requestedAt, expiresAt, endedAt, reason, result } = approval;
  return (
    <Facts
      facts={[
        { label: APPROVAL_WORDS.state, value: <Badge {...APPROVAL_STATE_LABELS[state]} /> },
        { label: APPROVAL_WORDS.requestedBy, value: <Code>{requestedBy}</Code> },
        { label: APPROVAL_WORDS.requestedAt, value: <Time at={requestedAt} /> },
        { label: APPROVAL_WORDS.expiresAt, value: <Time at={expiresAt} /> },
        { label: APPROVAL_WORDS.endedAt, value: endedAt && <Time at={endedAt} /> },
        { label: WORDS.reason, value: reason && <Reason reason={reason} /> },
        { label: WORDS.result, value: result === null ? null : <Code>{canonicalJson(result)}</Code> },
      ]}
    />
  );
}

/** What an officer wrote is shown as it is; what the platform says has the page's language. */
function Reason({ reason }: { readonly reason: string | Bilingual }) {
  const { t } = useUi();
  return typeof reason === 'string' ? <Stored>{reason}</Stored> : <span>{t(reason)}</span>;
}

/** The forms of signature beside `account` come with signed approvals. */
function Signatures({ approval }: { readonly approval: Approval }) {
  const { t } = useUi();
  return (
    <Table
      caption={WORDS.signaturesCaption}
      rows={approval.signatures}
      rowKey={({ account }) => account}
      columns={[
        { label: WORDS.officer, cell: ({ account }) => <Code>{account}</Code> },
        { label: WORDS.form, cell: ({ form }) => t(SIGNATURE_FORM_LABELS[form]) },
        { label: WORDS.signedAt, cell: ({ at }) => <Time at={at} /> },
      ]}
    />
  );
}
