/** A list of sealed keys in a transcript: each certificate is for the key that its line tells of, and that for the one of the plan. */
import { sha256Hex } from '../../kernel/digest.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { Bilingual } from '../bilingual.js';
import type { CeremonyStep } from '../plan/model.js';
import type { Entry } from '../transcript/transcript.js';

type Sealed = { readonly path: string; readonly content: Uint8Array; readonly entry: Entry };

type Told = { readonly certificate?: unknown; readonly publicKeySha256?: unknown };

function toldIn({ keys }: Entry['result']): readonly Told[] {
  return Array.isArray(keys) ? keys.map((key) => (key ?? {}) as Told) : [];
}

export function sealedKeyFault({ path, content, entry: { action, seq, result } }: Sealed): Bilingual | null {
  if (action !== 'seal-ocsp-keys') return null;
  const read = readCertificate(content);
  const hash = read.ok ? sha256Hex(read.value.tbs.spki) : null;
  const isNamed = toldIn(result).some(
    ({ certificate, publicKeySha256 }) => certificate === path && publicKeySha256 === hash,
  );
  return isNamed ? null : { fr: `pas pour une clé de la ligne ${seq}`, en: `not for a key of line ${seq}` };
}

/** Each key that the plan states is the one that the line tells of; `*`: it leaves it to the day. */
export function statedKeyFault(step: CeremonyStep, { result }: Entry): Bilingual | null {
  if (step.do !== 'seal-ocsp-keys') return null;
  const told = new Map(toldIn(result).map(({ certificate, publicKeySha256 }) => [certificate, publicKeySha256]));
  const other = step.keys.find(
    ({ output, publicKeySha256 }) => publicKeySha256 !== '*' && told.get(output) !== publicKeySha256,
  );
  if (other === undefined) return null;
  return {
    fr: `${other.output} n'est pas pour la clé que dit le plan`,
    en: `${other.output} is not for the key that the plan states`,
  };
}
