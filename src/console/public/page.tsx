/** The page for relying parties, and the same as JSON. Nobody has to authenticate for it. */
import { renderToString } from 'preact-render-to-string';
import { formatInstant, instantOrNull } from '../../kernel/clock.js';
import type { Json } from '../../kernel/json.js';
import { kindOf, partitionOf } from '../../policy/publication/crl-scopes.js';
import { Facts } from '../components/facts.js';
import { Table } from '../components/table.js';
import { Code, Day, Notice, Part, Time } from '../components/text.js';
import { LanguageSwitch } from '../layout/document.js';
import { HtmlPage } from '../layout/html-page.js';
import { UiProvider, type UiState, useUi } from '../ui.js';
import type { PublicAuthority, PublicList, PublicState } from './state.js';
import { PUBLIC_WORDS as WORDS } from './words.js';

export const PUBLIC_JSON_PATH = '/authorities.json';

type PublicView = Pick<UiState, 'language' | 'isChosen' | 'now'> & { readonly style: string };

export function publicDocument(state: PublicState, { style, ...shown }: PublicView): string {
  const ui: UiState = { ...shown, path: '/', query: {}, account: null, actions: [] };
  const page = (
    <UiProvider state={ui}>
      <PublicPage state={state} style={style} />
    </UiProvider>
  );
  return `<!doctype html>${renderToString(page)}`;
}

function PublicPage({ state, style }: { readonly state: PublicState; readonly style: string }) {
  const { t } = useUi();
  return (
    <HtmlPage
      title={`${t(WORDS.title)} · ${t(WORDS.product)}`}
      assets={{ styles: [style], scripts: [] }}
      header={
        <header>
          <span class="brand">{t(WORDS.product)}</span>
          <div class="who">
            <LanguageSwitch />
          </div>
        </header>
      }
      footer={t(WORDS.footer)}
    >
      <Content {...state} />
    </HtmlPage>
  );
}

function Content({ isDevelopment, authorities, ...addresses }: PublicState) {
  const { t } = useUi();
  const of = (kind: PublicAuthority['kind']) => authorities.filter((one) => one.kind === kind);
  return (
    <>
      <h1>{t(WORDS.title)}</h1>
      {isDevelopment && (
        <Notice tone="warn">
          <p>{t(WORDS.test)}</p>
        </Notice>
      )}
      <p>{t(WORDS.intro)}</p>
      <p>{t(WORDS.compare)}</p>
      <Part id="roots" title={WORDS.roots}>
        <Authorities rows={of('root')} />
      </Part>
      <Part id="issuing" title={WORDS.issuing}>
        <Authorities rows={of('issuing')} />
      </Part>
      <Part id="lists" title={WORDS.lists}>
        <Lists authorities={authorities} />
      </Part>
      <Part id="addresses" title={WORDS.addresses}>
        <Addresses {...addresses} />
      </Part>
    </>
  );
}

function Authorities({ rows }: { readonly rows: readonly PublicAuthority[] }) {
  return (
    <Table
      caption={WORDS.certificates}
      rows={rows}
      rowKey={({ id }) => id}
      empty={WORDS.none}
      columns={[
        { label: WORDS.name, cell: ({ name }) => <bdi>{name}</bdi> },
        { label: WORDS.keyType, cell: ({ keyType }) => keyType },
        { label: WORDS.from, cell: ({ notBefore }) => <Day at={notBefore} /> },
        { label: WORDS.until, cell: ({ notAfter }) => <Day at={notAfter} /> },
        { label: WORDS.sha256, cell: ({ sha256 }) => <Code>{sha256}</Code> },
        { label: WORDS.certificate, cell: ({ certificate }) => <Address url={certificate} /> },
      ]}
    />
  );
}

type ListRow = { readonly authority: PublicAuthority; readonly list: PublicList };

/** A CA may have thousands of partitions, so their lists are in the JSON document only. */
function Lists({ authorities }: { readonly authorities: readonly PublicAuthority[] }) {
  const { t, number } = useUi();
  const all = authorities.flatMap((authority) => authority.lists.map((list): ListRow => ({ authority, list })));
  const whole = all.filter(({ list }) => partitionOf(list.scope) === null);
  return (
    <>
      <Table
        caption={WORDS.listsCaption}
        rows={whole}
        rowKey={({ list }) => list.url}
        empty={WORDS.noLists}
        columns={[
          { label: WORDS.ca, cell: ({ authority }) => <bdi>{authority.name}</bdi> },
          { label: WORDS.kind, cell: ({ list }) => <a href={list.url}>{t(WORDS[kindOf(list.scope)])}</a> },
          { label: WORDS.thisUpdate, cell: ({ list }) => <Time at={list.thisUpdate} /> },
          {
            label: WORDS.nextUpdate,
            cell: ({ list }) => (list.nextUpdate === null ? '–' : <Time at={list.nextUpdate} />),
          },
          { label: WORDS.size, kind: 'number', cell: ({ list }) => number(list.bytes) },
        ]}
      />
      {whole.length < all.length && <p>{t(WORDS.partitions)}</p>}
    </>
  );
}

function Addresses({ chain, ocsp, policy, platformKey }: Omit<PublicState, 'authorities' | 'isDevelopment'>) {
  return (
    <Facts
      facts={[
        { label: WORDS.ocsp, value: <Code>{ocsp}</Code> },
        { label: WORDS.policyOid, value: <Code>{policy.oid}</Code> },
        { label: WORDS.practiceStatement, value: <Address url={policy.practiceStatement} /> },
        { label: WORDS.chain, value: <Address url={chain} /> },
        {
          label: WORDS.platformKey,
          value: platformKey && (
            <>
              <Address url={platformKey.url} /> (SHA-256 <Code>{platformKey.sha256}</Code>)
            </>
          ),
        },
        { label: WORDS.json, value: <Address url={PUBLIC_JSON_PATH} /> },
      ]}
    />
  );
}

function Address({ url }: { readonly url: string }) {
  return <a href={url}>{url}</a>;
}

/** Says what the page says. Times are RFC 3339, digests hex. */
export function publicJson({ isDevelopment, authorities, ...addresses }: PublicState): Json {
  return {
    environment: isDevelopment ? 'development' : 'production',
    ...addresses,
    authorities: authorities.map(({ notBefore, notAfter, lists, ...authority }) => ({
      ...authority,
      notBefore: formatInstant(notBefore),
      notAfter: formatInstant(notAfter),
      lists: lists.map(({ thisUpdate, nextUpdate, ...list }) => ({
        ...list,
        thisUpdate: formatInstant(thisUpdate),
        nextUpdate: instantOrNull(nextUpdate),
      })),
    })),
  };
}
