/** The routes of ceremonies and of the policy. */
import assert from 'node:assert/strict';
import { assertProblem, type Client } from '../service/client.js';

type Summary = { readonly id: string; readonly isRehearsal: boolean; readonly endedAt: string | null };
type Ceremonies = { readonly ceremonies: readonly Summary[]; readonly nextCursor: string | null };
type Ceremony = Summary & { readonly lines: number; readonly fault: unknown; readonly plan: { readonly id: string } };
type Line = { readonly seq: number; readonly hash: string; readonly prev: string };
type Minutes = { readonly html: string; readonly pdf: string | null };
type Verification = { readonly verified: boolean; readonly head: string; readonly lines: number };

/** Reads the founding ceremonies of development page by page, and verifies one. */
export async function callCeremonyRoutes(auditor: Client, stranger: Client): Promise<void> {
  const all = await auditor.expect<Ceremonies>('GET', '/v1/ceremonies');
  const ids = all.ceremonies.map(({ id }) => id);
  assert.ok(ids.includes('fort'));
  const first = await auditor.expect<Ceremonies>('GET', '/v1/ceremonies?limit=1');
  const second = await auditor.expect<Ceremonies>('GET', `/v1/ceremonies?limit=1&cursor=${first.nextCursor}`);
  assert.deepEqual([first.ceremonies[0]?.id, second.ceremonies[0]?.id], ids.slice(0, 2));

  const { plan, lines, fault } = await auditor.expect<Ceremony>('GET', '/v1/ceremonies/fort');
  assert.deepEqual([plan.id, fault], ['fort', null]);
  const transcript = await auditor.expect<readonly Line[]>('GET', '/v1/ceremonies/fort/transcript');
  assert.equal(transcript.length, lines);
  for (const [at, { seq, prev }] of transcript.entries())
    assert.deepEqual([seq, prev], [at + 1, transcript[at - 1]?.hash ?? '0'.repeat(64)]);
  const verification = await auditor.expect<Verification>('GET', '/v1/ceremonies/fort/verification');
  assert.deepEqual([verification.verified, verification.head], [true, transcript.at(-1)?.hash]);

  const minutes = await auditor.expect<Minutes>('GET', '/v1/ceremonies/fort/minutes');
  assert.match(minutes.html, /<html[\s\S]*fort[\s\S]*<\/html>/);

  for (const path of ['', '/transcript', '/minutes', '/verification']) {
    const absent = await auditor.call('GET', `/v1/ceremonies/..%2Fcredentials${path}`);
    assertProblem(absent, { status: 404, code: 'not-found' });
    assertProblem(await stranger.call('GET', `/v1/ceremonies/fort${path}`), { status: 403, code: 'not-permitted' });
  }
}

type Policy = {
  readonly digest: string;
  readonly environment: string;
  readonly profiles: readonly { readonly id: string }[];
};
type Differences = {
  readonly environment: string;
  readonly changes: readonly object[];
  readonly faults: readonly string[];
};

export async function callPolicyRoutes(client: Client): Promise<void> {
  const { digest, environment, profiles } = await client.expect<Policy>('GET', '/v1/policy');
  assert.match(digest, /^[0-9a-f]{64}$/);
  assert.equal(environment, 'development');
  const ids = profiles.map(({ id }) => id);
  assert.deepEqual([...ids].sort(), ids);
  assert.ok(ids.includes('fort/cps-signature'));
  const differences = await client.expect<Differences>('GET', '/v1/policy/differences');
  assert.deepEqual([differences.environment, differences.faults], ['production', []]);
  assert.ok(differences.changes.length > 0);
}
