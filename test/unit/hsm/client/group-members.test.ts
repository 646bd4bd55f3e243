import assert from 'node:assert/strict';
import { createGroupMembers, type GroupMember, type GroupMembers } from '../../../../hsm/client/group-members.js';
import type { IssuerId } from '../../../../src/ports/signer.js';

const ISSUER = 'aci-te-pp' as IssuerId;
const OTHER = 'aci-te-org' as IssuerId;
const NOBODY: ReadonlySet<GroupMember> = new Set();

describe('the members of a signer group', () => {
  let now: number;
  let members: GroupMembers;
  let a: GroupMember;
  let b: GroupMember;

  beforeEach(() => {
    now = 1_000;
    members = createGroupMembers(['a', 'b'], () => now);
    const [first, second] = members.all;
    assert(first && second);
    [a, b] = [first, second];
  });

  const take = (issuer = ISSUER, tried = NOBODY): string | undefined => members.assign(issuer, tried)?.path;
  /** Answered at once. */
  const turn = (issuer = ISSUER): string | undefined => {
    const taken = members.assign(issuer, NOBODY);
    if (taken) members.answered(taken);
    return taken?.path;
  };
  const proveAll = (): void => {
    for (const member of members.all) members.markProven(member);
  };

  it('get requests in turn for each issuer, so that each sees the lists of all issuers', () => {
    proveAll();
    assert.deepEqual([turn(), turn(OTHER), turn(), turn(OTHER)], ['a', 'a', 'b', 'b']);
  });

  it('get requests by the number of their unanswered requests', () => {
    proveAll();
    assert.deepEqual([take(), take(), take()], ['a', 'b', 'a']);
    members.answered(a);
    members.answered(a);
    assert.deepEqual([take(), take(), take()], ['a', 'b', 'a']);
  });

  it('get no request while they are away, and none twice', () => {
    proveAll();
    members.markUnavailable(a, 1_000);
    assert.deepEqual([take(), take()], ['b', 'b']);
    assert.equal(take(ISSUER, new Set([b])), undefined);
    assert.equal(members.hasOther(new Set([b])), false);
    assert.equal(members.hasOther(new Set([a])), true);
    members.markUnavailable(b, 500);
    assert.equal(take(), undefined);
    assert.equal(members.assignUnavailable(ISSUER, NOBODY)?.path, 'b', 'who has to be waited for less');
    assert.equal(members.assignUnavailable(ISSUER, new Set([a, b])), null);
  });

  it('come back when they report ready, but not before the time that they gave, which is two seconds at most', () => {
    proveAll();
    assert.equal(members.markUnavailable(a, 30_000), true);
    assert.equal(members.markUnavailable(a, 1), false, 'no news');
    now += 1_999;
    assert.equal(members.markAvailable(a), false);
    now += 1;
    assert.equal(members.markAvailable(a), true);
    assert.equal(members.markAvailable(a), false, 'no news');
  });

  it('have one request at a time until they are proven, while another member is proven', () => {
    assert.deepEqual([take(), take(), take(), take()], ['a', 'b', 'a', 'b'], 'at the start nobody has');
    proveAll();
    for (const member of [a, a, b, b]) members.answered(member);
    members.markUnavailable(a, 0);
    members.markAvailable(a);
    assert.deepEqual([take(), take(), take(), take()], ['a', 'b', 'b', 'b']);
    members.markProven(a);
    assert.deepEqual([take(), take()], ['a', 'a']);
  });

  it('are unproven again after an absence, and after a bad signature of an unknown member', () => {
    proveAll();
    members.markUnavailable(a, 0);
    members.markProven(a);
    assert.equal(a.health, 'unavailable', 'a late signature does not make it available');
    members.markAvailable(a);
    assert.equal(a.health, 'unproven');
    members.markAllUnproven();
    assert.equal(b.health, 'unproven');
  });
});
