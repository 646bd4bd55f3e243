import type { ChainRule } from '../../../audit/chain.js';
import { contentOf } from '../../../audit/shown.js';
import { type Bilingual, joinTexts, untranslated } from '../../../kernel/bilingual.js';
import { toHex } from '../../../kernel/bytes.js';
import { isObject, type Json } from '../../../kernel/json.js';
import { type EntryInChain, readAuditEntry } from '../../../operations/audit/read-audit.js';
import { auditTypeLabel } from '../../components/audit-table.js';
import { type Fact, Facts } from '../../components/facts.js';
import { Badge, Code, Link, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { AUDIT_WORDS, OUTCOME_LABELS } from '../../words/audit.js';
import { filled } from '../../words/filled.js';
import type { Words } from '../../words/words.js';

export const ENTRY_WORDS = {
  name: { fr: "Entrée du journal d'audit", en: 'Entry of the audit log' },
  title: { fr: "Entrée {seq} du journal d'audit", en: 'Entry {seq} of the audit log' },
  facts: { fr: "L'événement", en: 'The event' },
  details: { fr: 'Détails', en: 'Details' },
  noDetails: { fr: 'Cette entrée est sans détail.', en: 'This entry has no details.' },
  node: { fr: 'Nœud', en: 'Node' },
  tag: { fr: 'étiquette {tag} (clé de {key})', en: 'tag {tag} (key of {key})' },
  job: { fr: 'Aucune : une tâche ou une commande', en: 'None: a job or a command' },
  chain: { fr: 'Place dans la chaîne', en: 'Place in the chain' },
  chainHint: {
    fr: "Chaque entrée est hachée avec toutes celles qui précèdent : SHA-256(empreinte précédente || empreinte de l'entrée).",
    en: 'Each entry is hashed with all entries before it: SHA-256(previous hash || hash of the entry).',
  },
  checked: { fr: 'Contrôle', en: 'Check' },
  intact: { fr: "L'entrée est telle qu'elle a été écrite", en: 'The entry is as it was written' },
  previousHash: { fr: 'Empreinte de chaîne précédente', en: 'Chain hash before' },
  leafHash: { fr: "Empreinte de l'entrée", en: 'Hash of the entry' },
  chainHash: { fr: 'Empreinte de chaîne', en: 'Chain hash' },
  head: { fr: 'Dernière entrée du journal', en: 'Last entry of the log' },
  stored: { fr: 'Octets hachés (JSON canonique)', en: 'Octets that are hashed (canonical JSON)' },
  previous: { fr: 'Entrée précédente', en: 'Entry before' },
  next: { fr: 'Entrée suivante', en: 'Next entry' },
  around: { fr: 'Entrées voisines', en: 'Entries around it' },
} as const satisfies Words;

/** Why an entry is not as it was written. */
export const BROKEN_RULES: Readonly<Record<ChainRule, Bilingual>> = {
  'numbers-without-gap': { fr: "L'entrée précédente manque", en: 'The entry before is missing' },
  'number-in-the-entry': {
    fr: "Ces octets sont ceux d'une autre entrée",
    en: 'These octets are those of another entry',
  },
  'leaf-hash-matches': { fr: 'Les octets ont été modifiés', en: 'The octets were altered' },
  'search-keys-match': {
    fr: 'Les critères de recherche ne sont pas ceux des octets',
    en: 'The search keys are not those of the octets',
  },
  'chain-hash-matches': {
    fr: "L'entrée, ou la précédente, a été modifiée avec ses empreintes",
    en: 'The entry, or the one before, was altered together with its hashes',
  },
  'checkpoint-matches': { fr: 'Le journal a été réécrit', en: 'The log was rewritten' },
  'entries-up-to-checkpoint': { fr: 'Le journal a été tronqué', en: 'The log was truncated' },
};

/** Members of details that many entries have; others are shown under their own names. */
export const MEMBER_LABELS: Readonly<Record<string, Bilingual>> = {
  id: { fr: 'Identifiant', en: 'Identifier' },
  issuer: { fr: 'Émetteur', en: 'Issuer' },
  serial: { fr: 'Numéro de série', en: 'Serial number' },
  profile: { fr: 'Profil', en: 'Profile' },
  holder: { fr: 'Porteur', en: 'Holder' },
  card: { fr: 'Carte', en: 'Card' },
  structure: { fr: 'Structure', en: 'Structure' },
  account: { fr: 'Compte', en: 'Account' },
  login: { fr: 'Session ouverte sur la machine', en: 'Login at the machine' },
  officers: { fr: 'Officiers', en: 'Officers' },
  approval: { fr: 'Demande à deux officiers', en: 'Approval' },
  reason: { fr: 'Motif', en: 'Reason' },
  roles: { fr: 'Rôles', en: 'Roles' },
  count: { fr: 'Nombre', en: 'Count' },
  code: { fr: 'Code du problème', en: 'Code of the problem' },
  rules: { fr: 'Règles enfreintes', en: 'Rules that were broken' },
  route: { fr: 'Route', en: 'Route' },
  address: { fr: 'Adresse du client', en: 'Address of the client' },
  action: { fr: 'Action', en: 'Action' },
  statementSha256: { fr: 'SHA-256 de la déclaration', en: 'SHA-256 of the statement' },
  spkiSha256: { fr: 'SHA-256 de la clé', en: 'SHA-256 of the key' },
  tbsSha256: { fr: 'SHA-256 du contenu à signer', en: 'SHA-256 of what is signed' },
  policyDigest: { fr: 'Empreinte de la politique', en: 'Digest of the policy' },
  ceremony: { fr: 'Cérémonie', en: 'Ceremony' },
  order: { fr: 'Commande', en: 'Order' },
  line: { fr: 'Ligne', en: 'Line' },
  endpoint: { fr: 'Destinataire', en: 'Endpoint' },
  topic: { fr: "Type d'événement", en: 'Topic' },
  number: { fr: 'Numéro', en: 'Number' },
};

/** One entry of the audit log: all that it says, and its place in the hash chain. */
export const AUDIT_ENTRY_PAGE = definePage<EntryInChain>({
  id: 'audit-entry',
  path: '/console/audit/{seq}',
  name: ENTRY_WORDS.name,
  section: null,
  opensFor: ['read-audit'],
  query: [],
  load: ({ world }, { account, params }) => readAuditEntry(world, account, params.seq ?? ''),
  title: ({ entry: { seq } }) => filled(ENTRY_WORDS.title, { seq: String(seq) }),
  view: (data) => <Entry {...data} />,
});

function Entry(data: EntryInChain) {
  const { t } = useUi();
  const { entry } = data;
  const { details, node } = contentOf(entry);
  const members = flattened(details);
  return (
    <PageFrame title={t(filled(ENTRY_WORDS.title, { seq: String(entry.seq) }))}>
      <Part id="facts" title={ENTRY_WORDS.facts}>
        <Facts facts={[...eventFacts(data), { label: ENTRY_WORDS.node, value: <Code>{node}</Code> }]} />
      </Part>
      <Part id="details" title={ENTRY_WORDS.details}>
        {members.length === 0 ? <p class="empty">{t(ENTRY_WORDS.noDetails)}</p> : <Facts facts={members} />}
      </Part>
      <Chain {...data} />
      <Part id="stored" title={ENTRY_WORDS.stored}>
        <pre>{new TextDecoder().decode(entry.bytes)}</pre>
      </Part>
    </PageFrame>
  );
}

function eventFacts({ entry: { keys } }: EntryInChain): readonly Fact[] {
  const { at, type, outcome, actor, requestId, subjectId } = keys;
  return [
    { label: AUDIT_WORDS.at, value: <Time at={at} /> },
    { label: AUDIT_WORDS.type, value: <Type type={type} /> },
    { label: AUDIT_WORDS.outcome, value: <Badge {...OUTCOME_LABELS[outcome]} /> },
    {
      label: AUDIT_WORDS.actor,
      value: (
        <Link to="/console/audit" query={{ actor }}>
          <Stored>{actor}</Stored>
        </Link>
      ),
    },
    { label: AUDIT_WORDS.request, value: requestId === null ? <Job /> : <Found id={requestId} /> },
    { label: AUDIT_WORDS.subject, value: subjectId && <Found id={subjectId} /> },
  ];
}

function Type({ type }: { readonly type: string }) {
  const { t } = useUi();
  return (
    <>
      {t(auditTypeLabel(type))} <Code>{type}</Code>
    </>
  );
}

function Job() {
  const { t } = useUi();
  return <>{t(ENTRY_WORDS.job)}</>;
}

/** A link to all entries about the same thing. */
function Found({ id }: { readonly id: string }) {
  return (
    <Link to="/console/audit" query={{ id }}>
      <Code>{id}</Code>
    </Link>
  );
}

function Chain({ entry, previousHash, broken, head }: EntryInChain) {
  const { t, number } = useUi();
  const { seq } = entry;
  const check: Fact = {
    label: ENTRY_WORDS.checked,
    value:
      broken === null ? (
        <Badge tone="good" label={ENTRY_WORDS.intact} />
      ) : (
        <Badge tone="bad" label={BROKEN_RULES[broken]} />
      ),
  };
  return (
    <Part id="chain" title={ENTRY_WORDS.chain}>
      <p class="hint">{t(ENTRY_WORDS.chainHint)}</p>
      <Facts
        facts={[
          check,
          { label: ENTRY_WORDS.previousHash, value: <Code>{toHex(previousHash)}</Code> },
          { label: ENTRY_WORDS.leafHash, value: <Code>{toHex(entry.leafHash)}</Code> },
          { label: ENTRY_WORDS.chainHash, value: <Code>{toHex(entry.chainHash)}</Code> },
          { label: ENTRY_WORDS.head, value: <Link to={`/console/audit/${head.seq}`}>{number(head.seq)}</Link> },
        ]}
      />
      <nav class="pager" aria-label={t(ENTRY_WORDS.around)}>
        {seq > 1 && <Link to={`/console/audit/${seq - 1}`}>{t(ENTRY_WORDS.previous)}</Link>}
        {seq < head.seq && <Link to={`/console/audit/${seq + 1}`}>{t(ENTRY_WORDS.next)}</Link>}
      </nav>
    </Part>
  );
}

/** Nested members become facts of their own, named by their paths: `scope, profiles`. */
function flattened(value: Json, path: readonly string[] = []): readonly Fact[] {
  if (isObject(value) && !isTag(value))
    return Object.entries(value).flatMap(([name, member]) => flattened(member, [...path, name]));
  return [{ label: labelOf(path), value: <Value value={value} /> }];
}

function labelOf(path: readonly string[]): Bilingual {
  return joinTexts(
    path.map((name) => MEMBER_LABELS[name] ?? untranslated(name)),
    ', ',
  );
}

type Tag = { readonly tag: string; readonly key: string };

function isTag(value: object): value is Tag {
  return 'tag' in value && 'key' in value && typeof value.tag === 'string' && typeof value.key === 'string';
}

function Value({ value }: { readonly value: Json }) {
  const { t } = useUi();
  if (value === null) return <>–</>;
  if (isObject(value) && isTag(value)) return <>{t(filled(ENTRY_WORDS.tag, { tag: value.tag, key: value.key }))}</>;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return <Stored>{value.join(', ')}</Stored>;
  return <Stored>{typeof value === 'string' ? value : JSON.stringify(value)}</Stored>;
}
