import { openLinesOf } from '../../../operations/orders/read.js';
import type { ReportedProgress } from '../../../orders/progress.js';
import { ORDER_OUTCOMES, type Order } from '../../../ports/store/orders.js';
import { Facts } from '../../components/facts.js';
import { Progress } from '../../components/progress.js';
import { Table } from '../../components/table.js';
import { Badge, Time } from '../../components/text.js';
import { useUi } from '../../ui.js';
import { filled } from '../../words/filled.js';
import { ORDER_STATE_LABELS, ORDER_WORDS, OUTCOME_LABELS, WAIT_LABELS } from '../../words/orders.js';
import { timeWords } from '../../words/times.js';
import type { OrderData } from './data.js';
import { ORDER_PAGE_WORDS as WORDS } from './words.js';

/** How far the order is: as a bar, by outcome, and what its lines wait for. */
export function OrderProgressFigures({ order, progress }: OrderData) {
  const { number } = useUi();
  const { linesPerSecond, estimatedEnd } = progress;
  return (
    <>
      <Progress id="settled" label={WORDS.settled} value={order.lines - openLinesOf(order)} max={order.lines} />
      <Facts
        facts={[
          { label: ORDER_WORDS.state, value: <Badge {...ORDER_STATE_LABELS[order.state]} /> },
          { label: WORDS.rate, value: linesPerSecond === null ? null : number(Math.round(linesPerSecond)) },
          { label: WORDS.estimatedEnd, value: estimatedEnd && <Time at={estimatedEnd} /> },
          { label: WORDS.waitingFor, value: <Waits {...progress} /> },
        ].filter(({ label }) => label !== WORDS.waitingFor || progress.waitingFor.length > 0)}
      />
      <Counts order={order} />
    </>
  );
}

function Waits({ waitingFor }: ReportedProgress) {
  const { t } = useUi();
  return (
    <ul>
      {waitingFor.map(({ reason, profile, until }) => (
        <li key={`${reason} ${profile}`}>
          {t(
            filled(profile === null ? WORDS.untilPlain : WORDS.until, {
              what: WAIT_LABELS[reason],
              profile: profile ?? '',
              at: timeWords(until),
            }),
          )}
        </li>
      ))}
    </ul>
  );
}

/** Outcomes that no line has are left out; the open lines always have a row. */
function Counts({ order }: { readonly order: Order }) {
  const { t, number } = useUi();
  const settled = ORDER_OUTCOMES.filter((outcome) => order.counts[outcome] > 0);
  const rows = [
    ...settled.map((outcome) => ({
      key: outcome,
      cell: <Badge {...OUTCOME_LABELS[outcome]} />,
      count: order.counts[outcome],
    })),
    { key: 'open', cell: t(WORDS.open), count: openLinesOf(order) },
  ];
  return (
    <Table
      caption={WORDS.counts}
      rows={rows}
      rowKey={({ key }) => key}
      columns={[
        { label: WORDS.outcome, cell: ({ cell }) => cell },
        { label: ORDER_WORDS.lines, kind: 'number', cell: ({ count }) => number(count) },
      ]}
    />
  );
}
