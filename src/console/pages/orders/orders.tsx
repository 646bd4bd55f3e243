import { LIMITS } from '../../../kernel/limits.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { listOrders, openLinesOf, type ShownOrder } from '../../../operations/orders/read.js';
import { receiveOrder } from '../../../operations/orders/receive.js';
import type { ServingContext } from '../../../operations/serving.js';
import { ORDER_STATES, type Order } from '../../../ports/store/orders.js';
import { violation } from '../../../texts/text.js';
import { Filter } from '../../components/filter.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Stored, Time } from '../../components/text.js';
import { cursorOf, PAGE_SIZE } from '../../cursors.js';
import type { Field } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage, type PageAction, type PageRequest } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { ORDER_STATE_LABELS, ORDER_WORDS } from '../../words/orders.js';
import type { Words } from '../../words/words.js';

export const ORDERS_PAGE_WORDS = {
  list: { fr: 'Liste des commandes', en: 'List of orders' },
  caption: { fr: 'Commandes, la plus récente en premier', en: 'Orders, newest first' },
  empty: {
    fr: "Aucune commande ne correspond. Les commandes sont envoyées par l'API ou par pfcng order submit.",
    en: 'No order matches. Orders are submitted through the API or with pfcng order submit.',
  },
  tryFile: { fr: 'Simuler un fichier', en: 'Try a file' },
  file: { fr: 'Fichier de la commande', en: 'File of the order' },
  fileHint: {
    fr: 'NDJSON, une carte par ligne, au plus {max} Gio. Le fichier est lu au fil de son envoi.',
    en: 'NDJSON, one card a line, {max} GiB at most. The file is read as it arrives.',
  },
  referenceHint: {
    fr: 'Votre nom pour la simulation, sans donnée personnelle.',
    en: 'Your name of the dry run, without personal data.',
  },
  oneLine: { fr: 'Sans caractère de contrôle.', en: 'Without control characters.' },
  willTry: {
    fr: "Toutes les lignes du fichier sont vérifiées comme celles d'une commande. Rien n'est signé.",
    en: 'All lines of the file are checked as those of an order. Nothing is signed.',
  },
  noSerial: {
    fr: "Aucun numéro de série n'est consommé, et rien ne change pour ceux qui vérifient.",
    en: 'No serial number is spent, and nothing changes for relying parties.',
  },
  predicts: {
    fr: 'La simulation dit pour chaque ligne ce que la vraie commande donnerait maintenant.',
    en: 'The dry run says for each line what the real order would give now.',
  },
  kept: {
    fr: 'Elle reste dans la liste. Le contenu du fichier est effacé 30 jours après sa fin.',
    en: 'It stays in the list. The content of the file is deleted 30 days after its end.',
  },
} as const satisfies Words;

export type OrdersData = {
  readonly orders: readonly ShownOrder[];
  /** The order after which the next page begins; null: there is none. */
  readonly next: string | null;
  readonly uploadBytesMax: number;
};

export async function loadOrders(
  { world }: ServingContext,
  { account, query }: PageRequest,
): Promise<Result<OrdersData, OperationFailure>> {
  const before = cursorOf(query.cursor);
  if (!before.ok) return before;
  const state = ORDER_STATES.find((one) => one === query.state);
  const page = await listOrders(world, account, { state, limit: PAGE_SIZE, before: before.value });
  return page.ok ? ok({ ...page.value, uploadBytesMax: world.policy.environment.orders.uploadBytesMax }) : page;
}

const GIB_BYTES = 1_073_741_824;

/** A dry run of a file: it is received as the API receives orders, and nothing is signed. */
export const TRY_FILE: PageAction<OrdersData> = {
  id: 'dry-run',
  label: ORDERS_PAGE_WORDS.tryFile,
  action: 'submit-order',
  isOffered: () => true,
  version: () => 'new',
  fields: ({ uploadBytesMax: bytesMax }) => [
    {
      kind: 'text',
      name: 'reference',
      label: ORDER_WORDS.reference,
      hint: ORDERS_PAGE_WORDS.referenceHint,
      lengthMax: LIMITS.orderReferenceCharactersMax,
      pattern: { matches: /^\P{Cc}*$/u, says: ORDERS_PAGE_WORDS.oneLine },
    },
    {
      kind: 'file',
      name: 'file',
      label: ORDERS_PAGE_WORDS.file,
      hint: filled(ORDERS_PAGE_WORDS.fileHint, { max: String(Math.floor(bytesMax / GIB_BYTES)) }),
      isRequired: true,
      accept: '.ndjson,.jsonl,application/x-ndjson',
      bytesMax,
    },
  ],
  review: () => ({
    summary: ORDERS_PAGE_WORDS.willTry,
    consequences: [ORDERS_PAGE_WORDS.noSerial, ORDERS_PAGE_WORDS.predicts, ORDERS_PAGE_WORDS.kept],
    isReversible: true,
  }),
  perform: async ({ world, startOrders }, { account }, { input, file }) => {
    if (file === null) return err({ kind: 'invalid-request', ...violation('', 'order-empty') });
    const received = await receiveOrder(world, {
      account,
      idempotencyKey: null,
      contentSha256: null,
      dryRun: true,
      isPaused: false,
      reference: input.reference ?? null,
      bureauId: null,
      read: file,
    });
    if (!received.ok) return received;
    startOrders();
    return ok({ path: `/console/orders/${received.value.id}`, query: { done: 'dry-run' } });
  },
};

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
      <Part id="list" title={ORDERS_PAGE_WORDS.list} isLive>
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
      caption={ORDERS_PAGE_WORDS.caption}
      rows={rows}
      rowKey={({ order }) => order.id}
      empty={ORDERS_PAGE_WORDS.empty}
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
