/** What a transcript tells of, held against the files: their hashes, who signed them, and that no list has lost an entry. */
import { bitStringOctets, parseDer, sequence, TAG } from '../../asn1/der-reader.js';
import { type Bytes, fromBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { signatureAlgorithmOf, verifySignature } from '../../x509/keys/algorithms.js';
import type { Bilingual } from '../bilingual.js';
import { kindOfEntry } from '../steps/all.js';
import type { InputFile } from '../steps/kind.js';
import { recordedFiles } from '../transcript/recorded-files.js';
import type { Entry } from '../transcript/transcript.js';
import { carriedFault } from './carried.js';
import type { Artefacts, CheckedFile, VerifyFault } from './model.js';

/** Far above any ceremony: whoever has written a transcript does not say how long an audit takes, or how much memory. */
export const RECORDED_FILES_MAX = 1_000;
export const RECORDED_BYTES_MAX = 256 * 1024 * 1024;

/** How many files there are. Names the first that does not hold. */
export function checkArtefacts(entries: readonly Entry[], artefacts: Artefacts): Result<number, VerifyFault> {
  const found = readRecorded(entries, artefacts);
  if (!found.ok) return found;
  const facts = factsOf(entries);
  // What was looked at once is not looked at again: of a file that many lines tell of, signature and contents are checked once.
  const done = new Set<string>();
  for (const one of found.value.checked) {
    const fault =
      signatureFault(facts, one, done) ?? kindOfEntry(one.entry)?.verify.fileFault(one) ?? shownFault(facts, one);
    if (fault !== null) return err({ kind: 'artefact-altered', artefact: one.path, rule: fault });
    if (done.has(one.path)) continue;
    done.add(one.path);
    const carried = carriedFault(one, artefacts);
    if (carried !== null) return err(carried);
  }
  return ok(found.value.files);
}

/** Every file that a line tells of, read once, and held to the hash in each line. */
function readRecorded(
  entries: readonly Entry[],
  artefacts: Artefacts,
): Result<{ readonly checked: readonly CheckedFile[]; readonly files: number }, VerifyFault> {
  const read = new Map<string, { readonly path: string; readonly content: Bytes; readonly sha256: string }>();
  const checked: CheckedFile[] = [];
  let octets = 0;
  for (const entry of entries) {
    const recorded = recordedFiles(entry);
    if (checked.length + recorded.length > RECORDED_FILES_MAX) return err(tooLarge(RULES.files));
    for (const { path, sha256 } of recorded) {
      const content = read.get(path)?.content ?? artefacts(path);
      if (content === null) return err({ kind: 'artefact-missing', artefact: path });
      if (!read.has(path)) {
        octets += content.length;
        if (octets > RECORDED_BYTES_MAX) return err(tooLarge(RULES.octets));
        read.set(path, { path, content, sha256: sha256Hex(content) });
      }
      if (read.get(path)?.sha256 !== sha256)
        return err({ kind: 'artefact-altered', artefact: path, rule: anotherHash(entry.seq) });
    }
    const others = recorded.flatMap(({ path }) => read.get(path) ?? []);
    for (const { path, content } of others) checked.push({ path, content, entry, others });
  }
  return ok({ checked, files: read.size });
}

function tooLarge(rule: Bilingual): VerifyFault {
  return { kind: 'transcript-too-large', rule };
}

const RULES = {
  files: {
    fr: `il nomme plus de ${RECORDED_FILES_MAX} fichiers : aucune cérémonie n'en fait autant`,
    en: `it names more than ${RECORDED_FILES_MAX} files: no ceremony makes so many`,
  },
  octets: {
    fr: `ses fichiers font plus de ${RECORDED_BYTES_MAX} octets : aucune cérémonie n'en fait autant`,
    en: `its files have more than ${RECORDED_BYTES_MAX} octets: no ceremony makes so many`,
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** What lines say that others are held to, found in one pass. */
type TranscriptFacts = {
  /** Issuer and token -> public key, as the first step that made or read it found it, base64. */
  readonly keys: ReadonlyMap<string, Json>;
  /** SHA-256 of to-be-signed bytes -> the first line that says that they were shown. */
  readonly shown: ReadonlyMap<Json, number>;
};

function factsOf(entries: readonly Entry[]): TranscriptFacts {
  const keys = new Map<string, Json>();
  const shown = new Map<Json, number>();
  for (const { action, seq, result } of entries) {
    const { key, token, publicKey = null, toBeSignedSha256 = null } = result;
    const name = keyName(key, token);
    if (kindOfEntry({ action })?.introducesKey === true && !keys.has(name)) keys.set(name, publicKey);
    if (action === 'confirm' && !shown.has(toBeSignedSha256)) shown.set(toBeSignedSha256, seq);
  }
  return { keys, shown };
}

function keyName(key: Json | undefined, token: Json | undefined): string {
  return canonicalJson([key ?? null, token ?? null]);
}

/** The hashes say that the files are those of the ceremony; the signatures, that the keys signed them which it made or read. */
function signatureFault({ keys }: TranscriptFacts, checked: CheckedFile, done: Set<string>): Bilingual | null {
  const { path, content, entry } = checked;
  const { issuer, token } = entry.result;
  if (typeof issuer !== 'string' || inputOf(checked)?.signedBy === 'other') return null;
  const key = keys.get(keyName(issuer, token));
  const spki = typeof key === 'string' ? fromBase64(key) : null;
  if (spki === null) return strangeKey(entry.seq, issuer);
  const checking = `${path} ${key}`;
  if (!done.has(checking) && !isSigned(content, spki)) return notSigned(issuer);
  done.add(checking);
  return null;
}

/** What a step read and did not sign; null: the file is its own, or the line names it as such. */
function inputOf({ path, entry }: CheckedFile): InputFile | null {
  if (path === entry.result.artefact) return null;
  return (
    kindOfEntry(entry)
      ?.verify.inputs(entry)
      .find((input) => input.path === path) ?? null
  );
}

/** What was signed in the ceremony had been shown there, and its code read aloud. */
function shownFault({ shown }: TranscriptFacts, checked: CheckedFile): Bilingual | null {
  const { content, entry } = checked;
  if (kindOfEntry(entry)?.signs !== 'shown-first' || inputOf(checked) !== null) return null;
  const signed = readSigned(content);
  const line = signed === null ? undefined : shown.get(sha256Hex(signed.data));
  return line !== undefined && line < entry.seq ? null : notShown(entry.seq);
}

function notShown(line: number): Bilingual {
  return {
    fr: `aucune ligne avant la ligne ${line} ne dit qu'il a été montré avant d'être signé`,
    en: `no line before line ${line} says that it was shown before it was signed`,
  };
}

function anotherHash(line: number): Bilingual {
  return {
    fr: `son empreinte SHA-256 n'est pas celle de la ligne ${line}`,
    en: `its SHA-256 is not that of line ${line}`,
  };
}

function strangeKey(line: number, issuer: string): Bilingual {
  return {
    fr: `la ligne ${line} nomme une clé de ${issuer} qui n'a été ni générée ni lue dans cette cérémonie`,
    en: `line ${line} names a key of ${issuer} that was neither made nor read in this ceremony`,
  };
}

function notSigned(issuer: string): Bilingual {
  return { fr: `pas signé avec la clé de ${issuer}`, en: `not signed with the key of ${issuer}` };
}

function isSigned(der: Bytes, spki: Bytes): boolean {
  const signed = readSigned(der);
  if (signed === null || signed.algorithm === null) return false;
  const { data, algorithm, signature } = signed;
  return verifySignature({ spki, algorithm, data, signature });
}

/** Certificate (RFC 5280 4.1) and CertificateList (5.1) alike: what is signed, the algorithm, the signature. */
function readSigned(der: Bytes) {
  const signed = parseDer(der, (root) => {
    const fields = sequence(root, 'signed');
    const data = fields.next(TAG.sequence, 'to be signed').whole;
    const algorithm = signatureAlgorithmOf(fields.next(TAG.sequence, 'signatureAlgorithm').whole);
    const signature = bitStringOctets(fields.next(TAG.bitString, 'signature'), 'signature');
    fields.end();
    return { data, algorithm, signature };
  });
  return signed.ok ? signed.value : null;
}
