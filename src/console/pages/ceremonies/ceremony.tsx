/** What the page of a ceremony shows. */

import { entryText } from '../../../ceremony/minutes/annexes.js';
import type { Person } from '../../../ceremony/plan/model.js';
import { transcriptPath } from '../../../ceremony/plan/paths.js';
import { ROLES } from '../../../ceremony/plan/presence.js';
import { type Entry, recordedFiles } from '../../../ceremony/transcript/transcript.js';
import type { VerifiedTranscript } from '../../../ceremony/verify/model.js';
import { describeVerifyFault } from '../../../ceremony/verify/verify.js';
import { parseInstant } from '../../../kernel/clock.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import {
  type CeremonyRecord,
  ceremonySummary,
  pdfPath,
  readCeremony,
} from '../../../operations/ceremonies/read-ceremonies.js';
import {
  type CeremonyVerdict,
  ceremonyMinutes,
  verifyCeremony,
} from '../../../operations/ceremonies/verify-ceremony.js';
import { notFound, type OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import { Facts } from '../../components/facts.js';
import { Table } from '../../components/table.js';
import { Badge, Code, Link, Notice, Part, Stored, Time } from '../../components/text.js';
import { PageFrame } from '../../layout/page-frame.js';
import { type Download, definePage, type PageDownload, type PageRequest } from '../../page.js';
import { useUi } from '../../ui.js';
import { CEREMONY_WORDS as WORDS } from '../../words/ceremonies.js';
import { filled } from '../../words/filled.js';

export type CeremonyData = CeremonyRecord & {
  readonly hasPdf: boolean;
  /** null: nobody has asked for it. */
  readonly verdict: CeremonyVerdict | null;
};

/** `verify=yes` in the query: the ceremony is verified now. */
export async function loadCeremony(
  context: ServingContext,
  { account, params, query }: PageRequest,
): Promise<Result<CeremonyData, OperationFailure>> {
  const read = readCeremony(context, account, params.id ?? '');
  if (!read.ok || query.verify !== 'yes') return read.ok ? ok({ ...read.value, verdict: null }) : read;
  const verified = verifyCeremony(context, account, read.value.id);
  return verified.ok ? ok({ ...read.value, verdict: verified.value }) : verified;
}

export const DOWNLOADS: readonly PageDownload<CeremonyData>[] = [
  {
    name: 'transcript.ndjson',
    action: 'read-audit',
    make: async (context, _request, { id }) =>
      stored(context, id, {
        path: transcriptPath({ id }),
        type: 'application/x-ndjson',
        filename: `${id}-transcript.ndjson`,
      }),
  },
  {
    name: 'minutes.html',
    action: 'read-audit',
    make: async (context, { account }, { id }) => {
      const html = ceremonyMinutes(context, account, id);
      return html.ok
        ? ok({ type: 'text/html; charset=utf-8', filename: `${id}-minutes.html`, body: html.value })
        : html;
    },
  },
  {
    name: 'minutes.pdf',
    action: 'read-audit',
    make: async (context, _request, { id }) =>
      stored(context, id, { path: pdfPath(id), type: 'application/pdf', filename: `${id}-minutes.pdf` }),
  },
];

/** A file of the ceremony as it is in the home folder. */
function stored(
  { ceremonies }: ServingContext,
  id: string,
  { path, ...download }: Omit<Download, 'body'> & { readonly path: string },
): Result<Download, OperationFailure> {
  const body = ceremonies.read(path);
  return body === null ? err(notFound('no-ceremony', { id })) : ok({ ...download, body });
}

/** A time of a transcript (RFC 3339); null: there is none. */
export function RecordedTime({ at }: { readonly at: string | null }) {
  const instant = at === null ? null : parseInstant(at);
  return instant === null ? (at ?? '–') : <Time at={instant} />;
}

export function Environment({ environment }: { readonly environment: string | null }) {
  const { t } = useUi();
  if (environment !== 'development' && environment !== 'production') return <>–</>;
  return <>{t(WORDS[environment])}</>;
}

/** What the verification has found. It is run when somebody follows its link. */
export function Verification({ verdict }: { readonly verdict: CeremonyVerdict | null }) {
  const { t, path } = useUi();
  return (
    <>
      <p class="hint">{t(WORDS.verificationHint)}</p>
      {verdict !== null && <Verdict verdict={verdict} />}
      <p>
        <Link to={path} query={{ verify: 'yes' }}>
          {t(WORDS.verify)}
        </Link>
      </p>
    </>
  );
}

function Verdict({ verdict }: { readonly verdict: CeremonyVerdict }) {
  const { t } = useUi();
  if (verdict.ok) return <Right {...verdict.value} />;
  return (
    <Facts
      facts={[
        { label: WORDS.verification, value: <Badge tone="bad" label={WORDS.wrong} /> },
        { label: WORDS.why, value: t(describeVerifyFault(verdict.error)) },
      ]}
    />
  );
}

function Right({ lines, artefacts, head, isSigned, signedBy, linesAfterSignature }: VerifiedTranscript) {
  const { t, number } = useUi();
  const counts = filled(WORDS.counts, { lines: number(lines), files: number(artefacts) });
  return (
    <>
      <Facts
        facts={[
          {
            label: WORDS.verification,
            value: (
              <>
                <Badge tone="good" label={WORDS.verified} /> {t(counts)}
              </>
            ),
          },
          { label: WORDS.head, value: <Code>{head}</Code> },
          { label: WORDS.signature, value: t(isSigned ? WORDS.isSigned : WORDS.notSigned) },
          { label: WORDS.signedBy, value: signedBy.join(', ') },
          { label: WORDS.after, value: linesAfterSignature === 0 ? null : number(linesAfterSignature) },
        ]}
      />
      <p class="hint">{t(WORDS.headHint)}</p>
    </>
  );
}

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
