/** `pfcng cert issue`: issues one certificate for the request in a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import { isObject } from '../../kernel/json.js';
import { fail, say } from '../../terminal/say.js';
import { naming } from '../../terminal/system-error.js';
import { type Api, ask, type Caller, type JsonOption, sayAnswer } from '../common/api-command.js';

export type Issue = Caller & JsonOption & { readonly csr?: string; readonly out?: string; readonly key?: string };

export type IssuedCertificate = {
  readonly id: string;
  readonly profile: string;
  readonly ca: string;
  readonly serialNumber: string;
  readonly status: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly certificate: string;
  readonly chain: string;
};

/**
 * Sends the request, with the CSR of a file of its own if one is named. The same request has the
 * same key, so that the command can be repeated after any failure.
 */
export async function issue(api: Api, file: string, options: Issue): Promise<void> {
  const { csr, out, json } = options;
  const request = requestIn(file);
  if (request === null)
    return fail([
      inBothLanguages({ fr: `${file} : un objet JSON est attendu`, en: `${file}: a JSON object is expected` }),
    ]);
  const payload = JSON.stringify(
    csr === undefined ? request : { ...request, csr: naming(csr, () => readFileSync(csr, 'utf8')) },
  );
  const key = options.key ?? `cert-${sha256Hex(payload)}`;
  const issued = await ask<IssuedCertificate>(api, '/v1/certificates', { payload, key });
  if (out !== undefined) writeFileSync(out, `${issued.certificate}${issued.chain}`);
  sayAnswer(issued, { json: json === true }, ({ id, profile, ca, serialNumber, notAfter, certificate, chain }) => {
    say(
      inBothLanguages({
        fr: `certificat ${id} : ${profile}, émis par ${ca}, numéro de série ${serialNumber}, jusqu'au ${notAfter}`,
        en: `certificate ${id}: ${profile}, issued by ${ca}, serial number ${serialNumber}, until ${notAfter}`,
      }),
    );
    if (out === undefined) say(`${certificate}${chain}`.trimEnd());
  });
}

/** null: the file has no object. Faults of its members are for the API to name. */
function requestIn(file: string): Readonly<Record<string, unknown>> | null {
  try {
    const request: unknown = JSON.parse(naming(file, () => readFileSync(file, 'utf8')));
    return isObject(request) ? request : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
