import { type Language, untranslated } from '../../../kernel/bilingual.js';
import { isObject, type Json, membersOf } from '../../../kernel/json.js';
import type { ShownProblem } from '../../../operations/orders/read-lines.js';
import type { SettledLine } from '../../../ports/store/orders.js';
import { CardLink, CertificateLink } from '../../components/certificates.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Stored, Time } from '../../components/text.js';
import type { Field } from '../../fields.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { OUTCOME_LABELS } from '../../words/orders.js';
import type { OrderData, OrderLines } from './data.js';
import { ORDER_PAGE_WORDS as WORDS } from './words.js';

const FIELDS: readonly Field[] = [
  {
    kind: 'select',
    name: 'show',
    label: WORDS.show,
    isRequired: true,
    options: [
      { value: 'all', label: WORDS.all },
      { value: 'failed', label: WORDS.failed },
    ],
  },
  { kind: 'number', name: 'from', label: WORDS.from, min: 1, max: 1_000_000 },
];

/** The outcome of each line, in the order of the upload. */
export function OrderLineList({ lines, next }: OrderLines) {
  const { query } = useUi();
  return (
    <Part id="lines" title={WORDS.lines}>
      <Filter fields={FIELDS} input={{ show: query.show ?? 'all', from: query.from ?? '' }} />
      <Table
        caption={WORDS.linesCaption}
        rows={lines}
        rowKey={({ line }) => String(line)}
        empty={WORDS.noLines}
        columns={[
          { label: WORDS.line, kind: 'number', cell: ({ line }) => line },
          {
            label: WORDS.card,
            cell: ({ cardTokenId }) => (cardTokenId === null ? '–' : <CardLink tokenId={cardTokenId} />),
          },
          { label: WORDS.outcome, cell: ({ outcome }) => <Badge {...OUTCOME_LABELS[outcome]} /> },
          { label: WORDS.detail, cell: (settled) => <Detail settled={settled} /> },
          { label: WORDS.settledAt, cell: ({ settledAt }) => <Time at={settledAt} /> },
        ]}
      />
      <Pager next={next === null ? null : String(next)} isFirst={query.cursor === undefined} />
    </Part>
  );
}

/** The certificates of a line with links, or the texts of its problem. */
function Detail({ settled }: { readonly settled: SettledLine }) {
  const { certificates, problem } = membersOf(JSON.parse(settled.result) as Json);
  if (problem !== undefined) return <ProblemTexts problem={problem} rule={null} />;
  const listed = listOf(certificates);
  if (listed.length === 0) return <>–</>;
  return (
    <ul>
      {listed.map(({ id, profile, serialNumber }) => (
        <li key={String(id)}>
          <CertificateLink id={String(id)} serial={String(serialNumber)} /> {String(profile)}
        </li>
      ))}
    </ul>
  );
}

type Members = { readonly [name: string]: Json };

function listOf(value: Json | undefined): readonly Members[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject).map((one) => membersOf(one as Json)) : [];
}

/** What the problem document of a line says; `rule`: of this rule only. */
function textsOf(problem: Json, rule: string | null, language: Language): readonly string[] {
  const { title, detail, violations, fr } = membersOf(problem);
  const french = membersOf(language === 'fr' ? fr : undefined);
  const messages = Array.isArray(french.messages) ? (french.messages as readonly Json[]) : [];
  const said = listOf(violations).flatMap(({ rule: broken, pointer, message }, at) => {
    if (rule !== null && broken !== rule) return [];
    const text = String(messages[at] ?? message);
    return [pointer === '' ? text : `${pointer}${language === 'fr' ? ' : ' : ': '}${text}`];
  });
  return said.length > 0 ? said : [String(french.detail ?? detail ?? title)];
}

function ProblemTexts({ problem, rule }: { readonly problem: Json; readonly rule: string | null }) {
  const { t, language } = useUi();
  return (
    <ul>
      {textsOf(problem, rule, language).map((said) => (
        <li key={said}>
          <Stored>{t(untranslated(said))}</Stored>
        </li>
      ))}
    </ul>
  );
}

type ProblemsProps = { readonly data: OrderData; readonly problems: readonly ShownProblem[] };

/** What was wrong, the most frequent first. A line that breaks several rules is in several rows. */
export function OrderProblems({ data: { order }, problems }: ProblemsProps) {
  const { t, number, path } = useUi();
  const withoutRule = order.counts['not-issued'];
  return (
    <>
      <Table
        caption={WORDS.problemsCaption}
        rows={problems}
        rowKey={({ problem: { code, rule } }) => `${code} ${rule}`}
        empty={WORDS.noProblems}
        columns={[
          {
            label: WORDS.rule,
            cell: ({ problem: { code, rule } }) => <Code>{rule === '' ? code : `${code}: ${rule}`}</Code>,
          },
          { label: WORDS.says, cell: ({ problem, example }) => <Example rule={problem.rule} example={example} /> },
          { label: WORDS.number, kind: 'number', cell: ({ problem }) => number(problem.lines) },
          {
            label: WORDS.firstLine,
            kind: 'number',
            cell: ({ problem: { firstLine } }) => (
              <Link to={path} query={{ show: 'failed', from: String(firstLine) }}>
                {firstLine}
              </Link>
            ),
          },
        ]}
      />
      {withoutRule > 0 && <p>{t(filled(WORDS.withoutProblem, { count: number(withoutRule) }))}</p>}
    </>
  );
}

function Example({ rule, example }: { readonly rule: string; readonly example: SettledLine | null }) {
  const { problem } = membersOf(example === null ? null : (JSON.parse(example.result) as Json));
  return problem === undefined ? <>–</> : <ProblemTexts problem={problem} rule={rule === '' ? null : rule} />;
}
