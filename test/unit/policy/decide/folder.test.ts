/**
 * Decisions in a policy folder. Without these guarantees an officer could decide a value that
 * somebody has changed since it was shown, or an interrupted command could leave a folder that the
 * service does not load.
 */
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  checkDecisions,
  type OpenPolicy,
  readOpenPolicy,
  writeDecisions,
} from '../../../../src/cli/policy/decision-folder.js';
import type { Json } from '../../../../src/kernel/json.js';
import type { PolicyMember } from '../../../../src/policy/decide/questions.js';
import { decidePolicy, PRODUCTION } from '../../../support/ceremony/production.js';
import { policyCopy } from '../fixtures.js';

const NOTE = '2026-09-01T08:30:00Z, the policy committee: a reason that is long enough.';

describe('a policy folder in which officers decide', () => {
  let copy: ReturnType<typeof policyCopy>;
  beforeEach(() => {
    copy = policyCopy();
  });
  afterEach(() => copy.remove());

  const opened = (): OpenPolicy => {
    const open = readOpenPolicy(copy.directory);
    assert.ok(open.ok, JSON.stringify(open));
    return open.value;
  };
  const membersOf = (kind: string): readonly PolicyMember[] =>
    opened().questions.find((question) => question.name === kind)?.members ?? assert.fail(kind);
  const keep = (members: readonly PolicyMember[]) =>
    members.map((member) => ({ member, choice: { kind: 'keep' } as const, note: NOTE }));
  const changeTo = (members: readonly PolicyMember[], value: Json) =>
    members.map((member) => ({ member, choice: { kind: 'change', value } as const, note: NOTE }));
  const textOf = (file: string): string => readFileSync(join(copy.directory, file), 'utf8');

  it('keeps what somebody else has changed since a member was shown', async () => {
    const shown = membersOf('profile/renewalWindow');
    copy.change('fort/profiles/cps-signature.json', (body) => ({ ...body, renewalWindow: { days: 30 } }));
    const before = shown.map(({ file }) => textOf(file));
    const written = await writeDecisions(copy.directory, keep(shown));
    assert.deepEqual(written.ok ? [] : written.error.map(({ file, pointer }) => file + pointer), [
      'fort/profiles/cps-signature.json/renewalWindow',
    ]);
    assert.deepEqual(
      shown.map(({ file }) => textOf(file)),
      before,
    );
  });

  it('gets all decisions of one answer or none', async () => {
    const before = textOf(PRODUCTION);
    const decisions = [
      ...changeTo(membersOf('environment/crl/overlap'), 'PT6H'),
      ...changeTo(membersOf('environment/crl/jitter'), 'PT20H'),
    ];
    assert.equal((await writeDecisions(copy.directory, decisions)).ok, false);
    assert.equal(textOf(PRODUCTION), before);
    assert.ok((await writeDecisions(copy.directory, decisions.slice(0, 1))).ok);
    assert.notEqual(textOf(PRODUCTION), before);
  });

  it('accepts a value that another open value must follow, and not the other one as it is', async () => {
    const signers = membersOf('authority/ocspSigner');
    assert.ok((await writeDecisions(copy.directory, changeTo(signers, { keyType: 'p-256', validityDays: 30 }))).ok);
    const responders = membersOf('profile/validity').filter(({ file }) => file.includes('/ocsp-'));
    const faults = checkDecisions(opened(), keep(responders));
    assert.deepEqual(new Set(faults.map(({ message }) => message)), new Set(['differs from the authority file']));
    assert.equal(faults.length, responders.length);
    assert.ok((await writeDecisions(copy.directory, changeTo(responders, { days: 30 }))).ok);
  });

  it('does not begin with a fault that no decision removes', () => {
    copy.change('fort/profiles/cps-signature.json', (body) => ({ ...body, id: 'fort/other' }));
    const open = readOpenPolicy(copy.directory);
    assert.deepEqual(open.ok ? [] : open.error.map(({ file, pointer }) => file + pointer), [
      'fort/profiles/cps-signature.json/id',
    ]);
  });

  const everything = () => [
    ...keep(membersOf('profile/renewalWindow')),
    ...changeTo(membersOf('environment/crl/overlap'), 'PT6H'),
  ];
  const rejected = (written: Awaited<ReturnType<typeof writeDecisions>>) =>
    written.ok ? [] : written.error.map(({ file, message }) => `${file}: ${message}`);
  const workFolder = () => join(copy.directory, '.decide');
  const parts = () => readdirSync(workFolder()).filter((name) => name.endsWith('.part'));

  it('gets no decision if one of its files is a link that leads out of it', async () => {
    const [link, target] = [join(copy.directory, 'fort/hierarchy.json'), `${copy.directory}-hierarchy.json`];
    const decisions = [...everything(), ...keep(membersOf('hierarchy/generationSuffix'))];
    renameSync(link, target);
    symlinkSync(target, link);
    const before = textOf(PRODUCTION);
    assert.deepEqual(rejected(await writeDecisions(copy.directory, decisions)), [
      'fort/hierarchy.json: is not in the folder itself: a link or a mount leads out of it',
    ]);
    assert.equal(textOf(PRODUCTION), before);
    assert.deepEqual(parts(), []);
    renameSync(target, link);
    assert.ok((await writeDecisions(copy.directory, decisions)).ok);
  });

  it('gets no decision if the new content of one of its files cannot be written', async () => {
    const before = textOf(PRODUCTION);
    mkdirSync(join(workFolder(), '1.part'), { recursive: true });
    const [fault = ''] = rejected(await writeDecisions(copy.directory, everything()));
    assert.match(fault, /cannot be written: EISDIR/);
    assert.equal(textOf(PRODUCTION), before);
  });

  it('is written by one command at a time: another one waits until the first has ended', async () => {
    const before = textOf(PRODUCTION);
    mkdirSync(workFolder());
    const other = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => other.listen(join(workFolder(), 'lock.1'), resolve));
    const tried = new Promise((resolve) => other.once('connection', resolve));
    const written = writeDecisions(copy.directory, everything());
    assert.equal(textOf(PRODUCTION), before);
    await Promise.race([tried, written]);
    assert.equal(textOf(PRODUCTION), before);
    other.close();
    assert.ok((await written).ok);
    assert.notEqual(textOf(PRODUCTION), before);
  });

  it('keeps the permissions of its files, and loads although a command was interrupted', async () => {
    const file = join(copy.directory, PRODUCTION);
    chmodSync(file, 0o640);
    mkdirSync(workFolder());
    writeFileSync(join(workFolder(), '0.part'), '{');
    await decidePolicy(copy.directory);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(copy.load('production'), []);
  });
});
