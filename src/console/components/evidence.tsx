import type { Bilingual } from '../../kernel/bilingual.js';
import type { Answers } from '../evidence.js';
import { useUi } from '../ui.js';
import { EVIDENCE_WORDS } from '../words/evidence.js';
import { filled } from '../words/filled.js';
import { Notice } from './text.js';

/** What was done, and what relying parties get since. */
export function Evidence({ says, answers }: { readonly says: Bilingual; readonly answers: Answers }) {
  const { t } = useUi();
  return (
    <Notice tone="good">
      <p>
        <strong>{t(says)}</strong>
      </p>
      {answersInWords(answers).map((words) => (
        <p key={words.en}>{t(words)}</p>
      ))}
    </Notice>
  );
}

function answersInWords(answers: Answers): readonly Bilingual[] {
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
