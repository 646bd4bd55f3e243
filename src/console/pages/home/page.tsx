import { ok } from '../../../kernel/result.js';
import { type AuthorityState, listAuthorities } from '../../../operations/crl/read-authorities.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Day, Link, Part, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { HOME_WORDS } from './words.js';

type HomeData = { readonly authorities: readonly AuthorityState[] };

/** What the installation does, and whether anything needs somebody. */
export const HOME_PAGE = definePage<HomeData>({
  id: 'home',
  path: '/console/',
  name: HOME_WORDS.name,
  section: 'overview',
  opensFor: ['read'],
  query: [],
  load: async ({ world }, { account }) => {
    const authorities = await listAuthorities(world, account);
    return authorities.ok ? ok({ authorities: authorities.value }) : authorities;
  },
  view: (data) => <Home {...data} />,
});

function Home({ authorities }: HomeData) {
  const { t } = useUi();
  return (
    <PageFrame title={t(HOME_WORDS.name)}>
      <Part id="authorities" title={HOME_WORDS.authorities} isLive>
        <Authorities authorities={authorities} />
      </Part>
    </PageFrame>
  );
}

function Authorities({ authorities }: HomeData) {
  const { number, now } = useUi();
  return (
    <Table
      caption={HOME_WORDS.authoritiesCaption}
      rows={authorities}
      rowKey={({ issuer }) => issuer.id}
      empty={HOME_WORDS.noAuthorities}
      columns={[
        { label: HOME_WORDS.ca, cell: ({ issuer }) => <Code>{issuer.id}</Code> },
        { label: HOME_WORDS.hierarchy, cell: ({ issuer }) => issuer.hierarchy },
        { label: HOME_WORDS.until, cell: ({ issuer }) => <Day at={issuer.notAfter} /> },
        {
          label: HOME_WORDS.crl,
          kind: 'number',
          cell: ({ issuer, crls: { full } }) =>
            full === null ? '–' : <Link to={`/console/lists/${issuer.id}`}>{number(full.number)}</Link>,
        },
        {
          label: HOME_WORDS.nextUpdate,
          cell: ({ crls: { full } }) => (full === null ? '–' : <Time at={full.nextUpdate} />),
        },
        {
          label: HOME_WORDS.state,
          cell: ({ crls: { full } }) => {
            if (full === null) return <Badge tone="quiet" label={HOME_WORDS.noCrl} />;
            const isFresh = full.nextUpdate > now;
            return <Badge tone={isFresh ? 'good' : 'bad'} label={isFresh ? HOME_WORDS.fresh : HOME_WORDS.overdue} />;
          },
        },
      ]}
    />
  );
}
