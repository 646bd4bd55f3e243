/**
 * Plays an order: twenty cards in one file, worked off in the background, with a receipt that
 * OpenSSL verifies.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { say } from '../../terminal/say.js';
import { makeKeyAndRequest } from '../../x509/request/make-request.js';
import { type Api, ask } from '../common/api-command.js';
import { fetchBytes } from '../common/client.js';
import { ownCommandIn } from '../common/own-command.js';
import { credentialFiles } from '../development/accounts.js';
import { submit } from '../order/submit.js';
import { judge, PLAYED_HOLDER, PlayFailed, type Stage } from './stage.js';

const CARDS = 20;
const PROFILES = ['fort/cps-authentication', 'fort/cps-signature'] as const;

type Receipt = { readonly receipt: string; readonly signature: string };

export async function playOrder(stage: Stage): Promise<void> {
  const { folder, config } = stage;
  const { paths } = config;
  const api: Api = {
    url: stage.api,
    files: { ...credentialFiles(paths, 'card-management'), trust: join(paths.credentials, 'tls-ca.pem') },
  };
  const file = join(folder, 'order.ndjson');
  writeFileSync(file, await linesOf(stage.tokenId));
  const own = ownCommandIn(folder);
  say(`     ${own} order submit order.ndjson --follow`);
  const { id, counts } = await submit(api, file, { as: 'card-management', follow: true });
  if (counts.issued !== CARDS) throw new PlayFailed(`${counts.issued} of ${CARDS} cards have their certificates`);
  say(`     ${own} order receipt ${id} > receipt.json`);
  const { receipt, signature } = await receiptOf(api, id);
  writeFileSync(join(folder, 'receipt.sig'), Buffer.from(signature, 'base64'));
  writeFileSync(join(folder, 'receipt.signed'), `PFCNG receipt v1\0${receipt}`);
  say(`     { printf 'PFCNG receipt v1\\0'; jq -j .receipt receipt.json; } > receipt.signed`);
  say('     jq -r .signature receipt.json | base64 -d > receipt.sig');
  await fetchPlatformKey(stage);
  const digest = ['dgst', '-sha256', '-keyform', 'DER', '-verify', 'platform.spki'];
  await judge(stage, [...digest, '-signature', 'receipt.sig', 'receipt.signed'], { status: 0, text: 'Verified OK' });
}

/** One line for each card. The keys are made here, because there are no such cards. */
async function linesOf(tokenId: string): Promise<string> {
  const lines: string[] = [];
  for (let card = 1; card <= CARDS; card += 1) {
    const requests: Json[] = [];
    for (const profile of PROFILES) {
      const { csrPem } = await makeKeyAndRequest({ keyType: 'p-256', commonName: 'card' });
      requests.push({ profile, keyOrigin: 'card', csr: csrPem });
    }
    lines.push(
      `${canonicalJson({ ...PLAYED_HOLDER, card: { tokenId: numbered(tokenId, card), product: 'cps' }, requests })}\n`,
    );
  }
  return lines.join('');
}

/** Replaces the last two digits, so that the cards of the order have consecutive numbers. */
function numbered(tokenId: string, card: number): string {
  return `${tokenId.slice(0, -2)}${String(card).padStart(2, '0')}`;
}

const RECEIPT_TRIES = 60;
const RECEIPT_PAUSE_MS = 500;

/** A job signs the receipt within seconds after the end of the order. */
async function receiptOf(api: Api, id: string): Promise<Receipt> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask<Receipt>(api, `/v1/orders/${id}/receipt`);
    } catch (error) {
      if (tries === RECEIPT_TRIES) throw error;
      await sleep(RECEIPT_PAUSE_MS);
    }
  }
}

async function fetchPlatformKey({ folder, publication }: Stage): Promise<void> {
  const address = `${publication}/AC/platform.spki`;
  say(`     curl -s -o platform.spki ${address}`);
  writeFileSync(join(folder, 'platform.spki'), await fetchBytes(address));
}
