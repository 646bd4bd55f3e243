/** What a transcript tells of, held against the files: their hashes, who signed them, and that no list has lost an entry. */
import { bitStringOctets, parseDer, sequence, TAG } from '../asn1/der-reader.js';
import { type Bytes, equalBytes, fromBase64 } from '../kernel/bytes.js';
import type { Json } from '../kernel/json.js';
import { err, ok, type Result } from '../kernel/result.js';
import { signatureAlgorithmOf, verifySignature } from '../x509/algorithms.js';
import { readCertificate } from '../x509/certificate-reader.js';
import { listEntries, lostEntry } from './list-entries.js';
import { sha256Hex } from './plan.js';
import { recordedFiles } from './recorded-files.js';
import type { Entry } from './transcript.js';
import type { Artefacts, VerifyFault } from './verify.js';
import { carriedFault } from './verify-carried.js';
import { restorationFault } from './verify-restored.js';
import { sealedKeyFault } from './verify-sealed-keys.js';
import type { Words } from './words.js';

export type Checked = { readonly path: string; readonly content: Bytes; readonly entry: Entry };

/** How many files there are. Names the first that does not hold. */
export function checkArtefacts(entries: readonly Entry[], artefacts: Artefacts): Result<number, VerifyFault> {
  const checked: Checked[] = [];
  for (const entry of entries) {
    for (const { path, sha256 } of recordedFiles(entry)) {
      const content = artefacts(path);
      if (content === null) return err({ kind: 'artefact-missing', artefact: path });
      if (sha256Hex(content) !== sha256)
        return err({ kind: 'artefact-altered', artefact: path, rule: anotherHash(entry.seq) });
      checked.push({ path, content, entry });
    }
  }
  for (const one of checked) {
    const fault =
      signatureFault(entries, one) ??
      keyFault(one) ??
      sealedKeyFault(one) ??
      listFault(checked, one) ??
      shownFault(entries, one) ??
      tokenFault(checked, one);
    if (fault !== null) return err({ kind: 'artefact-altered', artefact: one.path, rule: fault });
    const carried = carriedFault(one, artefacts);
    if (carried !== null) return err(carried);
  }
  return ok(new Set(checked.map(({ path }) => path)).size);
}

/** The hashes say that the files are those of the ceremony; the signatures, that the keys signed them which it made or read. */
function signatureFault(entries: readonly Entry[], { path, content, entry }: Checked): Words | null {
  const { issuer, token, request, artefact } = entry.result;
  // A request is signed with the key that it is for.
  const isRequest = FROM_REQUESTS.includes(entry.action) && path === request && path !== artefact;
  if (typeof issuer !== 'string' || isRequest) return null;
  const spki = keyOf(entries, { issuer, token });
  if (spki === null) return strangeKey(entry.seq, issuer);
  return isSigned(content, spki) ? null : notSigned(issuer);
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

/** What was signed in the room had been shown there, and its code read out. Transcripts of before the roll call say nothing of it. */
function shownFault(entries: readonly Entry[], { content, entry }: Checked): Words | null {
  const isOld = !entries.some(({ action }) => action === 'roll-call');
  // Of a list of keys every file is made; elsewhere others of the entry are what it was made of.
  const isMade = entry.action === 'seal-ocsp-keys' || sha256Hex(content) === entry.result.sha256;
  if (isOld || !MAKES.includes(entry.action) || !isMade) return null;
  const signed = readSigned(content);
  const digest = signed === null ? null : sha256Hex(signed.data);
  const isShown = entries.some(
    ({ action, seq, result }) => action === 'confirm' && seq < entry.seq && result.toBeSignedSha256 === digest,
  );
  return isShown ? null : notShown(entry.seq);
}

function notShown(line: number): Words {
  return {
    fr: `aucune ligne avant la ligne ${line} ne dit qu'il a été montré avant d'être signé`,
    en: `no line before line ${line} says that it was shown before it was signed`,
  };
}

/** The public key of an issuer, as a step of this ceremony found it on its token. */
function keyOf(
  entries: readonly Entry[],
  { issuer, token }: { readonly issuer: string; readonly token: Json | undefined },
): Bytes | null {
  const key = entries.find(
    ({ action, result }) =>
      (action === 'generate-key' || action === 'read-key') && result.key === issuer && result.token === token,
  );
  return typeof key?.result.publicKey === 'string' ? fromBase64(key.result.publicKey) : null;
}

/** A key that was read is the one of the certificate that it was held to. */
function keyFault({ content, entry: { action, seq, result } }: Checked): Words | null {
  if (action !== 'read-key') return null;
  const read = readCertificate(content);
  const publicKey = typeof result.publicKey === 'string' ? fromBase64(result.publicKey) : null;
  const same = read.ok && publicKey !== null && equalBytes(read.value.tbs.spki, publicKey);
  return same ? null : { fr: `pas pour la clé de la ligne ${seq}`, en: `not for the key of line ${seq}` };
}

/** A root's list keeps every entry of the one before it: an issuing CA once revoked stays so. */
function listFault(checked: readonly Checked[], { path, content, entry }: Checked): Words | null {
  const { artefact, previous } = entry.result;
  if (entry.action !== 'sign-crl' || path !== artefact || typeof previous !== 'string') return null;
  const before = checked.find((one) => one.path === previous && one.entry === entry);
  const earlier = before === undefined ? null : listEntries(before.content);
  const now = listEntries(content);
  if (earlier === null || !earlier.ok || !now.ok) return { fr: "ce n'est pas une liste", en: 'not a list' };
  const lost = lostEntry(earlier.value, now.value);
  if (lost === null) return null;
  const { serial } = lost;
  return { fr: `il y manque ${serial}, qui est sur ${previous}`, en: `lacks ${serial}, which is on ${previous}` };
}

/** A token that was restored has shown that its keys are those of the back-up. */
function tokenFault(checked: readonly Checked[], { path, content, entry }: Checked): Words | null {
  if (entry.action !== 'restore-token' || path !== entry.result.artefact) return null;
  const record = checked.find((one) => one.entry === entry && one.path !== path);
  return restorationFault(content, record?.content ?? new Uint8Array(0));
}

function anotherHash(line: number): Words {
  return {
    fr: `son empreinte SHA-256 n'est pas celle de la ligne ${line}`,
    en: `its SHA-256 is not that of line ${line}`,
  };
}

function strangeKey(line: number, issuer: string): Words {
  return {
    fr: `la ligne ${line} nomme une clé de ${issuer} qui n'a été ni générée ni lue dans cette cérémonie`,
    en: `line ${line} names a key of ${issuer} that was neither made nor read in this ceremony`,
  };
}

function notSigned(issuer: string): Words {
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
