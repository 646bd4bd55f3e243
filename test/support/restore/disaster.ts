/**
 * A service that has served, was backed up, has served on, and has lost everything but what no
 * backup has and what only grows: tokens, PINs, keys of secrets, journals and published lists.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '../../../src/kernel/assert.js';
import { makeRecipient } from '../backup/recipients.js';
import type { DatabaseKind } from '../db/fixture.js';
import { sharedCluster } from '../db/postgresql-cluster.js';
import { type Client, clientOf, type IssuedCertificate } from '../service/client.js';
import { createRelyingParty, type RelyingParty } from '../service/files.js';
import {
  configure,
  isNoSocket,
  makeServiceHome,
  PACKAGE_ROOT,
  removeServiceHome,
  type ServiceHome,
} from '../service/home.js';
import { bodyOf } from '../service/orders.js';
import { createService, runPfcng, type Service } from '../service/service.js';

export const CA = 'aci-el-org';
const PROFILE = 'elementaire/org-auth-cli';

export type Fate = 'good' | 'revoked' | 'suspended' | 'released';

/** A certificate, and what has become of it after the backup. */
export type CertificateLife = {
  readonly issued: IssuedCertificate;
  readonly inBackup: boolean;
  readonly fate: Fate;
};

/** What `pfcng backup` has made, and the key of an officer who can open it. */
type EncryptedBackup = { readonly file: string; readonly keyFile: string; readonly manifestSha256: string };

export type Disaster = {
  readonly at: ServiceHome;
  readonly service: Service;
  readonly party: RelyingParty;
  readonly backup: EncryptedBackup;
  readonly lives: readonly CertificateLife[];
  /** The highest number of a full CRL of `CA` that was published. */
  readonly crlNumber: number;
  /** Puts back what was left after the disaster, with an empty database. */
  readonly again: () => Promise<ServiceHome>;
  readonly remove: () => void;
};

/** What a disaster leaves. */
const LEFT = ['tokens', 'pins', 'secrets', 'credentials', 'signers', 'crl'];

/** How many certificates of each fate are issued, before and after the backup. */
export type Amounts = Readonly<Record<Fate, number>>;

type Clients = { readonly cards: Client; readonly officer: Client };

export async function makeDisaster(kind: DatabaseKind, before: Amounts, after: Amounts): Promise<Disaster> {
  const first = await makeServiceHome('p-256', { database: kind, environment: environment() });
  const service = createService(first);
  await service.start();
  const party = createRelyingParty(service.urls.publication);
  await party.fetchAll();
  const early = await withClients(service, (clients) => issueAll(clients, before, true));
  await service.stop();
  const backup = await takeBackup(first);
  await service.start();
  const { lives, crlNumber } = await withClients(service, async (clients) => {
    const late = await issueAll(clients, after, false);
    const all = [...early, ...late];
    for (const life of all) await meetFate(clients, life);
    const { number } = await clients.officer.expect<{ readonly number: number }>('POST', `/v1/cas/${CA}/crl`);
    return { lives: all, crlNumber: number };
  });
  await service.stop();
  const left = keepWhatIsLeft(first);
  return {
    at: first,
    service,
    party,
    backup,
    lives,
    crlNumber,
    again: () => emptied(first, left),
    remove: () => {
      party.remove();
      rmSync(left, { recursive: true, force: true });
      removeServiceHome(first);
    },
  };
}

async function takeBackup(at: ServiceHome): Promise<EncryptedBackup> {
  const recipients = [
    await makeRecipient(at.folder, { name: 'backup-officer-1', form: 'rsa' }),
    await makeRecipient(at.folder, { name: 'backup-officer-2', form: 'p-256' }),
  ];
  configure(at, { backup: { recipients: recipients.map(({ certificateFile }) => certificateFile) } });
  const file = join(at.folder, 'backup.cms');
  const taken = await runPfcng(at, 'backup', '--output', file, '--json');
  assert.equal(taken.status, 0, taken.stderr);
  const { manifestSha256 } = JSON.parse(taken.stdout) as { readonly manifestSha256: string };
  return { file, keyFile: present(recipients[1], 'the second officer').keyFile, manifestSha256 };
}

/** The CRLs of `CA` are in two partitions. */
function environment(): object {
  const file = join(PACKAGE_ROOT, 'policies', 'environments', 'development.json');
  const { crl } = JSON.parse(readFileSync(file, 'utf8')) as { readonly crl: object };
  return { crl: { ...crl, partitions: { [CA]: 2 } } };
}

export async function withClients<Value>(service: Service, work: (clients: Clients) => Promise<Value>): Promise<Value> {
  const clients = { cards: clientOf(service, 'card-management'), officer: clientOf(service, 'officer-1') };
  try {
    return await work(clients);
  } finally {
    await clients.cards.close();
    await clients.officer.close();
  }
}

async function issueAll({ cards }: Clients, amounts: Amounts, inBackup: boolean): Promise<readonly CertificateLife[]> {
  const lives: CertificateLife[] = [];
  for (const [fate, count] of Object.entries(amounts) as readonly (readonly [Fate, number])[])
    for (let number = 0; number < count; number += 1) {
      const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(PROFILE) });
      lives.push({ issued, inBackup, fate });
    }
  assert.ok(lives.every(({ issued }) => issued.ca === CA));
  return lives;
}

async function meetFate({ cards }: Clients, { issued: { id }, fate }: CertificateLife): Promise<void> {
  const path = `/v1/certificates/${id}`;
  if (fate === 'revoked') await cards.expect('POST', `${path}/revocation`, { body: { reason: 'superseded' } });
  if (fate === 'suspended' || fate === 'released') await cards.expect('POST', `${path}/suspension`);
  if (fate === 'released') await cards.expect('DELETE', `${path}/suspension`);
}

/** Copies what a disaster leaves of a stopped service into a new folder. */
export function keepWhatIsLeft({ home }: ServiceHome): string {
  const left = mkdtempSync(join(tmpdir(), 'pfcng-left-'));
  for (const name of LEFT)
    cpSync(join(home, name), join(left, name), { recursive: true, filter: isNoSocket, verbatimSymlinks: true });
  return left;
}

/** The home folder with what was left, and an empty database. */
export async function emptied(first: ServiceHome, left: string): Promise<ServiceHome> {
  const { home } = first;
  for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true, force: true });
  for (const name of LEFT) cpSync(join(left, name), join(home, name), { recursive: true, verbatimSymlinks: true });
  const database = first.database.kind === 'sqlite' ? first.database : await (await sharedCluster()).create();
  const at = { ...first, database };
  configure(at, {});
  return at;
}
