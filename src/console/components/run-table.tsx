/** Processes of nodes, as the home page and the page of nodes show them. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Instant } from '../../kernel/clock.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { type RunEnd, type RunRecord, SILENT_MS } from '../../ports/store/nodes.js';
import { useUi } from '../ui.js';
import { NODE_WORDS as WORDS } from '../words/nodes.js';
import { Table } from './table.js';
import { Badge, Code, Stored, Time } from './text.js';

type RunTableProps = {
  readonly runs: readonly RunRecord[];
  /** The time of the database, as the times of the runs. */
  readonly now: Instant;
  readonly empty: Bilingual;
};

export function RunTable({ runs, now, empty }: RunTableProps) {
  const { decimal } = useUi();
  return (
    <Table
      caption={WORDS.runsCaption}
      rows={runs}
      rowKey={({ run }) => run}
      empty={empty}
      columns={[
        { label: WORDS.node, cell: ({ name }) => <Stored>{name}</Stored> },
        { label: WORDS.state, cell: (run) => <RunState run={run} now={now} /> },
        { label: WORDS.roles, cell: ({ roles }) => roles.join(', ') },
        { label: WORDS.host, cell: ({ host }) => <Stored>{host}</Stored> },
        { label: WORDS.version, cell: ({ version }) => <Code>{version}</Code> },
        { label: WORDS.startedAt, cell: ({ startedAt }) => <Time at={startedAt} /> },
        { label: WORDS.seenAt, cell: ({ seenAt }) => <Time at={seenAt} /> },
        { label: WORDS.clock, kind: 'number', cell: ({ clockOffsetMs }) => decimal(clockOffsetMs / SECOND_MS) },
      ]}
    />
  );
}

const END_LABELS: Readonly<Record<RunEnd, keyof typeof WORDS>> = {
  stopped: 'stopped',
  restarted: 'restarted',
  lost: 'lost',
};

function RunState({ run: { end, seenAt }, now }: { readonly run: RunRecord; readonly now: Instant }) {
  if (end !== null)
    return <Badge tone={end.reason === 'lost' ? 'bad' : 'quiet'} label={WORDS[END_LABELS[end.reason]]} />;
  const isSilent = now - seenAt > SILENT_MS;
  return <Badge tone={isSilent ? 'bad' : 'good'} label={isSilent ? WORDS.silent : WORDS.live} />;
}
