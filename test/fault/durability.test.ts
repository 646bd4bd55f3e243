/**
 * Checks in the system calls that every promise is on disk before it is given: the intent before
 * the signer gets it, the journal before the key is used, the result before the client gets it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeOnEach } from '../support/db/fixture.js';
import { sharedCluster } from '../support/db/postgresql-cluster.js';
import { canTrace, parseTrace, type Syscall, traced } from '../support/machine/syscalls.js';
import { type Client, clientOf } from '../support/service/client.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../support/service/home.js';
import { bodyOf } from '../support/service/orders.js';
import { isSignerChild, tokenOf } from '../support/service/processes.js';
import { createService, type Service } from '../support/service/service.js';
import { type DurabilityFault, judgeDurability, type TracedCall } from './durability-order.js';

const TOKEN = 'ca-elementaire';
const ISSUED = 4;

// Skipped where processes may not be traced.
if (canTrace()) {
  describeOnEach('the order of durability', ({ kind }) => {
    let at: ServiceHome;
    let service: Service;
    let client: Client;
    let calls: readonly Syscall[];
    let of: TracedCall;

    before(async function traceIt() {
      at = await makeServiceHome('p-256', { database: kind });
      service = createService(at);
      await service.start();
      // The first CRLs are signed by this token and by others.
      await listsMade();
      of = { apiPort: at.ports.api, token: TOKEN, hasServer: kind === 'postgresql' };
      client = clientOf(service, 'card-management', { connectionsMax: 1 });
      const issue = () => client.expect('POST', '/v1/certificates', { body: bodyOf('elementaire/org-auth-cli') });
      // The connection is open and its session tickets were sent.
      await issue();
      const server = kind === 'postgresql' ? await serverProcesses() : [];
      calls = await traced([...service.tree().map(({ pid }) => pid), ...server], async () => {
        for (let count = 0; count < ISSUED; count += 1) await issue();
      });
    });
    after(async function stopIt() {
      await client.close();
      await service.stop();
      removeServiceHome(at);
    });

    async function listsMade(): Promise<void> {
      for (let tries = 0; ; tries += 1) {
        const { parts } = (await (await fetch(`${service.urls.operators}/readyz`)).json()) as {
          readonly parts: { readonly crls: Readonly<Record<string, string>> };
        };
        if (Object.values(parts.crls).every((state) => state === 'fresh')) return;
        assert.ok(tries < 600, JSON.stringify(parts.crls));
        await sleep(50);
      }
    }

    it('is intent, signer, journal, key, result, answer', () => {
      const { faults, seen } = judgeDurability(calls, of);
      assert.deepEqual(faults, []);
      const { frames, keyUses, signatures, answers } = seen;
      // The supervisor forwards each frame and each signature.
      assert.deepEqual([frames, signatures, answers], [2 * ISSUED, 2 * ISSUED, ISSUED]);
      assert.ok(keyUses >= ISSUED, `the token was read ${keyUses} times`);
    });

    it('has a journal that is written through to the disk with each write', () => {
      const child = service.tree().find((one) => isSignerChild(one) && tokenOf(one) === TOKEN);
      assert.ok(child);
      const folder = `/proc/${child.pid}`;
      const descriptor = readdirSync(`${folder}/fd`).find((fd) => isJournal(`${folder}/fd/${fd}`));
      const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`${folder}/fdinfo/${descriptor}`, 'utf8'))?.[1];
      assert.equal(Number.parseInt(flags ?? '', 8) & constants.O_DSYNC, constants.O_DSYNC);
    });

    const isSync = ({ name }: Syscall): boolean => /^f(data)?sync$/.test(name);
    const isOf = (text: string) => (call: Syscall) => call.target.includes(text);
    const isAnswer = (call: Syscall): boolean => isOf(`TCP:[127.0.0.1:${at.ports.api}->`)(call) && call.name[0] === 'w';
    const breakages: readonly [string, (all: readonly Syscall[]) => readonly Syscall[], DurabilityFault][] = [
      [
        'nothing is synced',
        (all) => all.filter((call) => !isSync(call)),
        'the signer was asked before the intent was on the disk',
      ],
      [
        'a sync is not waited for',
        (all) => all.map((call) => (isSync(call) ? { ...call, end: call.end + 1_000_000 } : call)),
        'the answer was sent before the result was on the disk',
      ],
      [
        'the answer goes first',
        (all) => all.map((call) => (isAnswer(call) ? { ...call, start: afterSignature(all, call) } : call)),
        'the answer was sent before the result was on the disk',
      ],
      [
        'nothing is journalled',
        (all) => all.filter((call) => !isOf('journal.000001.ndjson')(call)),
        'a signature was handed out before the journal had it',
      ],
      [
        'the journal comes after the key',
        (all) =>
          all.map((call) => (isOf('journal.000001.ndjson')(call) ? { ...call, end: afterKey(all, call) } : call)),
        'the key was used before the journal had it',
      ],
    ];
    for (const [what, broken, fault] of breakages) {
      it(`would not hold if ${what}`, () => {
        assert.ok(judgeDurability(broken(calls), of).faults.includes(fault));
      });
    }

    if (kind === 'postgresql') {
      it('would not hold if the service did not wait for the server’s word', () => {
        const unheard = calls.filter(({ data }) => !data.includes('COMMIT\0'));
        assert.ok(judgeDurability(unheard, of).faults.length > 0);
      });

      it('rests on a server that syncs its log, and commits when it has', async () => {
        const settings = ['fsync', 'synchronous_commit', 'full_page_writes'];
        const rows = await (await sharedCluster()).ask(
          `select name, setting from pg_settings where name in (${settings.map((name) => `'${name}'`).join(', ')})`,
        );
        assert.deepEqual(
          new Map(rows.map(({ name, setting }) => [name, setting])),
          new Map(settings.map((name) => [name, 'on'])),
        );
      });
    }
  });
}

describe('the judge of durability', () => {
  it('refuses a service that was traced with PRAGMA synchronous = OFF', () => {
    const text = readFileSync(`${PACKAGE_ROOT}/test/vectors/strace/synchronous-off.txt`, 'utf8');
    const apiPort = Number(/TCP:\[127\.0\.0\.1:(\d+)->/.exec(text)?.[1]);
    const { faults, seen } = judgeDurability(parseTrace(text), { apiPort, token: TOKEN, hasServer: false });
    assert.equal(seen.answers, 1);
    assert.deepEqual(
      new Set(faults),
      new Set([
        'the signer was asked before the intent was on the disk',
        'the answer was sent before the result was on the disk',
      ]),
    );
  });
});

function isJournal(link: string): boolean {
  try {
    return readlinkSync(link).endsWith('journal.000001.ndjson');
  } catch {
    // The file was closed in the meantime.
    return false;
  }
}

/** Just after the last look at the token before this signature. */
function afterKey(all: readonly Syscall[], { start }: Syscall): number {
  const used = all.find((call) => call.start > start && call.target.endsWith('/generation'));
  return (used?.end ?? start) + 0.5;
}

/** The service has the signature, and nothing else is done. */
function afterSignature(all: readonly Syscall[], { start }: Syscall): number {
  const signatures = all.filter((call) => call.start < start && call.data[4] === 129 && isRead(call));
  return (signatures.at(-1)?.end ?? 0) + 0.5;
}

function isRead({ name }: Syscall): boolean {
  return name === 'read' || name === 'recvfrom';
}

/** The children of the postmaster, because any of them may write the log. */
async function serverProcesses(): Promise<readonly number[]> {
  const { folder } = await sharedCluster();
  const postmaster = readFileSync(`${folder}/data/postmaster.pid`, 'utf8').split('\n')[0] ?? '';
  const list = execFileSync('ps', ['-o', 'pid=', '--ppid', postmaster], { encoding: 'utf8' });
  return list.trim().split(/\s+/).map(Number);
}
