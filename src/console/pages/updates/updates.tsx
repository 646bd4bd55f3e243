import { ok } from '../../../kernel/result.js';
import { listUpdates, listUpdatesOfCard } from '../../../operations/updates/read.js';
import { type CardUpdate, UPDATE_STATES } from '../../../ports/store/cards/card-updates.js';
import { CardLink } from '../../components/certificates.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, Time } from '../../components/text.js';
import { cursorOf, PAGE_SIZE } from '../../cursors.js';
import { checkInput, type Field, type FieldFault } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { UPDATE_STATE_LABELS, UPDATE_WORDS } from '../../words/updates.js';
import type { Words } from '../../words/words.js';

export const UPDATES_PAGE_WORDS = {
  list: { fr: 'Liste des mises à jour', en: 'List of updates' },
  caption: { fr: 'Mises à jour, la plus récente en premier', en: 'Updates, newest first' },
  cardHint: { fr: 'Numéro complet de la carte', en: 'Whole number of the card' },
  undetermined: {
    fr: 'Une mise à jour indéterminée attend une décision de deux officiers, ou une réponse de la carte.',
    en: 'An undetermined update waits for a decision of two officers, or for an answer of the card.',
  },
  empty: {
    fr: 'Aucune mise à jour ne correspond. Choisissez un autre état, ou laissez les critères vides.',
    en: 'No update matches. Choose another state, or leave the criteria empty.',
  },
} as const satisfies Words;

type UpdatesData = {
  readonly updates: readonly CardUpdate[];
  readonly next: string | null;
  readonly faults: readonly FieldFault[];
};

const FIELDS: readonly Field[] = [
  {
    kind: 'select',
    name: 'state',
    label: UPDATE_WORDS.state,
    options: UPDATE_STATES.map((state) => ({ value: state, label: UPDATE_STATE_LABELS[state].label })),
  },
  { kind: 'search', name: 'card', label: UPDATE_WORDS.card, hint: UPDATES_PAGE_WORDS.cardHint, lengthMax: 64 },
];

/** The remote updates of all cards, or of one. */
export const UPDATES_PAGE = definePage<UpdatesData>({
  id: 'updates',
  path: '/console/updates',
  name: UPDATE_WORDS.many,
  section: 'cards',
  opensFor: ['read-updates'],
  query: ['state', 'card', 'cursor'],
  load: async ({ world }, { account, query }) => {
    const checked = checkInput(FIELDS, query);
    if (!checked.ok) return ok({ updates: [], next: null, faults: checked.error });
    const before = cursorOf(query.cursor);
    if (!before.ok) return before;
    const { card } = checked.value;
    const state = UPDATE_STATES.find((one) => one === checked.value.state) ?? null;
    const filter = { state, before: before.value, limit: PAGE_SIZE };
    const page = await (card === undefined
      ? listUpdates(world, account, filter)
      : listUpdatesOfCard(world, account, { ...filter, cardTokenId: card }));
    // A card that nobody knows, or that the account may not see, has no updates to show.
    if (!page.ok) return page.error.kind === 'not-found' ? ok({ updates: [], next: null, faults: [] }) : page;
    return ok({ ...page.value, faults: [] });
  },
  view: (data) => <Updates {...data} />,
});

function Updates({ updates, next, faults }: UpdatesData) {
  const { t, query } = useUi();
  const input = { state: query.state ?? '', card: query.card ?? '' };
  return (
    <PageFrame title={t(UPDATE_WORDS.many)}>
      <Filter fields={FIELDS} input={input} faults={faults} />
      {query.state === 'undetermined' && (
        <Notice tone="warn">
          <p>{t(UPDATES_PAGE_WORDS.undetermined)}</p>
        </Notice>
      )}
      <Part id="list" title={UPDATES_PAGE_WORDS.list} isLive>
        <UpdateTable rows={updates} />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

/** Updates as rows, each with a link to its page. */
function UpdateTable({ rows }: { readonly rows: readonly CardUpdate[] }) {
  return (
    <Table
      caption={UPDATES_PAGE_WORDS.caption}
      rows={rows}
      rowKey={({ id }) => id}
      empty={UPDATES_PAGE_WORDS.empty}
      columns={[
        {
          label: UPDATE_WORDS.begunAt,
          cell: ({ id, begunAt }) => (
            <Link to={`/console/updates/${id}`}>
              <Time at={begunAt} />
            </Link>
          ),
        },
        { label: UPDATE_WORDS.card, cell: ({ cardTokenId }) => <CardLink tokenId={cardTokenId} /> },
        { label: UPDATE_WORDS.state, cell: ({ state }) => <Badge {...UPDATE_STATE_LABELS[state]} /> },
        { label: UPDATE_WORDS.stateAt, cell: ({ stateAt }) => <Time at={stateAt} /> },
        { label: UPDATE_WORDS.account, cell: ({ accountId }) => <Code>{accountId}</Code> },
        {
          label: UPDATE_WORDS.campaign,
          cell: ({ campaignId }) =>
            campaignId === null ? '–' : <Link to={`/console/campaigns/${campaignId}`}>{campaignId}</Link>,
        },
      ]}
    />
  );
}
