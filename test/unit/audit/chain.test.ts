import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { chainHash, EMPTY_CHAIN, extendChain, leafHash, verifyChain } from '../../../src/audit/chain.js';
import { keysOf, numberedEntry, readEntry } from '../../../src/audit/entry.js';
import { concat, equalBytes, toHex, utf8 } from '../../../src/kernel/bytes.js';
import type { AuditEntry, AuditEvent } from '../../../src/ports/store/audit.js';

function event(at: number, details: AuditEvent['details'] = { serial: '0a' }): AuditEvent {
  return { at, type: 'certificate.revoked', actor: 'officer-1', outcome: 'success', details };
}

function log(length: number): readonly AuditEntry[] {
  return extendChain(
    EMPTY_CHAIN,
    Array.from({ length }, (_, at) => event(at)),
  );
}

const hashOf = (entry: AuditEntry, bytes: Uint8Array): AuditEntry => ({ ...entry, bytes, leafHash: leafHash(bytes) });

describe('audit chain', () => {
  it('an entry is canonical JSON that carries its number', () => {
    const bytes = numberedEntry(7, event(1_767_225_600_123, { b: 1, a: [null, 'é'] }));
    assert.equal(
      new TextDecoder().decode(bytes),
      '{"actor":"officer-1","at":"2026-01-01T00:00:00.123Z","details":{"a":[null,"é"],"b":1},' +
        '"outcome":"success","seq":7,"type":"certificate.revoked"}',
    );
    assert.equal(readEntry(bytes)?.seq, 7);
    assert.equal(readEntry(utf8('{"seq":"7"}')), null);
    assert.equal(readEntry(Uint8Array.of(0xff)), null);
  });

  it('an entry says which request caused it, and what it is about', () => {
    const revoked = { ...event(1, { id: 'c-1', serial: '0a' }), requestId: 'r-1' };
    const bytes = numberedEntry(1, revoked);
    assert.match(new TextDecoder().decode(bytes), /"outcome":"success","requestId":"r-1","seq":1/);
    const { requestId, subjectId } = keysOf(revoked);
    assert.deepEqual([requestId, subjectId], ['r-1', 'c-1']);
    assert.deepEqual(readEntry(bytes)?.keys, keysOf(revoked));
    const subjects = [{ account: 'a-1' }, { spkiSha256: 'ff' }, { id: 7 }, { id: 'x'.repeat(129) }, ['id'], null];
    assert.deepEqual(
      subjects.map((details) => keysOf(event(1, details)).subjectId),
      ['a-1', 'ff', null, null, null, null],
    );
  });

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
          const altered = numberedEntry(entry.seq, event(99));
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
    entries.splice(2, 1, ...extendChain(before, [event(99)]));
    assert.deepEqual(await verifyChain(entries), { ok: false, error: { seq: 4, rule: 'chain-hash-matches' } });
  });

  it('an entry that carries the number of another is found', async () => {
    const [first] = log(1);
    assert.ok(first);
    const bytes = numberedEntry(2, event(0));
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
    const rewritten = [...entries.slice(0, 3), ...extendChain(before, [event(97), event(98), event(99)])];
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
