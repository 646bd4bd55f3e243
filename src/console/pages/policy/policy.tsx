import type { Bilingual } from '../../../kernel/bilingual.js';
import { ok } from '../../../kernel/result.js';
import { type PolicyException, type PolicyNow, readPolicy } from '../../../operations/policy/read-policy.js';
import type { CodeListName, Profile } from '../../../policy/model.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Part, Stored } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { HOLDER_LABELS, PROFILE_WORDS } from '../../words/profiles.js';
import type { Words } from '../../words/words.js';
import { validityText } from '../profile/values.js';

export const POLICY_WORDS = {
  name: { fr: 'Politique', en: 'Policy' },
  inForce: { fr: 'Politique en vigueur', en: 'Policy in force' },
  environment: { fr: 'Environnement', en: 'Environment' },
  development: {
    fr: 'Développement : les certificats ne valent rien',
    en: 'Development: certificates are worth nothing',
  },
  production: { fr: 'Production', en: 'Production' },
  digest: { fr: 'Empreinte de la politique', en: 'Digest of the policy' },
  digestHint: {
    fr: "SHA-256 de tous les fichiers de la politique. L'intention de chaque certificat, au journal d'audit, a celle sous laquelle il a été émis.",
    en: 'SHA-256 of all files of the policy. The intent of each certificate, in the audit log, has the one under which it was issued.',
  },
  codeLists: { fr: 'Nomenclatures', en: 'Code lists' },
  codeListsCaption: {
    fr: 'Les listes de codes auxquelles les demandes sont comparées',
    en: 'The lists of codes that requests are compared with',
  },
  list: { fr: 'Nomenclature', en: 'Code list' },
  source: { fr: 'Référence', en: 'Reference' },
  date: { fr: 'Version du', en: 'Version of' },
  profiles: { fr: 'Profils', en: 'Profiles' },
  profilesCaption: { fr: 'Ce que chaque sorte de certificat contient', en: 'What each kind of certificate contains' },
  exceptions: { fr: 'Dérogations', en: 'Exceptions' },
  exceptionsCaption: {
    fr: 'Ce que cet environnement accepte en plus, avec un motif, un responsable et une fin',
    en: 'What this environment accepts besides, with a reason, an approver and an end',
  },
  noExceptions: {
    fr: "Aucune dérogation : tous les profils et tous les contrôles s'appliquent tels quels.",
    en: 'No exceptions: all profiles and all checks apply as they are.',
  },
  what: { fr: 'Dérogation', en: 'Exception' },
  key: { fr: 'Type de clé {what}', en: 'Type of key {what}' },
  lint: { fr: 'Contrôle {what}', en: 'Check {what}' },
  for: { fr: 'Profils', en: 'Profiles' },
  allProfiles: { fr: 'Tous', en: 'All' },
  until: { fr: 'Fin', en: 'End' },
  state: { fr: 'État', en: 'State' },
  current: { fr: 'En vigueur', en: 'In force' },
  ended: { fr: 'Terminée', en: 'Ended' },
  approver: { fr: 'Accordée par', en: 'Approved by' },
  reason: { fr: 'Motif', en: 'Reason' },
  differences: { fr: 'Différences avec un autre environnement', en: 'Differences from another environment' },
  differencesLink: {
    fr: "Comparer avec l'environnement {other} des mêmes fichiers",
    en: 'Compare with the environment {other} of the same files',
  },
} as const satisfies Words;

export const CODE_LIST_LABELS: Readonly<Record<CodeListName, Bilingual>> = {
  departments: { fr: 'Départements', en: 'Departments' },
  professions: { fr: 'Professions de santé', en: 'Health professions' },
  'special-use-domains': { fr: 'Domaines réservés', en: 'Special-use domains' },
};

type PolicyData = PolicyNow & { readonly other: string };

/** The policy in force: its profiles, and its exceptions with their ends. */
export const POLICY_PAGE = definePage<PolicyData>({
  id: 'policy',
  path: '/console/policy',
  name: POLICY_WORDS.name,
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
    <PageFrame title={t(POLICY_WORDS.name)}>
      <Part id="facts" title={POLICY_WORDS.inForce}>
        <Facts
          facts={[
            { label: POLICY_WORDS.environment, value: t(POLICY_WORDS[mark]) },
            { label: POLICY_WORDS.digest, value: <Code>{digest}</Code> },
          ]}
        />
        <p class="hint">{t(POLICY_WORDS.digestHint)}</p>
      </Part>
      <Part id="profiles" title={POLICY_WORDS.profiles}>
        <Profiles profiles={profiles} />
      </Part>
      <Part id="exceptions" title={POLICY_WORDS.exceptions}>
        <Exceptions exceptions={exceptions} empty={POLICY_WORDS.noExceptions} />
      </Part>
      <Part id="lists" title={POLICY_WORDS.codeLists}>
        <Table
          caption={POLICY_WORDS.codeListsCaption}
          rows={codeLists}
          rowKey={({ name }) => name}
          columns={[
            { label: POLICY_WORDS.list, cell: ({ name }) => t(CODE_LIST_LABELS[name]) },
            { label: POLICY_WORDS.source, cell: ({ id }) => <Code>{id}</Code> },
            { label: POLICY_WORDS.date, cell: ({ date }) => <Day at={Date.parse(`${date}T00:00:00Z`)} /> },
          ]}
        />
      </Part>
      <Part id="differences" title={POLICY_WORDS.differences}>
        <p>
          <Link to="/console/policy/differences">{t(filled(POLICY_WORDS.differencesLink, { other }))}</Link>
        </p>
      </Part>
    </PageFrame>
  );
}

function Profiles({ profiles }: { readonly profiles: readonly Profile[] }) {
  const { t } = useUi();
  return (
    <Table
      caption={POLICY_WORDS.profilesCaption}
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
      caption={POLICY_WORDS.exceptionsCaption}
      rows={exceptions}
      rowKey={({ kind, what, profiles }) => `${kind} ${what} ${profiles.join(' ')}`}
      empty={empty}
      columns={[
        { label: POLICY_WORDS.what, cell: ({ kind, what }) => t(filled(POLICY_WORDS[kind], { what })) },
        {
          label: POLICY_WORDS.for,
          cell: ({ profiles }) =>
            profiles.includes('*') ? t(POLICY_WORDS.allProfiles) : <Code>{profiles.join(', ')}</Code>,
        },
        { label: POLICY_WORDS.until, cell: ({ until }) => (until === null ? '–' : <Day at={until} />) },
        {
          label: POLICY_WORDS.state,
          cell: ({ isInForce }) => (
            <Badge tone={isInForce ? 'warn' : 'quiet'} label={isInForce ? POLICY_WORDS.current : POLICY_WORDS.ended} />
          ),
        },
        { label: POLICY_WORDS.approver, cell: ({ approver }) => <Stored>{approver}</Stored> },
        { label: POLICY_WORDS.reason, cell: ({ reason }) => <Stored>{reason}</Stored> },
      ]}
    />
  );
}
