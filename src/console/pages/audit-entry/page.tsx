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
import { BROKEN_RULES, MEMBER_LABELS, ENTRY_WORDS as WORDS } from './words.js';

/** One entry of the audit log: all that it says, and its place in the hash chain. */
export const AUDIT_ENTRY_PAGE = definePage<EntryInChain>({
  id: 'audit-entry',
  path: '/console/audit/{seq}',
  name: WORDS.name,
  section: null,
  opensFor: ['read-audit'],
  query: [],
  load: ({ world }, { account, params }) => readAuditEntry(world, account, params.seq ?? ''),
  title: ({ entry: { seq } }) => filled(WORDS.title, { seq: String(seq) }),
  view: (data) => <Entry {...data} />,
});

function Entry(data: EntryInChain) {
  const { t } = useUi();
  const { entry } = data;
  const { details, node } = contentOf(entry);
  const members = flattened(details);
  return (
    <PageFrame title={t(filled(WORDS.title, { seq: String(entry.seq) }))}>
      <Part id="facts" title={WORDS.facts}>
        <Facts facts={[...eventFacts(data), { label: WORDS.node, value: <Code>{node}</Code> }]} />
      </Part>
      <Part id="details" title={WORDS.details}>
        {members.length === 0 ? <p class="empty">{t(WORDS.noDetails)}</p> : <Facts facts={members} />}
      </Part>
      <Chain {...data} />
      <Part id="stored" title={WORDS.stored}>
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
  return <>{t(WORDS.job)}</>;
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
    label: WORDS.checked,
    value:
      broken === null ? <Badge tone="good" label={WORDS.intact} /> : <Badge tone="bad" label={BROKEN_RULES[broken]} />,
  };
  return (
    <Part id="chain" title={WORDS.chain}>
      <p class="hint">{t(WORDS.chainHint)}</p>
      <Facts
        facts={[
          check,
          { label: WORDS.previousHash, value: <Code>{toHex(previousHash)}</Code> },
          { label: WORDS.leafHash, value: <Code>{toHex(entry.leafHash)}</Code> },
          { label: WORDS.chainHash, value: <Code>{toHex(entry.chainHash)}</Code> },
          { label: WORDS.head, value: <Link to={`/console/audit/${head.seq}`}>{number(head.seq)}</Link> },
        ]}
      />
      <nav class="pager" aria-label={t(WORDS.around)}>
        {seq > 1 && <Link to={`/console/audit/${seq - 1}`}>{t(WORDS.previous)}</Link>}
        {seq < head.seq && <Link to={`/console/audit/${seq + 1}`}>{t(WORDS.next)}</Link>}
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
  if (isObject(value) && isTag(value)) return <>{t(filled(WORDS.tag, { tag: value.tag, key: value.key }))}</>;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return <Stored>{value.join(', ')}</Stored>;
  return <Stored>{typeof value === 'string' ? value : JSON.stringify(value)}</Stored>;
}
