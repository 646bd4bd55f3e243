import { ok } from '../../../kernel/result.js';
import { driftOf } from '../../../operations/nodes/drift.js';
import { type JobState, listJobs } from '../../../operations/nodes/list-jobs.js';
import { listRuns, type Runs } from '../../../operations/nodes/list-runs.js';
import { RunTable } from '../../components/run-table.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, Stored, Time } from '../../components/text.js';
import { paged, type RowPage } from '../../cursors.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { NODE_WORDS } from '../../words/nodes.js';
import type { Words } from '../../words/words.js';

export const NODES_PAGE_WORDS = {
  nodes: { fr: 'Nœuds', en: 'Nodes' },
  live: { fr: 'En service', en: 'Live' },
  ended: { fr: 'Terminés', en: 'Ended' },
  endedMax: {
    fr: 'Les derniers processus terminés ; avec ceux en service, 200 au plus.',
    en: 'The processes that ended last; 200 at most, with those that are live.',
  },
  noneEnded: { fr: "Aucun processus n'est terminé.", en: 'No process has ended.' },
  drift: { fr: 'Différences entre nœuds', en: 'Differences between nodes' },
  same: {
    fr: 'Les nœuds ont la même politique et la même configuration.',
    en: 'The nodes have the same policy and the same configuration.',
  },
  policy: { fr: 'La politique diffère (empreintes par nœud) :', en: 'The policy differs (digests by node):' },
  configuration: {
    fr: 'La configuration diffère (empreintes par nœud) :',
    en: 'The configuration differs (digests by node):',
  },
  makeEqual: {
    fr: 'Donnez à tous les nœuds les mêmes fichiers, puis redémarrez-les.',
    en: 'Give all nodes the same files, then start them again.',
  },
  jobs: { fr: 'Tâches', en: 'Jobs' },
  sharedJobs: { fr: 'Tâches que les nœuds se partagent', en: 'Jobs that nodes share' },
  jobsMax: {
    fr: 'Les tâches en échec en premier ; 1 000 lignes au plus.',
    en: 'Failed jobs first; 1,000 rows at most.',
  },
  jobsCaption: { fr: 'Tâches, aux heures de la base', en: 'Jobs, by the clock of the database' },
  noJobs: {
    fr: "Aucune tâche n'a encore commencé : un processus de rôle worker les fait.",
    en: 'No job has begun yet: a process with the role worker does them.',
  },
  job: { fr: 'Tâche', en: 'Job' },
  item: { fr: 'Objet', en: 'Item' },
  whole: { fr: 'Toute la plateforme', en: 'The whole platform' },
  state: { fr: 'État', en: 'State' },
  atWork: { fr: 'En cours', en: 'At work' },
  waits: { fr: 'En attente', en: 'Waits' },
  failed: { fr: 'En échec', en: 'Failed' },
  lastSuccess: { fr: 'Dernier succès', en: 'Last success' },
  never: { fr: 'Jamais', en: 'Never' },
  next: { fr: 'Prochaine exécution', en: 'Next run' },
  failures: { fr: 'Échecs depuis', en: 'Failures since' },
  lastError: { fr: 'Dernière erreur', en: 'Last error' },
} as const satisfies Words;

/** The processes on the database: which live, which differ, and which have ended. */
export const NODES_PAGE = definePage<Runs>({
  id: 'nodes',
  path: '/console/nodes',
  name: NODES_PAGE_WORDS.nodes,
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
    <PageFrame title={t(NODES_PAGE_WORDS.nodes)}>
      <Part id="drift" title={NODES_PAGE_WORDS.drift} isLive>
        <Drift runs={live} now={now} />
      </Part>
      <Part id="live" title={NODES_PAGE_WORDS.live} isLive>
        <RunTable runs={live} now={now} empty={NODE_WORDS.noRuns} />
      </Part>
      <Part id="ended" title={NODES_PAGE_WORDS.ended}>
        <p>{t(NODES_PAGE_WORDS.endedMax)}</p>
        <RunTable runs={ended.rows} now={now} empty={NODES_PAGE_WORDS.noneEnded} />
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
        <p>{t(NODES_PAGE_WORDS.same)}</p>
      </Notice>
    );
  return (
    <Notice tone="warn">
      {differing.map(([what, digests]) => (
        <p key={what}>
          {t(NODES_PAGE_WORDS[what])} <Code>{digests}</Code>
        </p>
      ))}
      <p>
        {t(NODES_PAGE_WORDS.makeEqual)} <Link to="/console/runbook/nodes">ops/nodes.md</Link>
      </p>
    </Notice>
  );
}

/** The jobs that nodes share: the last and the next run of each, and what failed. */
export const JOBS_PAGE = definePage<RowPage<JobState>>({
  id: 'jobs',
  path: '/console/jobs',
  name: NODES_PAGE_WORDS.jobs,
  section: 'platform',
  opensFor: ['read-nodes'],
  query: ['cursor'],
  load: async ({ world }, { account, query }) => {
    const jobs = await listJobs(world, account);
    return jobs.ok ? ok(paged(failedFirst(jobs.value), query.cursor)) : jobs;
  },
  view: (data) => <Jobs {...data} />,
});

function failedFirst(jobs: readonly JobState[]): readonly JobState[] {
  return [...jobs.filter(({ failures }) => failures > 0), ...jobs.filter(({ failures }) => failures === 0)];
}

function Jobs({ rows, next }: RowPage<JobState>) {
  const { t, query, number } = useUi();
  return (
    <PageFrame title={t(NODES_PAGE_WORDS.jobs)}>
      <Part id="jobs" title={NODES_PAGE_WORDS.sharedJobs} isLive>
        <p>
          {t(NODES_PAGE_WORDS.jobsMax)} <Link to="/console/runbook/jobs">ops/jobs.md</Link>
        </p>
        <Table
          caption={NODES_PAGE_WORDS.jobsCaption}
          rows={rows}
          rowKey={({ job, item }) => `${job} ${item}`}
          empty={NODES_PAGE_WORDS.noJobs}
          columns={[
            { label: NODES_PAGE_WORDS.job, cell: ({ job }) => <Code>{job}</Code> },
            {
              label: NODES_PAGE_WORDS.item,
              cell: ({ item }) => (item === '' ? t(NODES_PAGE_WORDS.whole) : <Code>{item}</Code>),
            },
            { label: NODES_PAGE_WORDS.state, cell: (job) => <StateOfJob {...job} /> },
            {
              label: NODES_PAGE_WORDS.lastSuccess,
              cell: ({ lastSuccessAt }) =>
                lastSuccessAt === null ? t(NODES_PAGE_WORDS.never) : <Time at={lastSuccessAt} />,
            },
            { label: NODES_PAGE_WORDS.next, cell: ({ nextAt }) => <Time at={nextAt} /> },
            { label: NODES_PAGE_WORDS.failures, kind: 'number', cell: ({ failures }) => number(failures) },
            {
              label: NODES_PAGE_WORDS.lastError,
              cell: ({ lastError }) => (lastError === null ? '–' : <Stored>{lastError}</Stored>),
            },
          ]}
        />
        <Pager next={next} isFirst={query.cursor === undefined} />
      </Part>
    </PageFrame>
  );
}

function StateOfJob({ holder, failures }: JobState) {
  if (holder !== null)
    return (
      <>
        <Badge tone="good" label={NODES_PAGE_WORDS.atWork} /> <Stored>{holder.node ?? holder.run}</Stored>
      </>
    );
  if (failures > 0) return <Badge tone="bad" label={NODES_PAGE_WORDS.failed} />;
  return <Badge tone="quiet" label={NODES_PAGE_WORDS.waits} />;
}
