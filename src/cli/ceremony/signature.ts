/**
 * `pfcng ceremony add-signature`: puts the signature of a person who was present next to the
 * transcript, if it verifies.
 */
import { dirname, join, resolve } from 'node:path';
import { certificateSignatories, signatureFault } from '../../ceremony/transcript/signatures.js';
import { readPlanCopy } from '../../ceremony/verify/plan-copy.js';
import { TRANSCRIPT_BYTES_MAX } from '../../ceremony/verify/verify.js';
import { homeFiles } from '../../ceremony-host/files.js';
import { readRegularFile } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { fail, say } from '../../terminal/say.js';
import { decodePem } from '../../x509/pem.js';

type AddSignature = { readonly person: string; readonly certificate: string; readonly signature: string };

export async function addSignature(transcript: string, given: AddSignature): Promise<void> {
  const folder = dirname(resolve(transcript));
  const planFile = join(folder, 'plan.json');
  const plan = readPlanCopy(new Uint8Array(readRegularFile(planFile)));
  if (!plan.ok) return fail([`${planFile}: ${inBothLanguages(plan.error)}`]);
  const people = certificateSignatories(plan.value);
  const certificate = readDer(given.certificate);
  const named = people.filter(({ name }) => name === given.person);
  // Two people may have the same name, and a person who has two roles signs for both.
  const owned = named.filter(({ certificateSha256 }) => certificateSha256 === sha256Hex(certificate));
  const [person] = [...owned, ...named];
  if (person === undefined) return fail([inBothLanguages(notASignatory(given.person, people))]);
  const signature = new Uint8Array(readRegularFile(given.signature));
  const signed = new Uint8Array(readRegularFile(transcript, TRANSCRIPT_BYTES_MAX));
  const fault = signatureFault(person, { certificate, signature }, signed);
  if (fault !== null) return fail([`${given[fault.of]}: ${inBothLanguages(fault.rule)}`]);
  // The transcript is in <home>/ceremony/<id>/.
  const files = homeFiles(dirname(dirname(folder)));
  for (const { paths } of owned) {
    const there = { certificate: await files.read(paths.certificate), signature: await files.read(paths.signature) };
    // Files that are there and do not verify, such as a damaged copy, are replaced.
    if (isSignature(person, there, signed)) continue;
    await files.replace(paths.certificate, certificate);
    await files.replace(paths.signature, signature);
  }
  say(inBothLanguages({ fr: `signature de ${person.name} ajoutée`, en: `signature of ${person.name} added` }));
}

type StoredSignature = { readonly certificate: Bytes | null; readonly signature: Bytes | null };

function isSignature(
  person: Parameters<typeof signatureFault>[0],
  { certificate, signature }: StoredSignature,
  transcript: Bytes,
): boolean {
  return (
    certificate !== null &&
    signature !== null &&
    signatureFault(person, { certificate, signature }, transcript) === null
  );
}

function notASignatory(name: string, people: readonly { readonly name: string }[]): Bilingual {
  const names = people.map((one) => one.name).join(', ') || '-';
  return {
    fr: `le plan ne nomme pas de certificat pour ${name} ; il en nomme pour : ${names}`,
    en: `the plan names no certificate for ${name}; it names one for: ${names}`,
  };
}

/** Reads DER or PEM. */
function readDer(file: string): Bytes {
  const content = new Uint8Array(readRegularFile(file));
  const pem = decodePem(new TextDecoder().decode(content), ['CERTIFICATE']);
  return pem.ok ? pem.value : content;
}
