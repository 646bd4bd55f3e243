/**
 * Checks a transcript and what it tells of, from the files alone, on any machine: each line against the one before, the order
 * of the steps against the plan, each artefact against its recorded hash, each signature against the recorded keys.
 */
import { bitStringOctets, parseDer, sequence, TAG } from '../asn1/der-reader.js';
import { type Bytes, fromBase64 } from '../kernel/bytes.js';
import { err, ok, type Result } from '../kernel/result.js';
import { signatureAlgorithmOf, verifySignature } from '../x509/algorithms.js';
import { planCopyPath } from './paths.js';
import { sha256Hex } from './plan.js';
import { type Entry, isAside, type LineFault, readEntries } from './transcript.js';
import type { Words } from './words.js';

export type VerifyFault =
  | LineFault
  | { readonly kind: 'transcript-incomplete'; readonly rule: Words }
  | { readonly kind: 'artefact-missing'; readonly artefact: string }
  | { readonly kind: 'artefact-altered'; readonly artefact: string; readonly rule: Words };

export type Verified = {
  readonly ceremony: string;
  readonly begunAt: string;
  readonly endedAt: string;
  readonly lines: number;
  readonly artefacts: number;
  /** What those present wrote down, or signed. */
  readonly head: string;
};

/** Content of an artefact by its path relative to the home folder; null: not there. */
export type Artefacts = (path: string) => Bytes | null;

const RULES = {
  begins: {
    fr: 'un procès-verbal commence par le début de la cérémonie',
    en: 'a transcript begins with the beginning of the ceremony',
  },
  ends: {
    fr: 'sa dernière ligne ne dit pas que la cérémonie est terminée',
    en: 'its last line does not say that the ceremony ended',
  },
  anotherPlan: {
    fr: "ce n'est pas le plan avec lequel la cérémonie a commencé",
    en: 'not the plan that the ceremony began with',
  },
  noPlan: { fr: "ce n'est pas un plan", en: 'not a plan' },
  beginsOnce: { fr: 'une cérémonie commence une seule fois', en: 'a ceremony begins once' },
  afterEnd: { fr: "quelque chose s'est passé après la fin", en: 'something happened after the end' },
} as const satisfies Readonly<Record<string, Words>>;

/** `lines` without their newlines. Names the first altered line, then the first altered artefact. */
export function verifyTranscript(lines: readonly string[], artefacts: Artefacts): Result<Verified, VerifyFault> {
  const read = readEntries(lines);
  if (!read.ok) return read;
  const [begin] = read.value;
  const end = read.value.at(-1);
  const { ceremony, planSha256 } = begin?.result ?? {};
  if (begin?.action !== 'begin' || typeof ceremony !== 'string' || typeof planSha256 !== 'string')
    return err({ kind: 'line-altered', line: 1, rule: RULES.begins });
  if (end?.action !== 'end') return err({ kind: 'transcript-incomplete', rule: RULES.ends });
  const planPath = planCopyPath({ id: ceremony });
  const plan = artefacts(planPath);
  if (plan === null) return err({ kind: 'artefact-missing', artefact: planPath });
  if (sha256Hex(plan) !== planSha256)
    return err({ kind: 'artefact-altered', artefact: planPath, rule: RULES.anotherPlan });
  const kinds = plannedKinds(plan);
  if (kinds === null) return err({ kind: 'artefact-altered', artefact: planPath, rule: RULES.noPlan });
  const ordered = checkOrder(read.value, kinds);
  if (!ordered.ok) return ordered;
  const counted = checkArtefacts(read.value, artefacts);
  if (!counted.ok) return counted;
  const { at: begunAt } = begin;
  const artefactCount = counted.value + 1;
  return ok({ ceremony, begunAt, endedAt: end.at, lines: lines.length, artefacts: artefactCount, head: end.hash });
}

/** Of a ceremony of ours the plan was checked when it began; null: somebody wrote the whole transcript round another file. */
function plannedKinds(plan: Bytes): readonly string[] | null {
  const value = parse(plan);
  if (typeof value !== 'object' || value === null || !('steps' in value) || !Array.isArray(value.steps)) return null;
  const steps: readonly unknown[] = value.steps;
  return steps.map((step) => (typeof step === 'object' && step && 'do' in step ? String(step.do) : ''));
}

function parse(json: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    return null;
  }
}

/** Every step of the plan once, in the plan's order; between them resumptions, refusals and asides. */
function checkOrder(entries: readonly Entry[], kinds: readonly string[]): Result<void, VerifyFault> {
  let next = 1;
  for (const [at, { step, action }] of entries.entries()) {
    const wrong = (rule: Words) => err({ kind: 'line-altered' as const, line: at + 1, rule });
    if (action === 'refuse' || action === 'resume' || isAside(action)) continue;
    if (action === 'begin') {
      if (at !== 0) return wrong(RULES.beginsOnce);
      continue;
    }
    if (action === 'end') {
      if (next !== kinds.length + 1) return wrong(endedBefore(next));
      if (at !== entries.length - 1) return wrong(RULES.afterEnd);
      continue;
    }
    if (step !== next || kinds[step - 1] !== action) return wrong(planned(next, kinds[next - 1]));
    next += 1;
  }
  return ok(undefined);
}

function endedBefore(step: number): Words {
  return { fr: `la cérémonie s'est terminée avant l'étape ${step}`, en: `the ceremony ended before step ${step}` };
}

function planned(step: number, kind: string | undefined): Words {
  return { fr: `l'étape ${step} du plan est ${kind}`, en: `the plan's step ${step} is ${kind}` };
}

function anotherHash(line: number): Words {
  return {
    fr: `son empreinte SHA-256 n'est pas celle de la ligne ${line}`,
    en: `its SHA-256 is not that of line ${line}`,
  };
}

function strangeKey(line: number, issuer: string): Words {
  return {
    fr: `la ligne ${line} nomme une clé de ${issuer} qui n'a pas été générée dans cette cérémonie`,
    en: `line ${line} names a key of ${issuer} that was not made in this ceremony`,
  };
}

type Checked = { readonly path: string; readonly content: Bytes; readonly entry: Entry };

function checkArtefacts(entries: readonly Entry[], artefacts: Artefacts): Result<number, VerifyFault> {
  const checked: Checked[] = [];
  for (const entry of entries) {
    const { artefact: path, sha256 } = entry.result;
    if (typeof path !== 'string' || typeof sha256 !== 'string') continue;
    const content = artefacts(path);
    if (content === null) return err({ kind: 'artefact-missing', artefact: path });
    if (sha256Hex(content) !== sha256)
      return err({ kind: 'artefact-altered', artefact: path, rule: anotherHash(entry.seq) });
    checked.push({ path, content, entry });
  }
  return checkSignatures(entries, checked);
}

/** The hashes say that the files are those of the ceremony; the signatures, that the ceremony's keys signed them. */
function checkSignatures(entries: readonly Entry[], checked: readonly Checked[]): Result<number, VerifyFault> {
  for (const { path, content, entry } of checked) {
    const { issuer, token } = entry.result;
    if (typeof issuer !== 'string') continue;
    const altered = (rule: Words) => err({ kind: 'artefact-altered' as const, artefact: path, rule });
    const key = entries.find(
      ({ action, result }) => action === 'generate-key' && result.key === issuer && result.token === token,
    );
    const spki = typeof key?.result.publicKey === 'string' ? fromBase64(key.result.publicKey) : null;
    if (spki === null) return altered(strangeKey(entry.seq, issuer));
    if (!isSigned(content, spki))
      return altered({ fr: `pas signé avec la clé de ${issuer}`, en: `not signed with the key of ${issuer}` });
  }
  return ok(checked.length);
}

/** Certificate (RFC 5280 4.1) and CertificateList (5.1) alike: what is signed, the algorithm, the signature. */
function isSigned(der: Bytes, spki: Bytes): boolean {
  const signed = parseDer(der, (root) => {
    const fields = sequence(root, 'signed');
    const data = fields.next(TAG.sequence, 'to be signed').whole;
    const algorithm = signatureAlgorithmOf(fields.next(TAG.sequence, 'signatureAlgorithm').whole);
    const signature = bitStringOctets(fields.next(TAG.bitString, 'signature'), 'signature');
    fields.end();
    return { data, algorithm, signature };
  });
  if (!signed.ok || signed.value.algorithm === null) return false;
  const { data, algorithm, signature } = signed.value;
  return verifySignature({ spki, algorithm, data, signature });
}

export function describeVerifyFault(fault: VerifyFault): Words {
  switch (fault.kind) {
    case 'line-altered':
      return { fr: `ligne ${fault.line} : ${fault.rule.fr}`, en: `line ${fault.line}: ${fault.rule.en}` };
    case 'transcript-incomplete':
      return fault.rule;
    case 'artefact-missing':
      return { fr: `${fault.artefact} n'est pas là`, en: `${fault.artefact}: not there` };
    case 'artefact-altered':
      return { fr: `${fault.artefact} : ${fault.rule.fr}`, en: `${fault.artefact}: ${fault.rule.en}` };
  }
}
