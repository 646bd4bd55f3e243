/** `pfcng ceremony add-signature`: lays the signature of a person who was present beside the transcript, if it is one. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Bilingual, both } from '../../ceremony/bilingual.js';
import type { PlanFile } from '../../ceremony/plan/model.js';
import { signatories, signatureFault } from '../../ceremony/transcript/people-signatures.js';
import { homeFiles } from '../../ceremony-host/files.js';
import type { Bytes } from '../../kernel/bytes.js';
import { fail, say } from '../../terminal/say.js';
import { decodePem } from '../../x509/pem.js';

export type AddSignature = { readonly person: string; readonly certificate: string; readonly signature: string };

export async function addSignature(transcript: string, given: AddSignature): Promise<void> {
  const folder = dirname(resolve(transcript));
  const plan = JSON.parse(await readFile(`${folder}/plan.json`, 'utf8')) as Pick<PlanFile, 'id' | 'people'>;
  const asked = signatories(plan);
  const person = asked.find(({ name }) => name === given.person);
  if (person === undefined) return fail([both(nobody(given.person, asked))]);
  const certificate = await readDer(given.certificate);
  const signature = new Uint8Array(await readFile(given.signature));
  const fault = signatureFault(person, { certificate, signature }, new Uint8Array(await readFile(transcript)));
  if (fault !== null) return fail([`${given[fault.of]}: ${both(fault.rule)}`]);
  // The transcript lies in <home>/ceremony/<id>/.
  const files = homeFiles(dirname(dirname(folder)));
  const laid = [
    { path: person.paths.certificate, content: certificate },
    { path: person.paths.signature, content: signature },
  ];
  for (const { path, content } of laid) if ((await files.read(path)) === null) await files.create(path, content);
  say(both({ fr: `signature de ${person.name} ajoutée`, en: `signature of ${person.name} added` }));
}

function nobody(name: string, asked: readonly { readonly name: string }[]): Bilingual {
  const names = asked.map((one) => one.name).join(', ') || '-';
  return {
    fr: `le plan ne nomme pas de certificat pour ${name} ; il en nomme pour : ${names}`,
    en: `the plan names no certificate for ${name}; it does for: ${names}`,
  };
}

/** DER or PEM. */
async function readDer(file: string): Promise<Bytes> {
  const content = new Uint8Array(await readFile(file));
  const pem = decodePem(new TextDecoder().decode(content), ['CERTIFICATE']);
  return pem.ok ? pem.value : content;
}
