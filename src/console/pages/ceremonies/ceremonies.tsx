import { ok } from '../../../kernel/result.js';
import { type CeremonySummary, listCeremonies } from '../../../operations/ceremonies/read-ceremonies.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Part } from '../../components/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CEREMONY_WORDS as WORDS } from '../../words/ceremonies.js';
import { Environment, RecordedTime } from './ceremony.js';

type CeremoniesData = { readonly ceremonies: readonly CeremonySummary[]; readonly next: string | null };

/** The ceremonies whose transcripts the installation holds. */
export const CEREMONIES_PAGE = definePage<CeremoniesData>({
  id: 'ceremonies',
  path: '/console/ceremonies',
  name: WORDS.many,
  section: 'audit',
  opensFor: ['read-audit'],
  query: ['cursor'],
  load: async (context, { account, query }) => {
    const page = listCeremonies(context, account, { after: query.cursor ?? null, limit: PAGE_SIZE });
    return page.ok ? ok(page.value) : page;
  },
  view: (data) => <Ceremonies {...data} />,
});

function Ceremonies({ ceremonies, next }: CeremoniesData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(WORDS.many)}>
      <Part id="list" title={WORDS.list}>
        <p class="hint">{t(WORDS.notVerified)}</p>
        <Table
          caption={WORDS.caption}
          rows={ceremonies}
          rowKey={({ id }) => id}
          empty={WORDS.empty}
          columns={[
            {
              label: WORDS.id,
              cell: ({ id }) => (
                <Link to={`/console/ceremonies/${id}`}>
                  <Code>{id}</Code>
                </Link>
              ),
            },
            { label: WORDS.title, cell: ({ title }) => t(title ?? WORDS.noPlan) },
            {
              label: WORDS.environment,
              cell: ({ environment, isRehearsal }) => (
                <>
                  <Environment environment={environment} />{' '}
                  {isRehearsal && <Badge tone="quiet" label={WORDS.rehearsal} />}
                </>
              ),
            },
            { label: WORDS.begun, cell: ({ begunAt }) => <RecordedTime at={begunAt} /> },
            {
              label: WORDS.ended,
              cell: ({ endedAt }) =>
                endedAt === null ? <Badge tone="warn" label={WORDS.notEnded} /> : <RecordedTime at={endedAt} />,
            },
          ]}
        />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}
