/**
 * `pfcng cert`: finds, shows, issues and revokes certificates. It calls the API with an account, so
 * that it can do what the account may do, and leaves the same traces in the audit log.
 */
import type { Command } from 'commander';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { escapeForTerminal, say, sayTable } from '../../terminal/say.js';
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
import { type Issue, type IssuedCertificate, issue } from './issue.js';

/** The search of the API by its members, which options name in the same way. */
type Criteria = {
  readonly holder?: string;
  readonly card?: string;
  readonly structure?: string;
  readonly order?: string;
  readonly profile?: string;
  readonly ca?: string;
  readonly serialNumber?: string;
  readonly status?: string;
  readonly issuedFrom?: string;
  readonly issuedUntil?: string;
  readonly expiresFrom?: string;
  readonly expiresBefore?: string;
  readonly ticket?: string;
  readonly sort?: string;
  readonly limit?: string;
  readonly cursor?: string;
};
type Revoke = Caller & JsonOption & { readonly reason: string; readonly invalidityDate?: string };

type Summary = {
  readonly id: string;
  readonly profile: string;
  readonly ca: string;
  readonly serialNumber: string;
  readonly status: string;
  readonly notAfter: string;
};
type Page = { readonly certificates: readonly Summary[]; readonly nextCursor: string | null };

type ShownCertificate = IssuedCertificate & {
  readonly holder: object;
  readonly card: { readonly tokenId?: string } | null;
  readonly revocation: { readonly at: string; readonly reason: string; readonly invalidityDate: string | null } | null;
  readonly alsoRevoked?: readonly string[];
};

export function registerCert(program: Command): void {
  const cert = program.command('cert').description('certificates: find them, show one, issue one, revoke one');
  const command = (name: string, description: string, as?: string): Command =>
    withJson(withCallerOptions(cert.command(name).description(description), as));
  withCriteria(command('find', 'search certificates; the search is recorded in the audit log')).action(
    (options: Criteria & Caller & JsonOption) => inApi(options, (api) => find(api, options)),
  );
  command('show <id>', 'a certificate with its status')
    .option('--pem', 'print the certificate and its chain as PEM, and nothing else')
    .action((id: string, options: Caller & JsonOption & { readonly pem?: boolean }) =>
      inApi(options, (api) => show(api, id, options)),
    );
  command('issue <file>', 'issue a certificate, from a file with the request as JSON (ops/api.md)', 'card-management')
    .option('--csr <file>', 'PKCS#10 in PEM: the member csr of the request')
    .option('--out <file>', 'where the certificate and its chain are written, PEM (default: they are printed)')
    .option('--key <key>', 'Idempotency-Key (default: from the digest of the request, so that it is issued once)')
    .action((file: string, options: Issue) => inApi(options, async (api) => void (await issue(api, file, options))));
  command('revoke <id>', 'revoke a certificate; this cannot be undone')
    .requiredOption('--reason <reason>', 'keyCompromise, superseded, cessationOfOperation, ... (RFC 5280 5.3.1)')
    .option('--invalidity-date <time>', 'when the key probably became invalid, RFC 3339 in UTC')
    .action((id: string, options: Revoke) => inApi(options, (api) => revoke(api, id, options)));
}

function withCriteria(command: Command): Command {
  return command
    .option('--holder <id>', 'id of the holder')
    .option('--card <number>', 'token id of the card')
    .option('--structure <id>', 'id of the structure')
    .option('--order <id>', 'what the lines of this order were issued')
    .option('--profile <id>', 'profile: fort/cps-signature, ...')
    .option('--ca <id>', 'issuing CA: aci-fo-pp, ...')
    .option('--serial-number <number>', 'serial number, hexadecimal or decimal')
    .option('--status <status>', 'pending, issued, suspended, revoked or expired')
    .option('--issued-from <time>', 'issued at this time or later, RFC 3339 in UTC')
    .option('--issued-until <time>', 'issued at this time or earlier')
    .option('--expires-from <time>', 'certificates that end at this time or later')
    .option('--expires-before <time>', 'certificates that end before this time')
    .option('--ticket <text>', 'the call or request that the search is for, for the audit log')
    .option('--sort <order>', 'issuedAt or notAfter, with - before it for the latest first')
    .option('--limit <number>', 'number of certificates in a page')
    .option('--cursor <cursor>', 'the next page, as the previous one names it');
}

const CRITERIA = [
  'holder',
  'card',
  'structure',
  'order',
  'profile',
  'ca',
  'serialNumber',
  'status',
  'issuedFrom',
  'issuedUntil',
  'expiresFrom',
  'expiresBefore',
  'ticket',
  'sort',
  'limit',
  'cursor',
] as const satisfies readonly (keyof Criteria)[];

async function find(api: Api, options: Criteria & JsonOption): Promise<void> {
  const given = CRITERIA.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [[name, value]];
  });
  const query = new URLSearchParams(given).toString();
  const page = await ask<Page>(api, `/v1/certificates/summaries${query === '' ? '' : `?${query}`}`);
  sayAnswer(page, options, ({ certificates, nextCursor }) => {
    sayTable(
      ['ID', 'STATUS', 'PROFILE', 'CA', 'SERIAL NUMBER', 'UNTIL'],
      certificates.map(({ id, status, profile, ca, serialNumber, notAfter }) => [
        id,
        status,
        profile,
        ca,
        serialNumber,
        notAfter,
      ]),
    );
    if (nextCursor !== null)
      say(inBothLanguages({ fr: `suite : --cursor ${nextCursor}`, en: `more: --cursor ${nextCursor}` }));
  });
}

function pathOf(id: string): string {
  return `/v1/certificates/${encodeURIComponent(id)}`;
}

async function show(api: Api, id: string, options: JsonOption & { readonly pem?: boolean }): Promise<void> {
  const found = await ask<ShownCertificate>(api, pathOf(id));
  if (options.pem === true) return void process.stdout.write(`${found.certificate}${found.chain}`);
  sayAnswer(found, options, sayCertificate);
}

async function revoke(api: Api, id: string, { reason, invalidityDate, json }: Revoke): Promise<void> {
  const payload = JSON.stringify({ reason, ...(invalidityDate === undefined ? {} : { invalidityDate }) });
  sayAnswer(
    await ask<ShownCertificate>(api, `${pathOf(id)}/revocation`, { payload }),
    { json: json === true },
    sayCertificate,
  );
}

function sayCertificate(shown: ShownCertificate): void {
  const { id, profile, ca, serialNumber, status, notBefore, notAfter, holder, card, revocation, alsoRevoked } = shown;
  say(`certificate ${id}: ${status}`);
  say(`  ${profile}, issued by ${ca}, serial number ${serialNumber}`);
  say(`  ${notBefore} - ${notAfter}`);
  say(escapeForTerminal(`  holder: ${JSON.stringify(holder)}`));
  if (card?.tokenId !== undefined) say(`  card: ${card.tokenId}`);
  if (revocation !== null) say(`  ${status} at ${revocation.at}: ${revocation.reason}`);
  for (const other of alsoRevoked ?? []) say(`  on the same key, and revoked too: ${other}`);
}
