/**
 * The simulated card, with a fault at each of its calls and writes. Without this test a developer
 * who plays a fault could be left with a card that no run brings to its end.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCardFolder, openCardFolder } from '../../../../src/cli/card/simulate/card-folder.js';
import { CALLS, type Fault, Interrupted, readFault } from '../../../../src/cli/card/simulate/faults.js';
import { serviceWith } from '../../../../src/cli/card/simulate/service-calls.js';
import { updateCard } from '../../../../src/cli/card/simulate/update-card.js';
import { type Api, Refused } from '../../../../src/cli/common/api-command.js';
import { loadConfig } from '../../../../src/config/load.js';
import { unwrap } from '../../../support/db/fixture.js';
import { describeService } from '../../../support/service/describe-service.js';
import { IDENTITY, nextNumber, professional, tokenId } from '../../../support/service/orders.js';
import { cardPathOf } from '../../../support/updates/update-client.js';

const KEY_TYPE = 'p-256';
const PINS = { pin: '123456', soPin: '654321' };
/** Two keys, two certificates, and the change to the new set. */
const WRITES = 5;

describeService('a simulated card', { on: 'sqlite' }, (running) => {
  const root = mkdtempSync(join(tmpdir(), 'pfcng-simulated-'));
  after(() => rmSync(root, { recursive: true, force: true }));

  /** A card with its first set: its folder and its number. */
  async function newCard(): Promise<{ readonly folder: string; readonly number: string }> {
    const holder = nextNumber();
    const [folder, number] = [join(root, String(holder)), tokenId(holder)];
    const card = await makeCardFolder(folder, { modulePath: modulePath(), ...PINS });
    try {
      const requests: object[] = [];
      // Within the window of renewals.
      const validity = { notAfter: new Date(Date.now() + 30 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z') };
      for (const use of ['authentication', 'signature']) {
        const csr = await card.request(await card.makeKey({ use, set: 1, keyType: KEY_TYPE }));
        requests.push({ profile: `fort/cps-${use}`, keyOrigin: 'card', csr, validity });
      }
      const body = {
        holder: professional(holder),
        card: { tokenId: number, product: 'cps' },
        identity: IDENTITY,
        requests,
      };
      const issued = await running.cards.expect<{ readonly certificates: readonly { readonly certificate: string }[] }>(
        'POST',
        `${cardPathOf({ number })}/certificates`,
        { body },
      );
      card.setNumber(number);
      for (const { certificate } of issued.certificates) assert.ok(await card.writeCertificate(certificate));
      return { folder, number };
    } finally {
      await card.close();
    }
  }

  const modulePath = (): string => unwrap(loadConfig({ home: running.shared.service.at.home })).pkcs11.module;
  const api = (): Api => {
    const { at, urls } = running.shared.service;
    const file = (name: string): string => join(at.home, 'credentials', name);
    const [certificate, key] = [file('card-management.crt.pem'), file('card-management.key.pem')];
    return { url: urls.api, files: { trust: file('tls-ca.pem'), certificate, key } };
  };

  /** One run on the card; what it said. */
  async function run(folder: string, faults: readonly Fault[], always: boolean): Promise<readonly string[]> {
    const lines: string[] = [];
    const card = await openCardFolder(folder, { modulePath: modulePath(), faults });
    const other = faults.find((fault) => fault.kind === 'other-card');
    const signer =
      other === undefined ? card : await openCardFolder(other.folder, { modulePath: modulePath(), faults: [] });
    try {
      const given = { card, signer, faults, always, service: serviceWith(api(), faults), keyType: null };
      const inventory = { generation: 'cps4', applet: '4.0.0', keyTypes: [KEY_TYPE], spareContainers: 2 };
      const say = (line: string): void => void lines.push(line);
      await updateCard({ ...given, inventory, environment: 'development', version: '1', say });
      return lines;
    } finally {
      if (signer !== card) await signer.close();
      await card.close();
    }
  }

  async function statesOf(number: string): Promise<readonly string[]> {
    const { updates } = await running.cards.expect<{ readonly updates: readonly { readonly state: string }[] }>(
      'GET',
      `${cardPathOf({ number })}/updates`,
    );
    return updates.map(({ state }) => state);
  }

  const faults = [
    ...CALLS.filter((call) => call !== 'read' && call !== 'abandonment').flatMap((call) => [
      `before:${call}`,
      `after:${call}`,
    ]),
    ...Array.from({ length: WRITES }, (_, at) => `power:${at + 1}`),
  ];
  for (const text of faults)
    it(`is updated once, resumed after the fault ${text}`, async () => {
      const { folder, number } = await newCard();
      await assert.rejects(run(folder, [unwrap(readFault(text))], true), Interrupted);
      const isOver = (await statesOf(number)).includes('confirmed');
      await run(folder, [], !isOver);
      assert.deepEqual(await statesOf(number), ['confirmed']);
    });

  it('is not confirmed with a wrong read-back, and is with the next one', async () => {
    const { folder, number } = await newCard();
    await assert.rejects(run(folder, [{ kind: 'wrong-read-back' }], true), Refused);
    assert.deepEqual(await statesOf(number), ['writing']);
    await run(folder, [], false);
    assert.deepEqual(await statesOf(number), ['confirmed']);
  });

  it('gets nothing that the key of another card has signed for', async () => {
    const [{ folder, number }, other] = [await newCard(), await newCard()];
    await assert.rejects(run(folder, [{ kind: 'other-card', folder: other.folder }], true), Refused);
    assert.deepEqual(await statesOf(number), []);
  });
});
