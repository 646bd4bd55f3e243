/**
 * What the officers sign, in words. It is read from the stored octets of the statement and from
 * nothing else, and every member is shown, also one that this version has no words for.
 */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { untranslated } from '../../../kernel/bilingual.js';
import { parseInstant } from '../../../kernel/clock.js';
import { isObject, type Json, membersOf } from '../../../kernel/json.js';
import { type ActionName, actionNamed } from '../../../operations/approvals/actions.js';
import type { Approval } from '../../../ports/store/officers/approvals.js';
import { type Fact, Facts } from '../../components/facts.js';
import { Code, Link, Stored, Time } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { ACTION_WORDS } from '../../words/approvals.js';
import { MEMBER_LABELS, STATEMENT_WORDS, VALUE_LABELS } from './statement-words.js';

type Members = { readonly [name: string]: Json };

/** The members of a statement, as its octets say them. */
export function statementOf({ statement }: Pick<Approval, 'statement'>): Members {
  return membersOf(JSON.parse(statement) as Json);
}

/** The words of an action; null: this version of the program does not know it. */
export function wordsOfAction(action: string) {
  return actionNamed(action) === null ? null : ACTION_WORDS[action as ActionName];
}

export function actionLabel(action: string): Bilingual {
  return wordsOfAction(action)?.name ?? untranslated(action);
}

/** Names the object in a list: by its name where it has one, otherwise by its id. */
export function aboutOf(approval: Pick<Approval, 'statement' | 'subjectKey'>): string {
  const { name } = membersOf(statementOf(approval).object);
  return typeof name === 'string' ? name : approval.subjectKey;
}

/** How many cards it is about, as the statement says; null: it is about one object. */
export function cardsOf(approval: Pick<Approval, 'statement'>): number | null {
  const { cards } = membersOf(statementOf(approval).object);
  return typeof cards === 'number' ? cards : null;
}

/** The first members of a statement say who asks for what until when. */
export function StatementInWords({ statement }: { readonly statement: Members }) {
  const { t } = useUi();
  const { subject, object, action, ...others } = statement;
  return (
    <>
      <Facts facts={[{ label: memberLabel('action'), value: t(actionLabel(String(action))) }, ...factsOf(others)]} />
      <h3>{t(STATEMENT_WORDS.subject)}</h3>
      <Facts facts={factsOf(membersOf(subject))} />
      <h3>{t(STATEMENT_WORDS.object)}</h3>
      <Facts facts={factsOf(membersOf(object))} />
    </>
  );
}

function factsOf(members: Members): readonly Fact[] {
  return Object.entries(members).map(([name, value]) => ({
    label: memberLabel(name),
    value: <Value name={name} value={value} />,
  }));
}

function memberLabel(name: string): Bilingual {
  return Object.hasOwn(MEMBER_LABELS, name) ? MEMBER_LABELS[name as keyof typeof MEMBER_LABELS] : untranslated(name);
}

/** Where the page of the object of a member is. */
const PAGES_OF_MEMBERS: Readonly<Record<string, string>> = {
  account: '/console/accounts/',
  certificate: '/console/certificates/',
  campaign: '/console/campaigns/',
  update: '/console/updates/',
  card: '/console/cards/',
  holder: '/console/holders/',
};

function Value({ name, value }: { readonly name: string; readonly value: Json }) {
  const { t, number } = useUi();
  if (value === null) return <>{t(STATEMENT_WORDS.none)}</>;
  if (typeof value === 'boolean') return <>{t(value ? STATEMENT_WORDS.yes : STATEMENT_WORDS.no)}</>;
  if (typeof value === 'number') return <>{number(value)}</>;
  if (typeof value === 'string') return <Text name={name} value={value} />;
  if (!isObject(value))
    return (
      <ul>
        {(value as readonly Json[]).map((item) => (
          <li key={JSON.stringify(item)}>
            <Value name={name} value={item} />
          </li>
        ))}
      </ul>
    );
  return <Facts facts={factsOf(membersOf(value))} />;
}

function Text({ name, value }: { readonly name: string; readonly value: string }) {
  const { t } = useUi();
  const at = parseInstant(value);
  if (at !== null) return <Time at={at} />;
  const folder = PAGES_OF_MEMBERS[name];
  if (folder !== undefined)
    return (
      <Link to={`${folder}${encodeURIComponent(value)}`}>
        <Stored>{value}</Stored>
      </Link>
    );
  if (/^[0-9a-f-]{32,64}$/.test(value)) return <Code>{value}</Code>;
  const said = VALUE_LABELS[`${name}:${value}`];
  if (said === undefined) return <Stored>{value}</Stored>;
  return (
    <>
      {t(said)} <Code>{value}</Code>
    </>
  );
}
