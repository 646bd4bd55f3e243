/**
 * The form of bundles. A bundle is one file that carries files from one ceremony to another on a
 * different machine. It has a manifest, which names every file with its hash and is signed by the
 * transcript key of the exporting ceremony, and the files. It is canonical JSON (RFC 8785), so that
 * it has exactly one encoding.
 */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { type Bytes, equalBytes, fromBase64, toBase64, utf8 } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { canonicalJson, type Json } from '../../../kernel/json.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import type { CeremonyPlan } from '../../plan/model.js';
import { isCeremonySignature } from '../../transcript/signatures.js';

export type BundleManifest = {
  readonly form: 1;
  /** The id of the plan of the exporting ceremony. */
  readonly ceremony: string;
  /** SHA-256 of that plan. */
  readonly planSha256: string;
  readonly environment: CeremonyPlan['environment'];
  readonly hierarchy: CeremonyPlan['hierarchy'];
  /** Path in a home folder -> SHA-256. */
  readonly files: Readonly<Record<string, string>>;
};

export type Bundle = {
  readonly manifest: BundleManifest;
  readonly contents: ReadonlyMap<string, Bytes>;
  /** SubjectPublicKeyInfo of the transcript key that signed the manifest. */
  readonly publicKey: Bytes;
  /** The signature over the manifest (ECDSA-Sig-Value, DER). */
  readonly signature: Bytes;
};

const BUNDLE_BYTES_MAX = 8 * 1024 * 1024;

export function manifestOf(plan: CeremonyPlan, contents: ReadonlyMap<string, Bytes>): BundleManifest {
  const { id, digest, environment, hierarchy } = plan;
  const files = Object.fromEntries([...contents].map(([path, content]) => [path, sha256Hex(content)]));
  return { form: 1, ceremony: id, planSha256: digest, environment, hierarchy, files };
}

/** Returns the bytes of the manifest that are signed. */
export function manifestBytes(manifest: BundleManifest): Bytes {
  return utf8(canonicalJson(manifest as Json));
}

export function encodeBundle({ manifest, contents, publicKey, signature }: Bundle): Bytes {
  const files = Object.fromEntries([...contents].map(([path, content]) => [path, toBase64(content)]));
  const signed = { publicKey: toBase64(publicKey), signature: toBase64(signature) };
  return utf8(`${canonicalJson({ manifest: manifest as Json, contents: files, ...signed })}\n`);
}

const RULES = {
  form: { fr: "ce n'est pas un paquet de cérémonie", en: 'not a bundle of a ceremony' },
  signature: {
    fr: "son manifeste n'est pas signé par la clé de la cérémonie qu'il nomme",
    en: 'its manifest is not signed by the ceremony key that it names',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/**
 * Reads a bundle and verifies its hashes and its signature with the key that it names itself. The
 * caller finds out whether that key is the expected one by the hash of the bundle.
 */
export function readBundle(octets: Bytes): Result<Bundle, Bilingual> {
  const bundle = octets.length > BUNDLE_BYTES_MAX ? null : parse(octets);
  if (bundle === null || !equalBytes(encodeBundle(bundle), octets)) return err(RULES.form);
  const { manifest, contents, publicKey, signature } = bundle;
  const named = Object.keys(manifest.files);
  if (named.length !== contents.size) return err(RULES.form);
  for (const path of named) {
    const content = contents.get(path);
    if (content === undefined || sha256Hex(content) !== manifest.files[path]) return err(otherContent(path));
  }
  return isCeremonySignature(publicKey, manifestBytes(manifest), signature) ? ok(bundle) : err(RULES.signature);
}

function otherContent(path: string): Bilingual {
  return {
    fr: `le contenu de ${path} diffère de celui que décrit le manifeste`,
    en: `the content of ${path} differs from what the manifest describes`,
  };
}

/**
 * Parses a bundle without checking every member: the caller encodes the result again and refuses
 * other bytes.
 */
function parse(octets: Bytes): Bundle | null {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(octets));
    const publicKey = fromBase64(value.publicKey);
    const signature = fromBase64(value.signature);
    const contents = new Map<string, Bytes>();
    for (const [path, content] of Object.entries(value.contents)) {
      const decoded = typeof content === 'string' ? fromBase64(content) : null;
      if (decoded === null) return null;
      contents.set(path, decoded);
    }
    const { manifest } = value;
    return publicKey !== null && signature !== null && isManifest(manifest)
      ? { manifest, contents, publicKey, signature }
      : null;
  } catch {
    return null;
  }
}

const MEMBERS: readonly string[] = [
  'ceremony',
  'planSha256',
  'environment',
  'hierarchy',
] satisfies (keyof BundleManifest)[];

function isManifest(value: unknown): value is BundleManifest {
  if (typeof value !== 'object' || value === null) return false;
  const { form, files, ...others } = value as Readonly<Record<string, unknown>>;
  if (form !== 1 || typeof files !== 'object' || files === null || Array.isArray(files)) return false;
  // The hierarchy is null for a ceremony of the platform or of the access CA.
  const isText = ([name, text]: readonly [string, unknown]) =>
    MEMBERS.includes(name) && (typeof text === 'string' || (name === 'hierarchy' && text === null));
  return Object.keys(others).length === MEMBERS.length && Object.entries(others).every(isText);
}
