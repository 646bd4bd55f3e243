import { ok } from '../../../kernel/result.js';
import { renewSecret } from '../../../operations/enrolment/renew-secret.js';
import { registrationStateAt } from '../../../operations/enrolment/use-registrations.js';
import { withdrawRegistration } from '../../../operations/enrolment/withdraw.js';
import type { Card } from '../../../policy/model.js';
import type { RegistrationUse } from '../../../ports/store/enrolment/registrations.js';
import { AuditLink } from '../../components/audit-link.js';
import { AuditTable } from '../../components/audit-table.js';
import { CardLink, HolderLink } from '../../components/certificates.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageAction } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { loadRegistration, type RegistrationData } from './data.js';
import { SecretOnce } from './secret.js';
import { REGISTRATION_STATE_LABELS, REGISTRATION_WORDS as WORDS } from './words.js';

const WITHDRAW: PageAction<RegistrationData> = {
  id: 'withdraw',
  label: WORDS.withdraw,
  action: 'register',
  tone: 'danger',
  isOffered: ({ registration, now }) => registrationStateAt(registration, now) === 'open',
  version: versionOf,
  fields: () => [],
  review: ({ registration: { reference } }) => ({
    summary: filled(WORDS.willWithdraw, { reference }),
    consequences: [WORDS.withdrawMeans],
    isReversible: false,
  }),
  perform: async ({ world }, { account }, { data: { registration } }) => {
    const withdrawn = await withdrawRegistration(world, { account, id: registration.id });
    return withdrawn.ok ? ok({ query: { done: 'withdraw' } }) : withdrawn;
  },
};

const NEW_SECRET: PageAction<RegistrationData> = {
  id: 'secret',
  label: WORDS.newSecret,
  action: 'register',
  isOffered: ({ registration, now }) => ['open', 'used'].includes(registrationStateAt(registration, now)),
  version: versionOf,
  fields: () => [],
  review: ({ registration: { reference } }) => ({
    summary: filled(WORDS.willRenew, { reference }),
    consequences: [WORDS.renewMeans, WORDS.shownOnce],
    isReversible: false,
  }),
  perform: async ({ world }, { account }, { data: { registration } }) => {
    const renewed = await renewSecret(world, { account, id: registration.id });
    return renewed.ok ? ok({ shown: <SecretOnce {...renewed.value} /> }) : renewed;
  },
};

function versionOf({ registration: { state, secretGeneration, returned, uses } }: RegistrationData): string {
  return [state, secretGeneration, returned, ...uses.map(({ certificateId }) => certificateId)].join(' ');
}

/** One registration: for whom, what of it was issued, and until when. */
export const REGISTRATION_PAGE = definePage<RegistrationData>({
  id: 'registration',
  path: '/console/registrations/{id}',
  name: WORDS.one,
  section: null,
  opensFor: ['read-registrations'],
  query: ['done'],
  load: loadRegistration,
  title: ({ registration: { reference } }) => filled(WORDS.title, { reference }),
  view: (data) => <RegistrationView {...data} />,
  actions: [NEW_SECRET, WITHDRAW],
});

function RegistrationView(data: RegistrationData) {
  const { t, query } = useUi();
  const { id, reference, uses } = data.registration;
  return (
    <PageFrame title={t(filled(WORDS.title, { reference }))}>
      {query.done === 'withdraw' && (
        <Notice tone="good">
          <p>{t(WORDS.done_withdraw)}</p>
        </Notice>
      )}
      <Part id="facts" title={WORDS.facts}>
        <RegistrationFacts {...data} />
      </Part>
      <Part id="uses" title={WORDS.uses}>
        <Uses rows={uses} />
      </Part>
      {data.entries !== null && (
        <Part id="history" title={WORDS.history}>
          <AuditTable caption={WORDS.historyCaption} entries={data.entries} empty={WORDS.noHistory} />
          <AuditLink id={id} />
        </Part>
      )}
    </PageFrame>
  );
}

function RegistrationFacts({ registration, now }: RegistrationData) {
  const { t, number } = useUi();
  const { reference, state, stateAt, accountId, holderId, structureId, returned, erasedAt } = registration;
  const present = registrationStateAt(registration, now);
  const card = registration.card as unknown as Card | null;
  return (
    <Facts
      facts={[
        { label: WORDS.state, value: <Badge {...REGISTRATION_STATE_LABELS[present]} /> },
        { label: WORDS.stateAt, value: <Time at={present === state ? stateAt : registration.expiresAt} /> },
        { label: WORDS.expiresAt, value: present === 'open' ? <Time at={registration.expiresAt} /> : null },
        { label: WORDS.reference, value: <Code>{reference}</Code> },
        { label: WORDS.holder, value: holderId === null ? t(WORDS.erased) : <HolderLink id={holderId} /> },
        { label: WORDS.structure, value: structureId && <Stored>{structureId}</Stored> },
        { label: WORDS.card, value: card && <CardLink tokenId={card.tokenId} /> },
        { label: WORDS.account, value: <Code>{accountId}</Code> },
        { label: WORDS.createdAt, value: <Time at={registration.createdAt} /> },
        { label: WORDS.generation, value: number(registration.secretGeneration) },
        { label: WORDS.returned, value: returned > 0 ? number(returned) : null },
        { label: WORDS.erasedAt, value: erasedAt && <Time at={erasedAt} /> },
      ]}
    />
  );
}

function Uses({ rows }: { readonly rows: readonly RegistrationUse[] }) {
  return (
    <Table
      caption={WORDS.usesCaption}
      rows={rows}
      rowKey={({ profile }) => profile}
      columns={[
        { label: WORDS.profile, cell: ({ profile }) => <Code>{profile}</Code> },
        { label: WORDS.certificate, cell: ({ certificateId }) => <Use certificateId={certificateId} /> },
      ]}
    />
  );
}

function Use({ certificateId: id }: Pick<RegistrationUse, 'certificateId'>) {
  const { t, can } = useUi();
  if (id === null) return <>{t(WORDS.unused)}</>;
  return can('read') ? <Link to={`/console/certificates/${id}`}>{id}</Link> : <Code>{id}</Code>;
}
