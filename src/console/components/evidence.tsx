import type { Bilingual } from '../../kernel/bilingual.js';
import type { Evidence } from '../evidence.js';
import { useUi } from '../ui.js';
import { EVIDENCE_WORDS } from '../words/evidence.js';
import { filled } from '../words/filled.js';
import { Link, Notice } from './text.js';

type EvidenceNoticeProps = {
  readonly says: Bilingual;
  readonly evidence: Evidence;
  /** What the audit log is searched by to find all entries about the object. */
  readonly about: Readonly<Record<string, string>>;
};

/** What was done, what relying parties get since, and where the audit log has it. */
export function EvidenceNotice({ says, evidence: { answers, entries }, about }: EvidenceNoticeProps) {
  const { t, can } = useUi();
  return (
    <Notice tone="good">
      <p>
        <strong>{t(says)}</strong>
      </p>
      {answersInWords(answers).map((words) => (
        <p key={words.en}>{t(words)}</p>
      ))}
      {entries.length > 0 && <Entries entries={entries} />}
      {can('read-audit') && (
        <p>
          <Link to="/console/audit" query={about}>
            {t(EVIDENCE_WORDS.allEntries)}
          </Link>
        </p>
      )}
    </Notice>
  );
}

function Entries({ entries }: Pick<Evidence, 'entries'>) {
  const { t, number, can } = useUi();
  return (
    <p>
      {t(EVIDENCE_WORDS.entries)}{' '}
      {entries.map((seq, index) => (
        <>
          {index > 0 && ', '}
          {can('read-audit') ? <Link to={`/console/audit/${seq}`}>{number(seq)}</Link> : number(seq)}
        </>
      ))}
    </p>
  );
}

function answersInWords(answers: Evidence['answers']): readonly Bilingual[] {
  const given = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const failed = answers.find((answer) => !answer.ok);
  const revoked = given.filter(({ status }) => status === 'revoked').length;
  const ms = Math.max(0, ...given.map(({ tookMs }) => tookMs));
  const counts = { revoked: String(revoked), asked: String(given.length), ms: String(ms) };
  return [
    ...(given.length === 0 ? [] : [filled(EVIDENCE_WORDS.answers, counts)]),
    ...(failed === undefined || failed.ok ? [] : [filled(EVIDENCE_WORDS.notAsked, { detail: failed.error })]),
  ];
}
