import { ok } from '../../../kernel/result.js';
import { type AuthorityState, listAuthorities } from '../../../operations/crl/read-authorities.js';
import type { CrlRecord } from '../../../ports/store/crls.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { LISTS_WORDS as WORDS } from './words.js';

type ListsData = { readonly authorities: readonly AuthorityState[] };

/** The newest lists of each CA. */
export const LISTS_PAGE = definePage<ListsData>({
  id: 'lists',
  path: '/console/lists',
  name: WORDS.name,
  section: 'platform',
  opensFor: ['read-authorities'],
  query: [],
  load: async ({ world }, { account }) => {
    const found = await listAuthorities(world, account);
    return found.ok ? ok({ authorities: found.value }) : found;
  },
  view: (data) => <Lists {...data} />,
});

function Lists({ authorities }: ListsData) {
  const { t, number } = useUi();
  const numberOf = (pick: (list: CrlRecord) => number | null, list: CrlRecord | null) => {
    const value = list === null ? null : pick(list);
    return value === null ? '–' : number(value);
  };
  return (
    <PageFrame title={t(WORDS.name)}>
      <Table
        caption={WORDS.newest}
        rows={authorities}
        rowKey={({ issuer }) => issuer.id}
        empty={WORDS.noAuthorities}
        columns={[
          {
            label: WORDS.ca,
            cell: ({ issuer }) => (
              <Link to={`/console/lists/${issuer.id}`}>
                <Code>{issuer.id}</Code>
              </Link>
            ),
          },
          { label: WORDS.state, cell: ({ crls: { full } }) => <ListState list={full} /> },
          { label: WORDS.number, kind: 'number', cell: ({ crls }) => numberOf((list) => list.number, crls.full) },
          { label: WORDS.entries, kind: 'number', cell: ({ crls }) => numberOf((list) => list.entries, crls.full) },
          { label: WORDS.size, kind: 'number', cell: ({ crls }) => numberOf((list) => list.sizeBytes, crls.full) },
          {
            label: WORDS.nextUpdate,
            cell: ({ crls: { full } }) => (full === null ? '–' : <Time at={full.nextUpdate} />),
          },
          { label: WORDS.delta, kind: 'number', cell: ({ crls }) => numberOf((list) => list.number, crls.delta) },
        ]}
      />
    </PageFrame>
  );
}

/** Whether relying parties may still use the newest list. */
export function ListState({ list }: { readonly list: CrlRecord | null }) {
  const { now } = useUi();
  if (list === null) return <Badge tone="bad" label={WORDS.none} />;
  const isFresh = list.nextUpdate > now;
  return <Badge tone={isFresh ? 'good' : 'bad'} label={isFresh ? WORDS.fresh : WORDS.expired} />;
}
