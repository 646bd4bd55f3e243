import { ok } from '../../../kernel/result.js';
import { driftOf } from '../../../operations/nodes/drift.js';
import { listRuns, type Runs } from '../../../operations/nodes/list-runs.js';
import { RunTable } from '../../components/run-table.js';
import { Pager } from '../../components/table.js';
import { Code, Link, Notice, Part } from '../../components/text.js';
import { paged } from '../../cursors.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { NODE_WORDS } from '../../words/nodes.js';
import { NODES_PAGE_WORDS as WORDS } from './words.js';

/** The processes on the database: which live, which differ, and which have ended. */
export const NODES_PAGE = definePage<Runs>({
  id: 'nodes',
  path: '/console/nodes',
  name: WORDS.nodes,
  section: 'platform',
  opensFor: ['read-nodes'],
  query: ['cursor'],
  load: async ({ world }, { account }) => {
    const found = await listRuns(world, account);
    return found.ok ? ok(found.value) : found;
  },
  view: (data) => <Nodes {...data} />,
});

function Nodes({ runs, now }: Runs) {
  const { t, query } = useUi();
  const live = runs.filter(({ end }) => end === null);
  const ended = paged(
    runs.filter(({ end }) => end !== null),
    query.cursor,
  );
  return (
    <PageFrame title={t(WORDS.nodes)}>
      <Part id="drift" title={WORDS.drift} isLive>
        <Drift runs={live} now={now} />
      </Part>
      <Part id="live" title={WORDS.live} isLive>
        <RunTable runs={live} now={now} empty={NODE_WORDS.noRuns} />
      </Part>
      <Part id="ended" title={WORDS.ended}>
        <p>{t(WORDS.endedMax)}</p>
        <RunTable runs={ended.rows} now={now} empty={WORDS.noneEnded} />
        <Pager next={ended.next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function Drift({ runs, now }: Runs) {
  const { t } = useUi();
  const differing = [...driftOf(runs, now)];
  if (differing.length === 0)
    return (
      <Notice tone="good">
        <p>{t(WORDS.same)}</p>
      </Notice>
    );
  return (
    <Notice tone="warn">
      {differing.map(([what, digests]) => (
        <p key={what}>
          {t(WORDS[what])} <Code>{digests}</Code>
        </p>
      ))}
      <p>
        {t(WORDS.makeEqual)} <Link to="/console/runbook/nodes">ops/nodes.md</Link>
      </p>
    </Notice>
  );
}
