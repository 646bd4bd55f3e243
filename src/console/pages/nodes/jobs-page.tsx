import { ok } from '../../../kernel/result.js';
import { type JobState, listJobs } from '../../../operations/nodes/list-jobs.js';
import { Pager, Table } from '../../components/table.js';
import { Badge, Code, Link, Part, Stored, Time } from '../../components/text.js';
import { paged, type RowPage } from '../../cursors.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { NODES_PAGE_WORDS as WORDS } from './words.js';

/** The jobs that nodes share: the last and the next run of each, and what failed. */
export const JOBS_PAGE = definePage<RowPage<JobState>>({
  id: 'jobs',
  path: '/console/jobs',
  name: WORDS.jobs,
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
    <PageFrame title={t(WORDS.jobs)}>
      <Part id="jobs" title={WORDS.sharedJobs} isLive>
        <p>
          {t(WORDS.jobsMax)} <Link to="/console/runbook/jobs">ops/jobs.md</Link>
        </p>
        <Table
          caption={WORDS.jobsCaption}
          rows={rows}
          rowKey={({ job, item }) => `${job} ${item}`}
          empty={WORDS.noJobs}
          columns={[
            { label: WORDS.job, cell: ({ job }) => <Code>{job}</Code> },
            { label: WORDS.item, cell: ({ item }) => (item === '' ? t(WORDS.whole) : <Code>{item}</Code>) },
            { label: WORDS.state, cell: (job) => <StateOfJob {...job} /> },
            {
              label: WORDS.lastSuccess,
              cell: ({ lastSuccessAt }) => (lastSuccessAt === null ? t(WORDS.never) : <Time at={lastSuccessAt} />),
            },
            { label: WORDS.next, cell: ({ nextAt }) => <Time at={nextAt} /> },
            { label: WORDS.failures, kind: 'number', cell: ({ failures }) => number(failures) },
            {
              label: WORDS.lastError,
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
        <Badge tone="good" label={WORDS.atWork} /> <Stored>{holder.node ?? holder.run}</Stored>
      </>
    );
  if (failures > 0) return <Badge tone="bad" label={WORDS.failed} />;
  return <Badge tone="quiet" label={WORDS.waits} />;
}
