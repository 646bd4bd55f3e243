import { entryText } from '../../../ceremony/minutes/annexes.js';
import type { Person } from '../../../ceremony/plan/model.js';
import { ROLES } from '../../../ceremony/plan/presence.js';
import { type Entry, recordedFiles } from '../../../ceremony/transcript/transcript.js';
import { describeVerifyFault } from '../../../ceremony/verify/verify.js';
import { ceremonySummary } from '../../../operations/ceremonies/read-ceremonies.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, Stored } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { CEREMONY_WORDS as WORDS } from '../../words/ceremonies.js';
import { type CeremonyData, loadCeremony } from './data.js';
import { DOWNLOADS } from './downloads.js';
import { Environment, RecordedTime } from './parts.js';
import { Verification } from './verification.js';

/** One ceremony: its steps in words, its people and files, and whether it verifies. */
export const CEREMONY_PAGE = definePage<CeremonyData>({
  id: 'ceremony',
  path: '/console/ceremonies/{id}',
  name: WORDS.one,
  section: null,
  opensFor: ['read-audit'],
  query: ['verify'],
  load: loadCeremony,
  title: ({ plan }) => plan?.title ?? WORDS.one,
  view: (data) => <Ceremony {...data} />,
  downloads: DOWNLOADS,
});

function Ceremony(data: CeremonyData) {
  const { t, path } = useUi();
  const { plan, entries, hasPdf, verdict } = data;
  const lines = entries.ok ? entries.value : [];
  return (
    <PageFrame title={t(plan?.title ?? WORDS.one)}>
      {!entries.ok && (
        <Notice tone="bad">
          <p>{t(describeVerifyFault(entries.error))}</p>
        </Notice>
      )}
      <Part id="facts" title={WORDS.facts}>
        <CeremonyFacts {...data} />
      </Part>
      <Part id="verification" title={WORDS.verification}>
        <Verification verdict={verdict} />
      </Part>
      <Part id="people" title={WORDS.people}>
        <People people={plan?.people ?? []} />
      </Part>
      <Part id="course" title={WORDS.course}>
        <Course entries={lines} steps={plan?.steps ?? []} />
      </Part>
      <Part id="files" title={WORDS.files}>
        <Files entries={lines} />
      </Part>
      <Part id="downloads" title={WORDS.downloads}>
        <ul>
          <li>
            <Link to={`${path}/transcript.ndjson`}>{t(WORDS.transcript)}</Link>
          </li>
          <li>
            <Link to={`${path}/minutes.html`}>{t(WORDS.minutesHtml)}</Link>
          </li>
          {hasPdf && (
            <li>
              <Link to={`${path}/minutes.pdf`}>{t(WORDS.minutesPdf)}</Link>
            </li>
          )}
        </ul>
        {!hasPdf && <p class="hint">{t(WORDS.minutesHint)}</p>}
      </Part>
    </PageFrame>
  );
}

function CeremonyFacts(data: CeremonyData) {
  const { id, environment, isRehearsal, begunAt, endedAt } = ceremonySummary(data);
  return (
    <Facts
      facts={[
        { label: WORDS.id, value: <Code>{id}</Code> },
        {
          label: WORDS.environment,
          value: (
            <>
              <Environment environment={environment} /> {isRehearsal && <Badge tone="quiet" label={WORDS.rehearsal} />}
            </>
          ),
        },
        { label: WORDS.hierarchy, value: data.plan?.hierarchy },
        { label: WORDS.begun, value: <RecordedTime at={begunAt} /> },
        {
          label: WORDS.ended,
          value: endedAt === null ? <Badge tone="warn" label={WORDS.notEnded} /> : <RecordedTime at={endedAt} />,
        },
      ]}
    />
  );
}

function People({ people }: { readonly people: readonly Person[] }) {
  const { t } = useUi();
  return (
    <Table
      caption={WORDS.peopleCaption}
      rows={people}
      rowKey={({ role, name }) => `${role} ${name}`}
      empty={WORDS.noPlan}
      columns={[
        { label: WORDS.role, cell: ({ role }) => t(ROLES[role]) },
        { label: WORDS.name, cell: ({ name }) => <Stored>{name}</Stored> },
        { label: WORDS.organisation, cell: ({ organisation }) => <Stored>{organisation}</Stored> },
      ]}
    />
  );
}

type CourseProps = {
  readonly entries: readonly Entry[];
  readonly steps: Parameters<typeof entryText>[1];
};

function Course({ entries, steps }: CourseProps) {
  const { t } = useUi();
  return (
    <Table
      caption={WORDS.courseCaption}
      rows={entries}
      rowKey={({ seq }) => String(seq)}
      empty={WORDS.noCourse}
      columns={[
        { label: WORDS.line, kind: 'number', cell: ({ seq }) => String(seq) },
        { label: WORDS.at, cell: ({ at }) => <RecordedTime at={at} /> },
        { label: WORDS.step, kind: 'number', cell: ({ step }) => (step === 0 ? '–' : String(step)) },
        { label: WORDS.what, cell: (entry) => <Stored>{t(entryText(entry, steps))}</Stored> },
      ]}
    />
  );
}

function Files({ entries }: Pick<CourseProps, 'entries'>) {
  const recorded = entries.flatMap((entry) => recordedFiles(entry));
  const files = [...new Map(recorded.map((file) => [`${file.path} ${file.sha256}`, file])).values()];
  return (
    <Table
      caption={WORDS.filesCaption}
      rows={files}
      rowKey={({ path, sha256 }) => `${path} ${sha256}`}
      empty={WORDS.noFiles}
      columns={[
        { label: WORDS.path, cell: ({ path }) => <Code>{path}</Code> },
        { label: WORDS.sha256, cell: ({ sha256 }) => <Code>{sha256}</Code> },
      ]}
    />
  );
}
