/**
 * Plays the main job once on real input: the card of a professional makes its keys and gets its two
 * certificates, which OCSP reports as good; a remote update gives it new keys; it is revoked, and
 * OCSP and the CRL report that. Then an order gives twenty cards their certificates. OpenSSL judges
 * each step, which is printed with the command that repeats it.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import { loadHome } from '../../compose/home.js';
import { systemRandom } from '../../compose/world.js';
import type { Config } from '../../config/load.js';
import { shellWord } from '../../kernel/shell-word.js';
import { fail, say } from '../../terminal/say.js';
import { type ApiAnswer, callApi, fetchBytes } from '../common/client.js';
import { openssl } from '../common/openssl.js';
import { ownCommandIn } from '../common/own-command.js';
import { credentialFiles } from '../development/accounts.js';
import { playOrder } from './play-order.js';
import { playUpdate } from './play-update.js';
import { judge, ocspCommand, PLAYED_HOLDER, PlayFailed, runOwn, type Stage, step } from './stage.js';

export function registerPlay(program: Command): void {
  program
    .command('play')
    .description('play the main job against the running service: issue a card, check it, revoke it, check again')
    .action(async () => {
      const home = loadHome();
      if (!home.ok) return fail(home.error.faults);
      if (!(await playMainJob(home.value.config))) process.exitCode = 1;
    });
}

type IssuedCertificate = {
  readonly id: string;
  readonly serialNumber: string;
  readonly certificate: string;
  readonly chain: string;
  readonly ca: string;
};

/** Returns true if OpenSSL confirmed every step. */
export async function playMainJob(config: Config): Promise<boolean> {
  const stage = createStage(config);
  say('');
  say(`The main job, on card ${stage.tokenId}. Each step is printed with its command; to repeat them, first:`);
  say(`     cd ${shellWord(stage.folder)}; C=${shellWord(relative(stage.folder, config.paths.credentials))}`);
  try {
    await play(stage);
    return true;
  } catch (error) {
    if (!(error instanceof PlayFailed)) throw error;
    fail(error.message.split('\n'));
    return false;
  }
}

function createStage(config: Config): Stage {
  const { paths, listen } = config;
  const plays = join(paths.home, 'plays');
  mkdirSync(plays, { recursive: true, mode: 0o700 });
  return {
    config,
    folder: mkdtempSync(join(plays, 'card-')),
    tokenId: `8025000001/${cardSerial()}`,
    api: `https://127.0.0.1:${listen.api.port}`,
    publication: config.publicAddress ?? `http://127.0.0.1:${listen.publication.port}`,
  };
}

/** Draws ten digits: each run has a new card. */
function cardSerial(): string {
  return systemRandom(10)
    .reduce<string>((digits, octet) => `${digits}${octet % 10}`, '')
    .slice(0, 10);
}

async function play(stage: Stage): Promise<void> {
  step(1, 'the card makes its two keys and signs its certification requests; the keys never leave its token');
  await makeCard(stage);
  step(2, 'the card management system orders both certificates: it gets both or none');
  const certificates = await order(stage);
  await fetchAuthorities(stage);
  step(3, 'OpenSSL verifies both with their chain and CRLs');
  for (const name of ['authentication', 'signature'])
    await judge(stage, verifyCommand(name, 'ca-before.crl'), { status: 0, text: ': OK' });
  step(4, 'OCSP says good');
  await judge(stage, ocspCommand(stage, 'authentication'), { status: 0, text: 'authentication.pem: good' });
  step(5, 'in the field, the card gets new keys; the connection is lost, and the next run resumes the update');
  await playUpdate(stage);
  step(6, 'the card is lost: all of its certificates are revoked');
  await revoke(stage);
  step(7, 'OCSP says revoked');
  await judge(stage, ocspCommand(stage, 'authentication'), { status: 0, text: 'authentication.pem: revoked' });
  step(8, 'the CRL lists the certificate, and OpenSSL refuses it');
  const [first] = certificates;
  await awaitCrl(stage, first?.serialNumber ?? '');
  await judge(stage, verifyCommand('signature', 'ca.crl'), { status: 2, text: 'certificate revoked' });
  step(9, 'a night with 20 cards is one order: a file with one line for each card, and a signed receipt');
  await playOrder(stage);
  say('');
  say('  OpenSSL confirmed every step. The card stays revoked in OCSP and in the CRL.');
  say('  Play the whole job again, on another card:  npx pfcng play');
}

async function makeCard(stage: Stage): Promise<void> {
  say(`     ${ownCommandIn(stage.folder)} card simulate make --directory another-card`);
  const { status, output } = await runOwn(stage, ['card', 'simulate', 'make', '--directory', 'card']);
  if (status !== 0) throw new PlayFailed(`the card could not be made (exit ${status}): ${output}`);
}

async function order(stage: Stage): Promise<readonly IssuedCertificate[]> {
  const { folder, tokenId } = stage;
  const request = (name: string) => readFileSync(join(folder, 'card', `${name}.csr.pem`), 'utf8');
  const body = {
    ...PLAYED_HOLDER,
    card: { tokenId, product: 'cps' },
    requests: [
      { profile: 'fort/cps-authentication', keyOrigin: 'card', csr: request('authentication') },
      { profile: 'fort/cps-signature', keyOrigin: 'card', csr: request('signature') },
    ],
  };
  const path = `/v1/cards/${encodeURIComponent(tokenId)}/certificates`;
  const answer = await call(stage, { path, body, account: 'card-management', key: tokenId.replace('/', '-') });
  const { certificates } = answer.body as { readonly certificates: readonly IssuedCertificate[] };
  const names = ['authentication', 'signature'];
  for (const [at, issued] of certificates.entries()) {
    writeFileSync(join(folder, `${names[at]}.pem`), issued.certificate);
    writeFileSync(join(folder, 'chain.pem'), issued.chain);
    say(`     ${names[at]}: serial ${issued.serialNumber}, issued by ${issued.ca}`);
  }
  return certificates;
}

type Call = { readonly path: string; readonly body: object; readonly account: string; readonly key?: string };

/**
 * Sends the bytes of the file that the printed command sends: the same request, with the same
 * idempotency key.
 */
async function call(stage: Stage, { path, body, account, key }: Call): Promise<ApiAnswer> {
  const { paths } = stage.config;
  const files = { ...credentialFiles(paths, account), trust: join(paths.credentials, 'tls-ca.pem') };
  const bodyFile = `${path.split('/').at(-1)}.json`;
  const payload = `${JSON.stringify(body, null, 2)}\n`;
  writeFileSync(join(stage.folder, bodyFile), payload);
  const mutual = `--cacert $C/tls-ca.pem --cert $C/${account}.crt.pem --key $C/${account}.key.pem`;
  const idempotency = key === undefined ? '' : ` -H 'Idempotency-Key: ${key}'`;
  const sent = `-H 'Content-Type: application/json' --data-binary @${bodyFile}`;
  say(`     curl ${mutual}${idempotency} ${sent} ${stage.api + path}`);
  const answer = await callApi(stage.api + path, { files, payload, ...(key === undefined ? {} : { key }) });
  say(`     -> ${answer.status}`);
  if (answer.status >= 300) throw new PlayFailed(`${path} was refused: ${JSON.stringify(answer.body)}`);
  return answer;
}

async function revoke(stage: Stage): Promise<void> {
  const path = `/v1/cards/${encodeURIComponent(stage.tokenId)}/revocation`;
  await call(stage, { path, body: { reason: 'keyCompromise' }, account: 'card-management' });
}

/** Fetches what a relying party has: root, issuing CA, and their CRLs. */
async function fetchAuthorities(stage: Stage): Promise<void> {
  const names = [
    ['AC/ACR-FO.cer', 'root.cer'],
    ['AC/ACI-FO-PP.cer', 'ca.cer'],
    ['CRL/ACR-FO.crl', 'root.crl'],
    ['CRL/ACI-FO-PP.crl', 'ca-before.crl'],
  ] as const;
  for (const [address, file] of names) {
    say(`     curl -s -o ${file} ${stage.publication}/${address}`);
    writeFileSync(join(stage.folder, file), await fetchBytes(`${stage.publication}/${address}`));
  }
}

function verifyCommand(name: string, crl: string): readonly string[] {
  const trust = ['-CAfile', 'root.cer', '-untrusted', 'ca.cer'];
  const lists = ['-crl_check_all', '-CRLfile', 'root.crl', '-CRLfile', crl];
  return ['verify', '-x509_strict', '-policy_check', ...trust, ...lists, `${name}.pem`];
}

const CRL_TRIES = 40;
const CRL_PAUSE_MS = 250;

/**
 * Waits for the list with the revocation, which the policy promises within seconds in development.
 */
async function awaitCrl(stage: Stage, serial: string): Promise<void> {
  const file = join(stage.folder, 'ca.crl');
  for (let tries = 0; tries < CRL_TRIES; tries += 1) {
    writeFileSync(file, await fetchBytes(`${stage.publication}/CRL/ACI-FO-PP.crl`));
    const verdict = await openssl(['crl', '-inform', 'DER', '-in', 'ca.crl', '-noout', '-text'], stage.folder);
    if (verdict.output.toLowerCase().includes(serial.replace(/^0+/, ''))) {
      const lines = verdict.output.split('\n');
      const at = lines.findIndex((line) => line.toLowerCase().includes(serial.replace(/^0+/, '')));
      say(`     curl -s -o ca.crl ${stage.publication}/CRL/ACI-FO-PP.crl`);
      say(`     ${verdict.command}`);
      for (const line of lines.slice(at, at + 5)) say(`     -> ${line.trim()}`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, CRL_PAUSE_MS));
  }
  throw new PlayFailed('the CRL did not list the certificate in time');
}
