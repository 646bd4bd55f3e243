/**
 * Verifies the files that a transcript records: their hashes, their signatures, and that each kind
 * of step accepts its files, for example that no CRL has lost an entry.
 */
import { bitStringOctets, parseDer, sequence, TAG } from '../../asn1/der-reader.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { type Bytes, fromBase64 } from '../../kernel/bytes.js';
import { formatInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { signatureAlgorithmOf, verifySignature } from '../../x509/keys/algorithms.js';
import { kindOfEntry } from '../steps/all.js';
import type { InputFile } from '../steps/kind.js';
import { type Entry, recordedFiles } from '../transcript/transcript.js';
import { copiesFault } from './carried.js';
import type { Artefacts, CheckedFile, VerifyFault } from './model.js';

/**
 * Limits of the recorded files, much higher than any ceremony needs, so that a hostile transcript
 * cannot make an audit take long or exhaust the memory.
 */
export const RECORDED_FILES_MAX = 1_000;
const RECORDED_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Verifies the files and returns their number. The error names the first file that does not verify.
 */
export function checkArtefacts(entries: readonly Entry[], artefacts: Artefacts): Result<number, VerifyFault> {
  const found = readRecorded(entries, artefacts);
  if (!found.ok) return found;
  const facts = factsOf(entries);
  // The signature of a file is verified once with each key, and what the file records about other
  // files once, even if many entries record the file.
  const done = new Set<string>();
  for (const one of found.value.checked) {
    const fault =
      signatureFault(facts, one, done) ??
      kindOfEntry(one.entry)?.verify.fileFault(one) ??
      shownFault(facts, one) ??
      certificateFault(one);
    if (fault !== null) return err({ kind: 'artefact-altered', artefact: one.path, rule: fault });
    if (done.has(one.path)) continue;
    done.add(one.path);
    const carried = copiesFault(one, artefacts);
    if (carried !== null) return err(carried);
  }
  return ok(found.value.files);
}

/** Reads every recorded file once, and compares it with the hash in each entry. */
function readRecorded(
  entries: readonly Entry[],
  artefacts: Artefacts,
): Result<{ readonly checked: readonly CheckedFile[]; readonly files: number }, VerifyFault> {
  const read = new Map<string, { readonly path: string; readonly content: Bytes; readonly sha256: string }>();
  const checked: CheckedFile[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const recorded = recordedFiles(entry);
    if (checked.length + recorded.length > RECORDED_FILES_MAX) return err(tooLarge(RULES.files));
    for (const { path, sha256 } of recorded) {
      const content = read.get(path)?.content ?? artefacts(path);
      if (content === null) return err({ kind: 'artefact-missing', artefact: path });
      if (!read.has(path)) {
        bytes += content.length;
        if (bytes > RECORDED_BYTES_MAX) return err(tooLarge(RULES.bytes));
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
    fr: `il nomme plus de ${RECORDED_FILES_MAX} fichiers : aucune cérémonie n'en produit autant`,
    en: `it names more than ${RECORDED_FILES_MAX} files: no ceremony makes that many`,
  },
  bytes: {
    fr: `ses fichiers dépassent ${RECORDED_BYTES_MAX} octets : aucune cérémonie n'en produit autant`,
    en: `its files have more than ${RECORDED_BYTES_MAX} bytes: no ceremony makes that many`,
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** The facts of entries with which other entries are compared, collected in one pass. */
type TranscriptFacts = {
  /**
   * Label and token of a key -> public key in base64, from the first step that made or read the
   * key.
   */
  readonly keys: ReadonlyMap<string, Json>;
  /** SHA-256 of to-be-signed bytes -> the first line that records that they were shown. */
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

/**
 * Checks that the file is signed by the issuer that its line names, with a key that the ceremony
 * made or read. The hash alone proves only that the file belongs to the ceremony.
 */
function signatureFault({ keys }: TranscriptFacts, checked: CheckedFile, done: Set<string>): Bilingual | null {
  const { path, content, entry } = checked;
  const { issuer, token } = entry.result;
  if (typeof issuer !== 'string' || asStepInput(checked)?.signedBy === 'other') return null;
  const key = keys.get(keyName(issuer, token));
  const spki = typeof key === 'string' ? fromBase64(key) : null;
  if (spki === null) return strangeKey(entry.seq, issuer);
  const checking = `${path} ${key}`;
  if (!done.has(checking) && !isSigned(content, spki)) return notSigned(issuer);
  done.add(checking);
  return null;
}

/**
 * Returns what the step says about a file that it did not sign. `null`: the step does not list the
 * file as one of these.
 */
function asStepInput({ path, entry }: CheckedFile): InputFile | null {
  if (path === entry.result.artefact) return null;
  return (
    kindOfEntry(entry)
      ?.verify.inputs(entry)
      .find((input) => input.path === path) ?? null
  );
}

/** Checks that a signed file was shown, with its code read aloud, before it was signed. */
function shownFault({ shown }: TranscriptFacts, checked: CheckedFile): Bilingual | null {
  const { content, entry } = checked;
  if (kindOfEntry(entry)?.signs !== 'shown-first' || asStepInput(checked) !== null) return null;
  const signed = readSigned(content);
  const line = signed === null ? undefined : shown.get(sha256Hex(signed.data));
  return line !== undefined && line < entry.seq ? null : notShown(entry.seq);
}

/**
 * Checks that the line of a new certificate has the serial number, key and validity of the
 * certificate, because the minutes repeat the line.
 */
function certificateFault({ path, content, entry }: CheckedFile): Bilingual | null {
  const { seq, result } = entry;
  const isNew = kindOfEntry(entry)?.signs === 'shown-first' && path === result.artefact;
  if (!isNew || !path.endsWith('.cer')) return null;
  const read = readCertificate(content);
  if (!read.ok) return otherFacts(seq);
  const { serial, spki, notBefore, notAfter } = read.value.tbs;
  const isSame =
    result.serial === serial &&
    result.publicKeySha256 === sha256Hex(spki) &&
    result.notBefore === formatInstant(notBefore.at) &&
    result.notAfter === formatInstant(notAfter.at);
  return isSame ? null : otherFacts(seq);
}

function otherFacts(line: number): Bilingual {
  return {
    fr: `la ligne ${line} lui donne un autre numéro de série, une autre clé ou une autre validité`,
    en: `line ${line} gives it another serial number, key or validity`,
  };
}

function notShown(line: number): Bilingual {
  return {
    fr: `aucune ligne avant la ligne ${line} n'indique qu'il a été présenté avant d'être signé`,
    en: `no line before line ${line} records that it was shown before it was signed`,
  };
}

function anotherHash(line: number): Bilingual {
  return {
    fr: `son empreinte SHA-256 diffère de celle de la ligne ${line}`,
    en: `its SHA-256 differs from line ${line}`,
  };
}

function strangeKey(line: number, issuer: string): Bilingual {
  return {
    fr: `la ligne ${line} nomme une clé de ${issuer} qui n'a été ni générée ni lue dans cette cérémonie`,
    en: `line ${line} names a key of ${issuer} that was neither made nor read in this ceremony`,
  };
}

function notSigned(issuer: string): Bilingual {
  return { fr: `n'est pas signé par la clé de ${issuer}`, en: `not signed with the key of ${issuer}` };
}

function isSigned(der: Bytes, spki: Bytes): boolean {
  const signed = readSigned(der);
  if (signed === null || signed.algorithm === null) return false;
  const { data, algorithm, signature } = signed;
  return verifySignature({ spki, algorithm, data, signature });
}

/**
 * Reads the to-be-signed part, the algorithm and the signature of a Certificate (RFC 5280 4.1) or
 * CertificateList (5.1). `null`: it is neither.
 */
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
