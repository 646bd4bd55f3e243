/** What commands say about the verification of a transcript. */
import type { VerifiedTranscript, VerifyFault } from '../../ceremony/verify/model.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Result } from '../../kernel/result.js';

/** What `verify` and a rehearsal say of a transcript that verifies. */
export type Report = { readonly summary: Bilingual; readonly head: string; readonly notes: readonly Bilingual[] };

export function reportOf(verified: VerifiedTranscript): Report {
  const { lines, artefacts, head, linesAfterSignature, toSign, rehearsal } = verified;
  const summary = {
    fr: `${lines} lignes, ${artefacts} fichiers conformes`,
    en: `${lines} lines and ${artefacts} files verified`,
  };
  const notes = [
    ...(rehearsal ? [REHEARSED] : []),
    ...(linesAfterSignature > 0 ? [unsignedLines(linesAfterSignature)] : []),
    ...(toSign.length > 0 ? [willSign(toSign)] : []),
  ];
  return { summary, head, notes };
}

const REHEARSED: Bilingual = {
  fr: "c'est une répétition : ses bi-clés et ses jetons ont été supprimés",
  en: 'this is a rehearsal: its keys and tokens were deleted',
};

function willSign(names: readonly string[]): Bilingual {
  const who = names.join(', ');
  return {
    fr: `répétition ; à la vraie cérémonie, la transcription est aussi à signer (add-signature) par : ${who}`,
    en: `rehearsal: in the real ceremony ${who} also sign the transcript (add-signature)`,
  };
}

function unsignedLines(lines: number): Bilingual {
  return {
    fr: `les ${lines} dernières lignes suivent la signature : la cérémonie a été reprise après la destruction de sa clé`,
    en: `the last ${lines} lines follow the signature: the ceremony was resumed after its key was destroyed`,
  };
}

/** The JSON form has one language and stable member names. */
export function asJson(verdict: Result<VerifiedTranscript, VerifyFault>): object {
  if (verdict.ok) return { verified: true, ...verdict.value };
  const fault = verdict.error;
  return { verified: false, ...fault, ...('rule' in fault ? { rule: fault.rule.en } : {}) };
}
