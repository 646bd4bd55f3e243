/** The pages of the reference of the API, for people. Nobody has to authenticate for them. */
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Language } from '../../kernel/bilingual.js';
import { Facts } from '../components/facts.js';
import { Table } from '../components/table.js';
import { Code } from '../components/text.js';
import { LanguageSwitch } from '../layout/document.js';
import { HtmlPage } from '../layout/html-page.js';
import { UiProvider, type UiState, useUi } from '../ui.js';
import { LAYOUT_WORDS } from '../words/layout.js';
import { Members } from './members.js';
import type { Chapter, CodeEntry, Member, ReferenceModel, RuleGroupEntry, SchemaEntry } from './model.js';
import { Protocols } from './protocols.js';
import { RouteSection } from './route.js';
import { REFERENCE_WORDS as WORDS } from './words.js';

export const REFERENCE_PATH = '/docs';

type View = { readonly language: Language; readonly isChosen: boolean; readonly style: string };

/** The ids of the pages after `/docs`: '' is the first one. */
export function referencePages(chapters: readonly Pick<Chapter, 'id'>[]): readonly string[] {
  return ['', ...chapters.map(({ id }) => `/${id}`), '/protocols', '/schemas', '/problems'];
}

/** The page at `/docs` and `id`, one of `referencePages`. */
export function referenceDocument(model: ReferenceModel, id: string, view: View): string {
  const { language, isChosen, style } = view;
  const path = `${REFERENCE_PATH}${id}`;
  const ui: UiState = { language, isChosen, path, query: {}, now: 0, account: null, actions: [] };
  const page = (
    <UiProvider state={ui}>
      <Shell model={model} style={style}>
        <Content model={model} id={id} />
      </Shell>
    </UiProvider>
  );
  return `<!doctype html>${renderToString(page)}`;
}

function Content({ model, id }: { readonly model: ReferenceModel; readonly id: string }) {
  const chapter = model.chapters.find((one) => `/${one.id}` === id);
  if (chapter !== undefined) return <ChapterPage chapter={chapter} />;
  if (id === '/protocols') return <Protocols protocols={model.protocols} />;
  if (id === '/schemas') return <Schemas schemas={model.schemas} />;
  if (id === '/problems') return <Problems codes={model.codes} groups={model.ruleGroups} />;
  return <Overview model={model} />;
}

type ShellProps = {
  readonly model: ReferenceModel;
  readonly style: string;
  readonly children: ComponentChildren;
};

function Shell({ model, style, children }: ShellProps) {
  const { t, href, path } = useUi();
  const link = (to: string, name: string) => (
    <li key={to}>
      <a href={href(to)} aria-current={path === to ? 'page' : undefined}>
        {name}
      </a>
    </li>
  );
  return (
    <HtmlPage
      title={`${t(WORDS.title)} · PFCNG`}
      assets={{ styles: [style], scripts: [] }}
      header={
        <header>
          <a class="brand" href={href(REFERENCE_PATH)}>
            {`PFCNG · ${t(WORDS.title)}`}
          </a>
          <div class="who">
            <LanguageSwitch />
            <a class="menu" href="#navigation">
              {t(LAYOUT_WORDS.menu)}
            </a>
          </div>
        </header>
      }
      navigation={
        <nav id="navigation" class="navigation" aria-label={t(WORDS.chapters)}>
          <h2 id="chapters">{t(WORDS.chapters)}</h2>
          <ul aria-labelledby="chapters">
            {link(REFERENCE_PATH, t(WORDS.overview))}
            {model.chapters.map(({ id, title }) => link(`${REFERENCE_PATH}/${id}`, t(title)))}
          </ul>
          <h2 id="more">{t(WORDS.more)}</h2>
          <ul aria-labelledby="more">
            {link(`${REFERENCE_PATH}/protocols`, t(WORDS.protocols))}
            {link(`${REFERENCE_PATH}/schemas`, t(WORDS.schemas))}
            {link(`${REFERENCE_PATH}/problems`, t(WORDS.problems))}
          </ul>
        </nav>
      }
      contentClass="reference"
      footer={t(WORDS.footer)}
    >
      {children}
    </HtmlPage>
  );
}

function Overview({ model: { chapters, version, url } }: { readonly model: ReferenceModel }) {
  const { t, href } = useUi();
  return (
    <>
      <h1>{t(WORDS.title)}</h1>
      <p>{t(WORDS.intro)}</p>
      <Facts
        facts={[
          { label: WORDS.version, value: version },
          { label: WORDS.address, value: <Code>{url}</Code> },
          { label: WORDS.openapi, value: <a href="/openapi.json">/openapi.json</a> },
        ]}
      />
      <section aria-labelledby="authentication">
        <h2 id="authentication">{t(WORDS.authentication)}</h2>
        <p>{t(WORDS.authenticationText)}</p>
        <pre>
          {[
            'curl --cacert tls-ca.pem --cert card-management.crt.pem --key card-management.key.pem \\',
            `  ${url}/v1/profiles`,
          ].join('\n')}
        </pre>
        <p>{t(WORDS.retries)}</p>
        <p>{t(WORDS.english)}</p>
      </section>
      {chapters.map(({ id, title, description, routes }) => (
        <section key={id} aria-labelledby={`chapter-${id}`}>
          <h2 id={`chapter-${id}`}>
            <a href={href(`${REFERENCE_PATH}/${id}`)}>{t(title)}</a>
          </h2>
          <p>{t(description)}</p>
          <Table
            caption={title}
            rows={routes}
            rowKey={(route) => route.id}
            columns={[
              {
                label: WORDS.call,
                cell: (route) => (
                  <a href={`${href(`${REFERENCE_PATH}/${id}`)}#${route.id}`}>
                    <code>{`${route.method} ${route.path}`}</code>
                  </a>
                ),
              },
              { label: WORDS.purpose, cell: (route) => t(route.summary) },
            ]}
          />
        </section>
      ))}
    </>
  );
}

function ChapterPage({ chapter: { title, description, routes } }: { readonly chapter: Chapter }) {
  const { t } = useUi();
  return (
    <>
      <h1>{t(title)}</h1>
      <p>{t(description)}</p>
      <ul>
        {routes.map((route) => (
          <li key={route.id}>
            <a href={`#${route.id}`}>
              <code>{`${route.method} ${route.path}`}</code>
            </a>
          </li>
        ))}
      </ul>
      {routes.map((route) => (
        <RouteSection key={route.id} route={route} />
      ))}
    </>
  );
}

function Schemas({ schemas }: { readonly schemas: readonly SchemaEntry[] }) {
  const { t } = useUi();
  return (
    <>
      <h1>{t(WORDS.schemas)}</h1>
      <p>{t(WORDS.schemasIntro)}</p>
      {schemas.map(({ name, members }: { readonly name: string; readonly members: readonly Member[] }) => (
        <section key={name} aria-labelledby={name}>
          <h2 id={name}>
            <code>{name}</code>
          </h2>
          <Members caption={WORDS.schemaMembers} members={members} />
        </section>
      ))}
    </>
  );
}

type ProblemsProps = { readonly codes: readonly CodeEntry[]; readonly groups: readonly RuleGroupEntry[] };

function Problems({ codes, groups }: ProblemsProps) {
  const { t } = useUi();
  const groupsOf = (code: string) => groups.filter((group) => group.codes.includes(code));
  return (
    <>
      <h1>{t(WORDS.problems)}</h1>
      <p>{t(WORDS.problemsIntro)}</p>
      <section aria-labelledby="codes">
        <h2 id="codes">{t(WORDS.codes)}</h2>
        <Table
          caption={WORDS.codes}
          rows={codes}
          rowKey={({ code }) => code}
          columns={[
            { label: WORDS.status, cell: ({ status }) => status },
            { label: WORDS.code, cell: ({ code }) => <code id={code}>{code}</code> },
            { label: WORDS.meaning, cell: ({ title }) => t(title) },
            {
              label: WORDS.rules,
              cell: ({ code }) => (
                <div>
                  {groupsOf(code).map(({ id, title }, at) => (
                    <span key={id}>
                      {at > 0 && ', '}
                      <a href={`#rules-${id}`}>{t(title)}</a>
                    </span>
                  ))}
                </div>
              ),
            },
          ]}
        />
      </section>
      {groups.map(({ id, title, codes: within, rules }) => (
        <section key={id} aria-labelledby={`rules-${id}`}>
          <h2 id={`rules-${id}`}>{t(title)}</h2>
          <p class="hint">
            {`${t(WORDS.inCodes)} `}
            <code>{within.join(', ')}</code>
          </p>
          <Table
            caption={title}
            rows={rules}
            rowKey={({ rule }) => rule}
            columns={[
              { label: WORDS.rule, cell: ({ rule }) => <Code>{rule}</Code> },
              {
                label: WORDS.text,
                cell: ({ texts }) => (
                  <div>
                    {texts.map((said) => (
                      <p key={said.en}>{t(said)}</p>
                    ))}
                  </div>
                ),
              },
            ]}
          />
        </section>
      ))}
    </>
  );
}
