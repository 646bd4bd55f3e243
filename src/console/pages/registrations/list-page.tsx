import { LIMITS } from '../../../kernel/limits.js';
import { registrationStateAt } from '../../../operations/enrolment/use-registrations.js';
import type { Registration } from '../../../ports/store/enrolment/registrations.js';
import { HolderLink } from '../../components/certificates.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Part } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { loadRegistrations, type RegistrationsData } from './data.js';
import { FILTER_FIELDS } from './filter-fields.js';
import { REGISTER_ACTIONS } from './register.js';
import { REGISTRATION_STATE_LABELS, REGISTRATION_WORDS as WORDS } from './words.js';

/** What may be issued to holders who have a reference and a secret. */
export const REGISTRATIONS_PAGE = definePage<RegistrationsData>({
  id: 'registrations',
  path: '/console/registrations',
  name: WORDS.many,
  section: 'certificates',
  opensFor: ['read-registrations'],
  query: ['reference', 'holder', 'state', 'profile', 'cursor'],
  load: loadRegistrations,
  view: (data) => <Registrations {...data} />,
  actions: REGISTER_ACTIONS,
});

function Registrations({ registrations, next, faults, open }: RegistrationsData) {
  const { t, query, number } = useUi();
  const input = Object.fromEntries(FILTER_FIELDS.map(({ name }) => [name, query[name] ?? '']));
  return (
    <PageFrame title={t(WORDS.many)}>
      <p class="hint">{t(WORDS.reads)}</p>
      <Filter fields={FILTER_FIELDS} input={input} faults={faults} />
      <Part id="list" title={WORDS.many}>
        {open !== null && (
          <p>
            {t(
              filled(WORDS.openOfAccount, {
                count: number(open),
                max: number(LIMITS.openRegistrationsPerAccountMax),
              }),
            )}
          </p>
        )}
        <RegistrationTable rows={registrations} />
        <p class="hint">{t(WORDS.scope)}</p>
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function RegistrationTable({ rows }: { readonly rows: readonly Registration[] }) {
  const { t, now } = useUi();
  return (
    <Table
      caption={WORDS.caption}
      rows={rows}
      rowKey={({ id }) => id}
      empty={WORDS.empty}
      columns={[
        {
          label: WORDS.reference,
          cell: ({ id, reference }) => (
            <Link to={`/console/registrations/${id}`}>
              <Code>{reference}</Code>
            </Link>
          ),
        },
        { label: WORDS.state, cell: (one) => <Badge {...REGISTRATION_STATE_LABELS[registrationStateAt(one, now)]} /> },
        {
          label: WORDS.holder,
          cell: ({ holderId }) => (holderId === null ? t(WORDS.erased) : <HolderLink id={holderId} />),
        },
        { label: WORDS.uses, cell: ({ uses }) => <Profiles profiles={uses.map(({ profile }) => profile)} /> },
        { label: WORDS.used, cell: (one) => t(usedText(one)) },
        { label: WORDS.createdAt, cell: ({ createdAt }) => <Day at={createdAt} /> },
        { label: WORDS.expiresAt, cell: ({ expiresAt }) => <Day at={expiresAt} /> },
      ]}
    />
  );
}

function Profiles({ profiles }: { readonly profiles: readonly string[] }) {
  return (
    <>
      {profiles.map((profile) => (
        <div key={profile}>
          <Code>{profile}</Code>
        </div>
      ))}
    </>
  );
}

function usedText({ uses }: Registration) {
  const used = uses.filter(({ certificateId }) => certificateId !== null).length;
  return filled(WORDS.usedOf, { used: String(used), all: String(uses.length) });
}
