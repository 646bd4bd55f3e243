/**
 * A remote update as a card and its reader perform it: new keys in spare containers, a begin that
 * the present key signs, writing, reading back, and a confirmation that the new key signs.
 *
 * Nothing is kept between two runs but what is on the card. A run after a fault therefore asks the
 * service what is next, by the card number, and continues there.
 */
import { present } from '../../../kernel/assert.js';
import { fromBase64, toBase64 } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import {
  type CardStatement,
  STATEMENT_FORM,
  type StatementMembers,
  signedOctetsOf,
  statementText,
} from '../../../updates/statement.js';
import type { KeyType } from '../../../x509/model.js';
import { type Container, labelOf, type SimulatedCard, serialOf } from './card-folder.js';
import { type Fault, Interrupted } from './faults.js';
import { type CardDocument, cardPath, type PendingAnswer, type Service, type UpdateDocument } from './service-calls.js';

export type Inventory = {
  readonly generation: string;
  readonly applet: string;
  readonly keyTypes: readonly string[];
  readonly spareContainers: number;
};

type UpdateRun = {
  readonly card: SimulatedCard;
  readonly service: Service;
  readonly faults: readonly Fault[];
  /** The card whose key signs; another one with the fault `other-card`. */
  readonly signer: SimulatedCard;
  /** The mark of the environment, which statements name. */
  readonly environment: string;
  /** The type of the new keys; null: as the present ones. */
  readonly keyType: KeyType | null;
  readonly inventory: Inventory;
  /** Also begins when the service knows of nothing to do. */
  readonly always: boolean;
  readonly version: string;
  readonly say: (line: string) => void;
};

/** True: the card is done, or there is nothing to do. False: it must wait, or go to a desk. */
export async function updateCard(run: UpdateRun): Promise<boolean> {
  const { card, service, say } = run;
  const { number } = card.file();
  if (number === null) throw new Interrupted('no certificate was written on this card: pfcng card simulate write');
  const path = cardPath(number);
  const pending = await service.call<PendingAnswer>('pending', `${path}/pending`);
  say(`pending: ${pending.next}`);
  switch (pending.next) {
    case 'confirm': {
      const update = await service.call<UpdateDocument>('read', `${path}/updates/${present(pending.update, 'update')}`);
      say(`update ${update.id} is ${update.state}`);
      return (await holdsKeys(run, update)) ? confirm(run, { update, pending }) : abandon(run, { update, pending });
    }
    case 'begin':
      return begin(run, { path, pending });
    case 'none':
      if (run.always) return begin(run, { path, pending });
      say('nothing to do');
      return true;
    case 'wait':
      say(`begin from ${pending.ticket?.from ?? 'later'} on`);
      return false;
    case 'desk':
      say(`this card must go to a desk: ${pending.deskReason ?? ''}`);
      return false;
  }
}

type Begin = { readonly path: string; readonly pending: PendingAnswer };

async function begin(run: UpdateRun, { path, pending }: Begin): Promise<boolean> {
  const { card, service, say, inventory, version } = run;
  await service.call('capabilities', `${path}/capabilities`, { ...inventory, keyTypes: [...inventory.keyTypes] });
  const known = await service.call<CardDocument>('card', path);
  const newSet = await makeSet(run);
  const requests: { profile: string; keyOrigin: string; csr: string }[] = [];
  for (const container of newSet) {
    const old = card.present().find(({ use }) => use === container.use);
    const profile = present(recordOf(known.certificates, old), 'a record of the present certificate').profile;
    requests.push({ profile, keyOrigin: 'card', csr: await card.request(container) });
  }
  const proof = await proofOf(run, pending, {
    signs: authenticationOf(run.signer.present()),
    certificates: known.certificates,
    members: {
      verb: 'begin',
      requests: requests.map(({ profile, csr }) => ({ profile, csrSha256: sha256OfPem(csr) })),
      onCard: [...card.readBack()],
    },
  });
  const reader = { model: 'simulated', middleware: 'pfcng', version };
  const body = { requests, proof, channel: 'none', reader };
  const update = await service.call<UpdateDocument>('begin', `${path}/updates`, body);
  say(`update ${update.id} is ${update.state}; to be confirmed by ${update.confirmBy ?? '?'}`);
  return confirm(run, { update, pending });
}

/** The containers of the next set. Keys that an earlier run has made are used again. */
async function makeSet({ card, keyType, say }: UpdateRun): Promise<readonly Container[]> {
  const inUse = card.present();
  const sets = card.file().containers.map(({ set }) => set);
  const unfinished = card.file().containers.filter(({ set }) => set > card.file().set);
  const next = unfinished[0]?.set ?? Math.max(...sets) + 1;
  // A card has few containers: those of the set before the present one are used again.
  for (const old of card.file().containers.filter(({ set }) => set < card.file().set)) {
    say(`the container ${labelOf(old)} is erased`);
    await card.erase(old);
  }
  const made: Container[] = [];
  for (const old of inUse) {
    const known = unfinished.find(({ use, set }) => use === old.use && set === next);
    const container = known ?? (await card.makeKey({ use: old.use, set: next, keyType: keyType ?? old.keyType }));
    if (known === undefined) say(`the card made the key ${labelOf(container)} (${container.keyType})`);
    made.push(container);
  }
  return made;
}

type UnderWay = { readonly update: UpdateDocument; readonly pending: PendingAnswer };

async function confirm(run: UpdateRun, { update, pending }: UnderWay): Promise<boolean> {
  const { card, service, say, faults } = run;
  const path = updatePath(run, update);
  if (update.state === 'offered') await service.call('writing', `${path}/writing`, {});
  for (const { certificate, serialNumber, profile } of update.certificates) {
    if (!(await card.writeCertificate(certificate)))
      throw new Interrupted(`the card has not the key of ${serialNumber}`);
    say(`on the card: ${profile}, serial ${serialNumber}`);
  }
  const [first] = update.certificates;
  const newSet = card.file().containers.find(({ certificate }) => certificate === first?.certificate)?.set ?? 0;
  if (newSet !== card.file().set) card.useSet(newSet);
  const onCard = [...card.readBack()];
  if (faults.some(({ kind }) => kind === 'wrong-read-back')) onCard.splice(-1, 1, sha256Hex('another certificate'));
  const proof = await proofOf(run, pending, {
    signs: authenticationOf(run.signer.present()),
    certificates: update.certificates,
    members: { verb: 'confirm', update: update.id, onCard },
  });
  const confirmed = await service.call<UpdateDocument>('confirmation', `${path}/confirmation`, { proof });
  say(
    `update ${update.id} is ${confirmed.state}; the old set is good until ${confirmed.overlapUntil ?? '?'} (${confirmed.supersede})`,
  );
  return true;
}

/** The card no longer has the keys of the update. The old key signs a statement that says so. */
async function abandon(run: UpdateRun, { update, pending }: UnderWay): Promise<boolean> {
  const { card, service, say } = run;
  const known = await service.call<CardDocument>('card', cardPath(present(card.file().number, 'number')));
  const proof = await proofOf(run, pending, {
    signs: authenticationOf(run.signer.present()),
    certificates: known.certificates,
    members: { verb: 'abandon', update: update.id, onCard: [...card.readBack()] },
  });
  const path = updatePath(run, update);
  const { state } = await service.call<UpdateDocument>('abandonment', `${path}/abandonment`, { proof });
  say(`update ${update.id} is ${state}: the card has not its keys`);
  return false;
}

function updatePath({ card }: UpdateRun, { id }: UpdateDocument): string {
  return `${cardPath(present(card.file().number, 'number'))}/updates/${id}`;
}

async function holdsKeys({ card }: UpdateRun, { certificates }: UpdateDocument): Promise<boolean> {
  for (const { certificate } of certificates) if (!(await card.hasKeyOf(certificate))) return false;
  return true;
}

function authenticationOf(containers: readonly Container[]): Container {
  return present(
    containers.find(({ use }) => use === 'authentication'),
    'a container named authentication',
  );
}

type Records = CardDocument['certificates'] | UpdateDocument['certificates'];

function recordOf(certificates: Records, container: Container | undefined): Records[number] | null {
  const { certificate = null } = container ?? {};
  if (certificate === null) return null;
  return certificates.find(({ serialNumber }) => serialNumber === serialOf(certificate)) ?? null;
}

type StatementParts = {
  readonly signs: Container;
  /** Where the id of the signing certificate is found. */
  readonly certificates: Records;
  readonly members: StatementMembers;
};

/** A statement with its signature, as bodies carry it. */
async function proofOf(run: UpdateRun, { now }: PendingAnswer, { signs, certificates, members }: StatementParts) {
  const statement: CardStatement = {
    form: STATEMENT_FORM,
    environment: run.environment,
    platform: await run.service.platform(),
    card: present(run.card.file().number, 'number'),
    at: now,
    ...members,
  };
  const signature = await run.signer.sign(signs, signedOctetsOf(statement));
  const record = recordOf(certificates, signs) ?? (await foreignRecord(run));
  return {
    certificateId: present(record, 'a record of the signing certificate').id,
    statement: statementText(statement),
    signature: toBase64(signature),
  };
}

/** The record of another card's certificate. */
async function foreignRecord({ signer, service }: UpdateRun): Promise<Records[number] | null> {
  const { number } = signer.file();
  if (number === null) return null;
  const { certificates } = await service.call<CardDocument>('card', cardPath(number));
  return recordOf(certificates, authenticationOf(signer.present()));
}

function sha256OfPem(pem: string): string {
  const base64 = pem.replace(/-----[A-Z ]+-----|\s/g, '');
  return sha256Hex(present(fromBase64(base64), 'PEM'));
}
