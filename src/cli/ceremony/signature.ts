/**
 * `pfcng ceremony add-signature`: puts the signature of a person who was present next to the
 * transcript, if it verifies.
 */
import { dirname, join, resolve } from 'node:path';
import { signatories, signatureFault } from '../../ceremony/transcript/people-signatures.js';
import { readPlanCopy } from '../../ceremony/verify/plan-copy.js';
import { TRANSCRIPT_BYTES_MAX } from '../../ceremony/verify/verify.js';
import { homeFiles } from '../../ceremony-host/files.js';
import { readRegularFile } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { fail, say } from '../../terminal/say.js';
import { decodePem } from '../../x509/pem.js';

type AddSignature = { readonly person: string; readonly certificate: string; readonly signature: string };

export async function addSignature(transcript: string, given: AddSignature): Promise<void> {
  const folder = dirname(resolve(transcript));
  const planFile = join(folder, 'plan.json');
  const plan = readPlanCopy(new Uint8Array(readRegularFile(planFile)));
  if (!plan.ok) return fail([`${planFile}: ${inBothLanguages(plan.error)}`]);
  const people = signatories(plan.value);
  const person = people.find(({ name }) => name === given.person);
  if (person === undefined) return fail([inBothLanguages(notASignatory(given.person, people))]);
  const certificate = readDer(given.certificate);
  const signature = new Uint8Array(readRegularFile(given.signature));
  const fault = signatureFault(
    person,
    { certificate, signature },
    new Uint8Array(readRegularFile(transcript, TRANSCRIPT_BYTES_MAX)),
  );
  if (fault !== null) return fail([`${given[fault.of]}: ${inBothLanguages(fault.rule)}`]);
  // The transcript is in <home>/ceremony/<id>/.
  const files = homeFiles(dirname(dirname(folder)));
  const additions = [
    { path: person.paths.certificate, content: certificate },
    { path: person.paths.signature, content: signature },
  ];
  for (const { path, content } of additions) if ((await files.read(path)) === null) await files.create(path, content);
  say(inBothLanguages({ fr: `signature de ${person.name} ajoutée`, en: `signature of ${person.name} added` }));
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
