import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { chainHash, EMPTY_CHAIN, extendChain, leafHash, verifyChain } from '../../../src/audit/chain.js';
import { type AuditEntry, makeEntry } from '../../../src/audit/entry.js';
import type { AuditEvent } from '../../../src/audit/events.js';
import { concat, equalBytes, toHex } from '../../../src/kernel/bytes.js';
import { AUDIT_ORIGIN, ISSUER, idOf } from '../../support/db/records.js';

function event(at: number): AuditEvent {
  const state = { status: 'revoked', at, reason: 'superseded', invalidityDate: null } as const;
  return {
    at,
    type: 'certificate.revoked',
    actor: 'account:officer-1',
    details: { id: idOf(1), issuer: ISSUER, serial: '0a', state },
  };
}

function log(length: number): readonly AuditEntry[] {
  return extendChain(
    EMPTY_CHAIN,
    Array.from({ length }, (_, at) => event(at)),
    AUDIT_ORIGIN,
  );
}

const hashOf = (entry: AuditEntry, bytes: Uint8Array): AuditEntry => ({ ...entry, bytes, leafHash: leafHash(bytes) });

describe('audit chain', () => {
  it('an entry that a search would not find, because its search keys were altered, is found', async () => {
    const entries = [...log(3)];
    const second = entries[1] as AuditEntry;
    entries[1] = { ...second, keys: { ...second.keys, actor: 'somebody-else' } };
    assert.deepEqual(await verifyChain(entries), { ok: false, error: { seq: 2, rule: 'search-keys-match' } });
  });

  it('leaves are hashed as RFC 6962 2.1 says: the empty leaf and one known leaf', () => {
    assert.equal(
      toHex(leafHash(new Uint8Array(0))),
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    assert.equal(toHex(leafHash(Uint8Array.of(0))), '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7');
  });

  it('a chain hash is the SHA-256 of the one before it and the leaf', () => {
    const [first, second] = log(2);
    assert.ok(first && second);
    const expected = createHash('sha256').update(first.chainHash).update(second.leafHash).digest('hex');
    assert.equal(toHex(second.chainHash), expected);
    assert.ok(equalBytes(chainHash(new Uint8Array(32), first.leafHash), first.chainHash));
  });

  it('a whole log verifies, from its start or from a head that was verified before', async () => {
    const entries = log(10);
    const whole = await verifyChain(entries);
    assert.ok(whole.ok);
    assert.equal(whole.value.count, 10);
    const fourth = entries[3];
    assert.ok(fourth);
    const rest = await verifyChain(entries.slice(4), { from: fourth });
    assert.deepEqual(rest, { ok: true, value: { count: 6, head: whole.value.head } });
    assert.deepEqual(await verifyChain([]), { ok: true, value: { count: 0, head: EMPTY_CHAIN } });
  });

  it('the first entry that was altered, removed or moved is named, whatever was done to it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 20 }),
        fc.nat(),
        fc.constantFrom('bytes', 'bytes-and-leaf', 'leaf', 'chain', 'remove', 'swap', 'repeat'),
        async (length, pick, what) => {
          const entries = [...log(length)];
          const at = pick % (length - 1);
          const entry = entries[at] as AuditEntry;
          const next = entries[at + 1] as AuditEntry;
          const altered = makeEntry(entry.seq, event(99), AUDIT_ORIGIN).bytes;
          if (what === 'bytes') entries[at] = { ...entry, bytes: altered };
          if (what === 'bytes-and-leaf') entries[at] = hashOf(entry, altered);
          if (what === 'leaf') entries[at] = { ...entry, leafHash: leafHash(altered) };
          if (what === 'chain') entries[at] = { ...entry, chainHash: entry.leafHash };
          if (what === 'remove') entries.splice(at, 1);
          if (what === 'swap') entries.splice(at, 2, next, entry);
          if (what === 'repeat') entries.splice(at, 0, entry);
          const verdict = await verifyChain(entries);
          assert.ok(!verdict.ok);
          assert.equal(verdict.error.seq, what === 'repeat' ? entry.seq + 1 : entry.seq);
        },
      ),
    );
  });

  it('an entry rewritten with its own hashes is found at the next one', async () => {
    const entries = [...log(5)];
    const before = entries[1] as AuditEntry;
    entries.splice(2, 1, ...extendChain(before, [event(99)], AUDIT_ORIGIN));
    assert.deepEqual(await verifyChain(entries), { ok: false, error: { seq: 4, rule: 'chain-hash-matches' } });
  });

  it('an entry that carries the number of another is found', async () => {
    const [first] = log(1);
    assert.ok(first);
    const bytes = makeEntry(2, event(0), AUDIT_ORIGIN).bytes;
    const leaf = leafHash(bytes);
    const forged = {
      seq: 1,
      bytes,
      leafHash: leaf,
      chainHash: chainHash(EMPTY_CHAIN.chainHash, leaf),
      keys: first.keys,
    };
    assert.deepEqual(await verifyChain([forged]), { ok: false, error: { seq: 1, rule: 'number-in-the-entry' } });
  });

  it('a log rewritten to its end, or cut short, is found by whoever holds a checkpoint', async () => {
    const entries = log(6);
    const last = entries[5] as AuditEntry;
    const before = entries[2] as AuditEntry;
    const rewritten = [...entries.slice(0, 3), ...extendChain(before, [event(97), event(98), event(99)], AUDIT_ORIGIN)];
    assert.ok((await verifyChain(rewritten)).ok);
    const trusted = { checkpoints: [{ seq: last.seq, chainHash: last.chainHash }] };
    assert.deepEqual(await verifyChain(rewritten, trusted), {
      ok: false,
      error: { seq: 6, rule: 'checkpoint-matches' },
    });
    assert.deepEqual(await verifyChain(entries.slice(0, 4), trusted), {
      ok: false,
      error: { seq: 5, rule: 'entries-up-to-checkpoint' },
    });
    assert.ok((await verifyChain(entries, trusted)).ok);
  });

  it('two checkpoints of one entry that differ are both compared, in either order', async () => {
    const entries = log(4);
    const own = entries[2] as AuditEntry;
    const others = extendChain(entries[1] as AuditEntry, [event(99)], AUDIT_ORIGIN)[0] as AuditEntry;
    for (const checkpoints of [
      [own, others],
      [others, own],
    ])
      assert.deepEqual(await verifyChain(entries, { checkpoints }), {
        ok: false,
        error: { seq: 3, rule: 'checkpoint-matches' },
      });
    assert.ok((await verifyChain(entries, { checkpoints: [own, own] })).ok);
  });

  it('the hash of an entry depends on every byte of it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, pick) => {
        const other = bytes.slice();
        const at = pick % bytes.length;
        other[at] = (other[at] as number) ^ 1;
        assert.ok(!equalBytes(leafHash(bytes), leafHash(other)));
        assert.ok(!equalBytes(leafHash(bytes), leafHash(concat([bytes, Uint8Array.of(0)]))));
      }),
    );
  });
});
