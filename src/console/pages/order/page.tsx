import { FINAL_ORDER_STATES, type Order } from '../../../ports/store/orders.js';
import { AuditLink } from '../../components/audit-link.js';
import { Facts } from '../../components/facts.js';
import { Badge, Code, Notice, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { ORDER_STATE_LABELS, ORDER_WORDS } from '../../words/orders.js';
import { timeWords } from '../../words/times.js';
import { CANCEL, PAUSE, RESUME } from './actions.js';
import { loadOrder, type OrderData } from './data.js';
import { ORDER_DOWNLOADS } from './downloads.js';
import { OrderLineList, OrderProblems } from './lines.js';
import { OrderProgressFigures } from './progress.js';
import { ORDER_PAGE_WORDS as WORDS } from './words.js';

/** One order: how far it is, the outcome of each line, and its files. */
export const ORDER_PAGE = definePage<OrderData>({
  id: 'order',
  path: '/console/orders/{id}',
  name: ORDER_WORDS.one,
  section: null,
  opensFor: ['read-orders'],
  query: ['done', 'show', 'from', 'cursor'],
  load: loadOrder,
  title: titleOf,
  view: (data) => <OrderView {...data} />,
  actions: [PAUSE, RESUME, CANCEL],
  downloads: ORDER_DOWNLOADS,
});

function titleOf({ order: { dryRun, receivedAt } }: OrderData) {
  return filled(dryRun ? WORDS.dryRun : WORDS.order, { at: timeWords(receivedAt) });
}

const DONE = {
  pause: WORDS.done_pause,
  resume: WORDS.done_resume,
  cancel: WORDS.done_cancel,
  'dry-run': WORDS.done_dryRun,
} as const;

function OrderView(data: OrderData) {
  const { t, query } = useUi();
  const { order, lines } = data;
  const isLive = mayChange(order);
  const done = Object.entries(DONE).find(([name]) => name === query.done);
  return (
    <PageFrame title={t(titleOf(data))}>
      {done !== undefined && (
        <Notice tone="good">
          <p>{t(done[1])}</p>
        </Notice>
      )}
      <Part id="progress" title={WORDS.progress} isLive={isLive}>
        <OrderProgressFigures {...data} />
      </Part>
      {lines === null ? (
        <p>{t(WORDS.linesNotVisible)}</p>
      ) : (
        <>
          <Part id="problems" title={WORDS.problems} isLive={isLive}>
            <OrderProblems data={data} problems={lines.problems} />
          </Part>
          <OrderLineList {...lines} />
        </>
      )}
      <Part id="files" title={WORDS.files} isLive={isLive}>
        <Files {...data} />
      </Part>
      <Part id="facts" title={WORDS.facts}>
        <OrderFacts {...data} />
        <AuditLink id={order.id} />
      </Part>
    </PageFrame>
  );
}

/** The receipt of an order is signed soon after its end; a dry run has none. */
function mayChange({ state, dryRun, receipt }: Order): boolean {
  const hasEnded = FINAL_ORDER_STATES.some((final) => final === state);
  return !hasEnded || (state !== 'discarded' && !dryRun && receipt === null);
}

function OrderFacts({ order, acknowledged }: OrderData) {
  const { t, number } = useUi();
  const { acceptedAt, deadlineAt, finishedAt, requestSha256, resultsSha256, bundleSha256 } = order;
  return (
    <Facts
      facts={[
        { label: ORDER_WORDS.kind, value: t(order.dryRun ? ORDER_WORDS.dryRun : ORDER_WORDS.real) },
        { label: ORDER_WORDS.state, value: <Badge {...ORDER_STATE_LABELS[order.state]} /> },
        { label: WORDS.pausedBy, value: order.pausedBy && <Code>{order.pausedBy}</Code> },
        { label: ORDER_WORDS.reference, value: order.reference && <Stored>{order.reference}</Stored> },
        { label: ORDER_WORDS.account, value: <Code>{order.accountId}</Code> },
        { label: ORDER_WORDS.bureau, value: order.bureauId && <Code>{order.bureauId}</Code> },
        { label: ORDER_WORDS.receivedAt, value: <Time at={order.receivedAt} /> },
        { label: WORDS.acceptedAt, value: acceptedAt && <Time at={acceptedAt} /> },
        { label: WORDS.deadlineAt, value: deadlineAt && <Time at={deadlineAt} /> },
        { label: WORDS.finishedAt, value: finishedAt && <Time at={finishedAt} /> },
        { label: WORDS.octets, value: number(order.octets) },
        { label: WORDS.acknowledged, value: order.dryRun ? null : number(acknowledged) },
        { label: WORDS.requestSha256, value: requestSha256 && <Code>{requestSha256}</Code> },
        { label: WORDS.resultsSha256, value: resultsSha256 && <Code>{resultsSha256}</Code> },
        { label: WORDS.bundleSha256, value: bundleSha256 && <Code>{bundleSha256}</Code> },
      ]}
    />
  );
}

/** What can be downloaded now. A dry run has neither a receipt nor a bundle. */
function Files({ order, lines }: OrderData) {
  const { t, path, href } = useUi();
  const hasEnded = !order.dryRun && (order.state === 'finished' || order.state === 'cancelled');
  const isSigned = hasEnded && order.receipt !== null;
  const files = [
    { name: 'results.ndjson', label: WORDS.results, isThere: lines !== null && order.acceptedAt !== null },
    { name: 'receipt.json', label: WORDS.receipt, isThere: isSigned },
    { name: 'bundle.ndjson', label: WORDS.bundle, isThere: lines !== null && hasEnded && order.bundleSha256 !== null },
  ].filter(({ isThere }) => isThere);
  return (
    <>
      {files.length === 0 ? (
        <p class="empty">{t(WORDS.noFiles)}</p>
      ) : (
        <ul>
          {files.map(({ name, label }) => (
            <li key={name}>
              <a href={href(`${path}/${name}`)}>{t(label)}</a>
            </li>
          ))}
        </ul>
      )}
      {hasEnded && !isSigned && <p>{t(WORDS.receiptSoon)}</p>}
      {!order.dryRun && <p class="hint">{t(WORDS.verify)}</p>}
    </>
  );
}
