import { Facts } from '../components/facts.js';
import { Table } from '../components/table.js';
import { useUi } from '../ui.js';
import { Members, SchemaLink } from './members.js';
import type { AnswerEntry, BodyEntry, CodeEntry, Example, Parameter, RouteEntry } from './model.js';
import { REFERENCE_WORDS as WORDS } from './words.js';

/** One call of the API: what it needs, takes and answers, and what can go wrong. */
export function RouteSection({ route }: { readonly route: RouteEntry }) {
  const { t } = useUi();
  const { id, method, path, summary, description, roles, self, parameters, body, answer, problems } = route;
  return (
    <section class="route" aria-labelledby={id}>
      <h2 id={id}>
        <span class="badge quiet">{method}</span> <code>{path}</code>
      </h2>
      <p>
        <strong>{t(summary)}</strong>
      </p>
      {description !== null && <p lang="en">{description}</p>}
      <Facts
        facts={[
          { label: WORDS.roles, value: roles.join(', ') },
          {
            label: WORDS.self,
            value:
              self === null ? null : (
                <>
                  {t(WORDS.selfText)} <code>{self}</code>
                </>
              ),
          },
        ]}
      />
      {parameters.length > 0 && <Parameters parameters={parameters} />}
      {body !== null && <Body body={body} />}
      <Answer answer={answer} />
      <Problems problems={problems} />
    </section>
  );
}

function Parameters({ parameters }: { readonly parameters: readonly Parameter[] }) {
  const { t } = useUi();
  return (
    <>
      <h3>{t(WORDS.parameters)}</h3>
      <Table
        caption={WORDS.parameters}
        rows={parameters}
        rowKey={({ name, place }) => `${place} ${name}`}
        columns={[
          {
            label: WORDS.name,
            cell: ({ name, isRequired }) => (
              <div>
                <code>{name}</code>
                {isRequired && <span class="hint">{` ${t(WORDS.required)}`}</span>}
              </div>
            ),
          },
          { label: WORDS.place, cell: ({ place }) => t(WORDS[place]) },
          { label: WORDS.type, cell: ({ type }) => <span lang="en">{type}</span> },
          { label: WORDS.description, cell: ({ description }) => <span lang="en">{description}</span> },
        ]}
      />
    </>
  );
}

function Body({ body: { schema, isLines, members, examples } }: { readonly body: BodyEntry }) {
  const { t } = useUi();
  return (
    <>
      <h3>
        {t(WORDS.body)} <SchemaLink name={schema} />
      </h3>
      {isLines && <p>{t(WORDS.lines)}</p>}
      <Members caption={WORDS.members} members={members} />
      <Examples examples={examples} />
    </>
  );
}

function Answer({ answer: { status, schema, isLines, examples } }: { readonly answer: AnswerEntry }) {
  const { t } = useUi();
  return (
    <>
      <h3>
        {t(WORDS.answer)} {status} <SchemaLink name={schema} />
      </h3>
      {isLines && <p>{t(WORDS.lines)}</p>}
      <Examples examples={examples} />
    </>
  );
}

function Examples({ examples }: { readonly examples: readonly Example[] }) {
  const { t } = useUi();
  return (
    <>
      {examples.map(({ summary, text }) => (
        <details key={summary}>
          <summary class="example-title">
            {t(WORDS.example)}
            {summary !== '' && <span lang="en">{`: ${summary}`}</span>}
          </summary>
          <pre class="example-text">{text}</pre>
        </details>
      ))}
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly CodeEntry[] }) {
  const { t, href } = useUi();
  return (
    <>
      <h3>{t(WORDS.problemsOf)}</h3>
      <Table
        caption={WORDS.problemsOf}
        rows={problems}
        rowKey={({ code }) => code}
        columns={[
          { label: WORDS.status, cell: ({ status }) => status },
          {
            label: WORDS.code,
            cell: ({ code }) => (
              <a href={`${href('/docs/problems')}#${code}`}>
                <code>{code}</code>
              </a>
            ),
          },
          { label: WORDS.meaning, cell: ({ title }) => t(title) },
        ]}
      />
    </>
  );
}
