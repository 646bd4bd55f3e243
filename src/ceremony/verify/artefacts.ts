/** What a transcript tells of, held against the files: their hashes, who signed them, and that no list has lost an entry. */
import { bitStringOctets, parseDer, sequence, TAG } from '../../asn1/der-reader.js';
import { type Bytes, equalBytes, fromBase64 } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { signatureAlgorithmOf, verifySignature } from '../../x509/keys/algorithms.js';
import type { Bilingual } from '../bilingual.js';
import { listEntries, lostEntry } from '../steps/shared/list-entries.js';
import { recordedFiles } from '../transcript/recorded-files.js';
import type { Entry } from '../transcript/transcript.js';
import { sealedKeyFault } from './approved-keys.js';
import { carriedFault } from './carried.js';
import type { Artefacts, Checked, VerifyFault } from './model.js';
import { restorationFault } from './restored.js';

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
      signatureFault(facts, one, done) ??
      keyFault(one) ??
      sealedKeyFault(one) ??
      listFault(one) ??
      shownFault(facts, one) ??
      tokenFault(one);
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
): Result<{ readonly checked: readonly Checked[]; readonly files: number }, VerifyFault> {
  const read = new Map<string, { readonly path: string; readonly content: Bytes; readonly sha256: string }>();
  const checked: Checked[] = [];
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
    if ((action === 'generate-key' || action === 'read-key') && !keys.has(name)) keys.set(name, publicKey);
    if (action === 'confirm' && !shown.has(toBeSignedSha256)) shown.set(toBeSignedSha256, seq);
  }
  return { keys, shown };
}

function keyName(key: Json | undefined, token: Json | undefined): string {
  return canonicalJson([key ?? null, token ?? null]);
}

/** The hashes say that the files are those of the ceremony; the signatures, that the keys signed them which it made or read. */
function signatureFault({ keys }: TranscriptFacts, checked: Checked, done: Set<string>): Bilingual | null {
  const { path, content, entry } = checked;
  const { issuer, token, request, artefact } = entry.result;
  // A request is signed with the key that it is for.
  const isRequest = FROM_REQUESTS.includes(entry.action) && path === request && path !== artefact;
  if (typeof issuer !== 'string' || isRequest) return null;
  const key = keys.get(keyName(issuer, token));
  const spki = typeof key === 'string' ? fromBase64(key) : null;
  if (spki === null) return strangeKey(entry.seq, issuer);
  const checking = `${path} ${key}`;
  if (!done.has(checking) && !isSigned(content, spki)) return notSigned(issuer);
  done.add(checking);
  return null;
}

const MAKES: readonly Entry['action'][] = [
  'create-root',
  'create-issuing-authority',
  'create-ocsp-signer',
  'sign-crl',
  'seal-ocsp-keys',
  'create-access-authority',
  'create-break-glass-account',
];

const FROM_REQUESTS: readonly Entry['action'][] = ['create-issuing-authority', 'create-break-glass-account'];

/** What was signed in the room had been shown there, and its code read out. */
function shownFault({ shown }: TranscriptFacts, { content, entry }: Checked): Bilingual | null {
  if (!MAKES.includes(entry.action)) return null;
  // Of a list of keys every file is made; elsewhere others of the entry are what it was made of.
  if (entry.action !== 'seal-ocsp-keys' && sha256Hex(content) !== entry.result.sha256) return null;
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

/** A key that was read is the one of the certificate that it was held to. */
function keyFault({ content, entry: { action, seq, result } }: Checked): Bilingual | null {
  if (action !== 'read-key') return null;
  const read = readCertificate(content);
  const publicKey = typeof result.publicKey === 'string' ? fromBase64(result.publicKey) : null;
  const same = read.ok && publicKey !== null && equalBytes(read.value.tbs.spki, publicKey);
  return same ? null : { fr: `pas pour la clé de la ligne ${seq}`, en: `not for the key of line ${seq}` };
}

/** A root's list keeps every entry of the one before it: an issuing CA once revoked stays so. */
function listFault({ path, content, entry, others }: Checked): Bilingual | null {
  const { artefact, previous } = entry.result;
  if (entry.action !== 'sign-crl' || path !== artefact || typeof previous !== 'string') return null;
  const before = others.find((one) => one.path === previous);
  const earlier = before === undefined ? null : listEntries(before.content);
  const now = listEntries(content);
  if (earlier === null || !earlier.ok || !now.ok) return { fr: "ce n'est pas une liste", en: 'not a list' };
  const lost = lostEntry(earlier.value, now.value);
  if (lost === null) return null;
  const { serial } = lost;
  return { fr: `il y manque ${serial}, qui est sur ${previous}`, en: `lacks ${serial}, which is on ${previous}` };
}

/** A token that was restored has shown that its keys are those of the back-up. */
function tokenFault({ path, content, entry, others }: Checked): Bilingual | null {
  const { artefact, record } = entry.result;
  if (entry.action !== 'restore-token' || path !== artefact) return null;
  const kept = others.find((one) => one.path === record);
  return restorationFault(content, kept?.content ?? new Uint8Array(0));
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
