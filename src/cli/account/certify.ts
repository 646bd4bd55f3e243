/**
 * `pfcng account certify`: gives an account that has lost its certificate a new one. For officers:
 * it calls the API with one of their accounts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { say } from '../../terminal/say.js';
import { naming } from '../../terminal/system-error.js';
import {
  type Api,
  ask,
  type Caller,
  inApi,
  type JsonOption,
  sayAnswer,
  withCallerOptions,
  withJson,
} from '../common/api-command.js';

type Certify = Caller & JsonOption & { readonly csr: string; readonly out: string; readonly keyOrigin?: string };
type Certificate = {
  readonly serialNumber: string;
  readonly notAfter: string;
  readonly certificate: string;
  readonly chain: string;
};

export function registerCertify(account: Command): void {
  withJson(
    withCallerOptions(
      account
        .command('certify <id>')
        .description('a new certificate for an account whose own was revoked or has expired'),
    ),
  )
    .requiredOption('--csr <file>', 'PKCS#10 in PEM, on a new key of the account')
    .requiredOption('--out <file>', 'where the certificate and its chain are written, PEM')
    .option('--key-origin <origin>', 'card, module or software: where the key was made')
    .action((id: string, options: Certify) => inApi(options, (api) => certify(api, id, options)));
}

async function certify(api: Api, id: string, { csr, out, keyOrigin, json }: Certify): Promise<void> {
  const origin = keyOrigin === undefined ? {} : { keyOrigin };
  const payload = JSON.stringify({ csr: naming(csr, () => readFileSync(csr, 'utf8')), ...origin });
  const path = `/v1/accounts/${encodeURIComponent(id)}/certificate`;
  const made = await ask<Certificate>(api, path, { payload });
  writeFileSync(out, `${made.certificate}${made.chain}`);
  sayAnswer(made, { json: json === true }, ({ serialNumber, notAfter }) =>
    say(
      inBothLanguages({
        fr: `compte ${id} : certificat ${serialNumber}, jusqu'au ${notAfter}, dans ${out}`,
        en: `account ${id}: certificate ${serialNumber}, until ${notAfter}, in ${out}`,
      }),
    ),
  );
}
