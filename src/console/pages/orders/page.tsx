import { openLinesOf, type ShownOrder } from '../../../operations/orders/read.js';
import { ORDER_STATES, type Order } from '../../../ports/store/orders.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Stored, Time } from '../../components/text.js';
import type { Field } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { ORDER_STATE_LABELS, ORDER_WORDS } from '../../words/orders.js';
import { loadOrders, type OrdersData } from './data.js';
import { TRY_FILE } from './try-file.js';
import { ORDERS_PAGE_WORDS as WORDS } from './words.js';

const STATE_FIELD: Field = {
  kind: 'select',
  name: 'state',
  label: ORDER_WORDS.state,
  options: ORDER_STATES.map((state) => ({ value: state, label: ORDER_STATE_LABELS[state].label })),
};

/** Orders of many cards, with how far each is. */
export const ORDERS_PAGE = definePage<OrdersData>({
  id: 'orders',
  path: '/console/orders',
  name: ORDER_WORDS.many,
  section: 'cards',
  opensFor: ['read-orders'],
  query: ['state', 'cursor'],
  load: loadOrders,
  view: (data) => <Orders {...data} />,
  actions: [TRY_FILE],
});

function Orders({ orders, next }: OrdersData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(ORDER_WORDS.many)}>
      <Filter fields={[STATE_FIELD]} input={{ state: query.state ?? '' }} />
      <Part id="list" title={WORDS.list} isLive>
        <OrderTable rows={orders} />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function OrderTable({ rows }: { readonly rows: readonly ShownOrder[] }) {
  const { t, number } = useUi();
  return (
    <Table
      caption={WORDS.caption}
      rows={rows}
      rowKey={({ order }) => order.id}
      empty={WORDS.empty}
      columns={[
        {
          label: ORDER_WORDS.receivedAt,
          cell: ({ order }) => (
            <Link to={`/console/orders/${order.id}`}>
              <Time at={order.receivedAt} />
            </Link>
          ),
        },
        { label: ORDER_WORDS.kind, cell: ({ order }) => t(order.dryRun ? ORDER_WORDS.dryRun : ORDER_WORDS.real) },
        {
          label: ORDER_WORDS.reference,
          cell: ({ order }) => (order.reference === null ? '–' : <Stored>{order.reference}</Stored>),
        },
        { label: ORDER_WORDS.account, cell: ({ order }) => <Code>{order.accountId}</Code> },
        { label: ORDER_WORDS.state, cell: ({ order }) => <Badge {...ORDER_STATE_LABELS[order.state]} /> },
        { label: ORDER_WORDS.lines, kind: 'number', cell: ({ order }) => number(order.lines) },
        { label: ORDER_WORDS.done, kind: 'number', cell: ({ order }) => number(order.lines - openLinesOf(order)) },
        { label: ORDER_WORDS.problems, kind: 'number', cell: ({ order }) => number(failedLinesOf(order)) },
      ]}
    />
  );
}

function failedLinesOf({ counts }: Order): number {
  return counts.refused + counts['not-issued'];
}
