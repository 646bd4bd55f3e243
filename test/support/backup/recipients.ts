/** Key pairs of officers for whom backups are encrypted, made by OpenSSL. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { runProgram } from '../machine/programs.js';

export type Recipient = {
  /** Paths of PEM files. */
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly certificate: Bytes;
  readonly key: KeyObject;
};

const FORMS = {
  rsa: { newKey: ['rsa:2048'], usage: 'keyEncipherment' },
  'p-256': { newKey: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], usage: 'keyAgreement' },
  'p-384': { newKey: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], usage: 'keyAgreement' },
} as const;

/** `usage`: the keyUsage of the certificate, where it is not the right one. */
export async function makeRecipient(
  folder: string,
  { name, form, usage = FORMS[form].usage }: { name: string; form: keyof typeof FORMS; usage?: string },
): Promise<Recipient> {
  const [certificateFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const args = ['req', '-x509', '-newkey', ...FORMS[form].newKey, '-nodes', '-days', '30', '-subj', `/CN=${name}`];
  const made = await runProgram({
    program: 'openssl',
    args: [...args, '-addext', `keyUsage=critical,${usage}`, '-keyout', keyFile, '-out', certificateFile],
  });
  if (made.status !== 0) throw new Error(made.stderr.toString());
  const [certificate, key] = [readFileSync(certificateFile), createPrivateKey(readFileSync(keyFile))];
  return { certificateFile, keyFile, certificate, key };
}

/** The certificates of two officers, as a configuration names them. */
export async function makeTwoRecipients(folder: string): Promise<readonly string[]> {
  const first = await makeRecipient(folder, { name: 'officer-1', form: 'rsa' });
  const second = await makeRecipient(folder, { name: 'officer-2', form: 'p-256' });
  return [first.certificateFile, second.certificateFile];
}
