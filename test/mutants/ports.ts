import type { Mutant, Mutants } from './mutant.js';

/**
 * Guards of the order of steps and of the transactions, seen by failing each port call of each
 * operation.
 */
const seenBy = (message: string): Pick<Mutant, 'test' | 'title' | 'message' | 'whole'> => ({
  test: 'test/fault/ports/ports-sqlite.test.ts',
  title: 'each port call of each operation fails',
  message,
  whole: true,
});

const STORED_AND_ANNOUNCED = 'nothing is signed that was not stored and announced';
const TWICE_IS_ONE = 'the same request twice is one certificate';

export const PORTS: Mutants = {
  'ports/stored-before-signed': {
    guard: 'Serial numbers and bytes are stored before they are signed.',
    file: 'src/operations/issuance/issue.ts',
    find: `const reserved = await reserve(world, command, intents);
    if (!reserved.ok) return reserved;
    return reserved.value === null ? finish(world, command, intents) : ok(reserved.value);`,
    replace: `const reserving = reserve(world, command, intents);
    const later: typeof world.store = {
      ...world.store,
      groupedTransaction: async (work, item, priority) => {
        const stored = await reserving;
        if (!stored.ok || stored.value !== null) return stored as never;
        return world.store.groupedTransaction(work, item, priority);
      },
    };
    const finishing = finish({ ...world, store: later }, command, intents);
    const reserved = await reserving;
    const finished = await finishing;
    if (!reserved.ok) return reserved;
    return reserved.value === null ? finished : ok(reserved.value);`,
    ...seenBy(STORED_AND_ANNOUNCED),
  },
  'ports/intent-audited': {
    guard: 'The intent of a certificate is audited in the transaction that stores it.',
    file: 'src/issuance/intent.ts',
    find: 'await tx.appendAudit(intents.map(intentEvent));',
    replace: 'intents.map(intentEvent).map((_, at) => at + 1);',
    ...seenBy(STORED_AND_ANNOUNCED),
  },
  'ports/list-digest-stored': {
    guard: 'The digest of a revocation list is stored before the list is signed.',
    file: 'src/operations/crl/publish-crl.ts',
    find: 'for (const { crl } of framed) await tx.updateCrl(crl);',
    replace: 'void tx;',
    ...seenBy(STORED_AND_ANNOUNCED),
  },
  'ports/list-intent-audited': {
    guard: 'The intent of a revocation list is audited with its number.',
    file: 'src/operations/crl/reservation.ts',
    find: `      await tx.appendAudit([{ at: now, type: 'crl.intent',`,
    replace: `      void ([{ at: now, type: 'crl.intent',`,
    ...seenBy(STORED_AND_ANNOUNCED),
  },
  'ports/signature-verified': {
    guard: 'A signature is verified before it is stored.',
    file: 'src/operations/issuance/sign-intent.ts',
    find: 'if (await verifySignatureAsync({ spki, algorithm, data: record.tbs, signature })) return signed;',
    replace: 'if (spki.length > 0) return signed;',
    ...seenBy('a signature that is released verifies'),
  },
  'ports/intents-recovered': {
    guard: 'Open intents are recovered at the start.',
    file: 'src/operations/issuance/recover.ts',
    find: 'const open = await reads.openIntents({ ...of, limit: INTENTS_MAX });',
    replace: 'const open = (await reads.openIntents({ ...of, limit: INTENTS_MAX })).slice(0, 0);',
    ...seenBy('each open intent is finished with its octets or listed'),
  },
  'ports/keyed-intent-finished': {
    guard: 'An intent whose client can fetch its certificate is finished and not given up.',
    file: 'src/operations/issuance/recover.ts',
    find: 'const isLost = !group.every(canBeFetched) ||',
    replace: 'const isLost = true || !group.every(canBeFetched) ||',
    test: 'test/integration/enrolment/cmp-transactions.test.ts',
    title: 'waits for an intent that its signer did not sign, which recovery finishes',
  },
  'ports/broken-card-given-up': {
    guard: 'A card request of which one certificate was revoked meanwhile is given up as a whole.',
    file: 'src/operations/issuance/recover.ts',
    find: 'const broken = isBroken(group, onCards);',
    replace: 'const broken = isBroken([], onCards);',
    ...seenBy(TWICE_IS_ONE),
  },
  'ports/revoked-not-released': {
    guard: 'A certificate that was revoked while it was open is not released.',
    file: 'src/operations/issuance/store-signatures.ts',
    find: `if (stored.some(({ state }) => state.status === 'revoked')) {`,
    replace: 'if (stored.length === 0) {',
    ...seenBy('claims that are there'),
  },
  'ports/key-released-by-recovery': {
    guard: 'A request that recovery gives up releases its idempotency key.',
    file: 'src/operations/issuance/recover.ts',
    find: 'await giveUpClaims(tx, isHeld ? group : [], now);',
    replace: '',
    test: 'test/integration/db/blocked-intents.test.ts',
    title: 'its claim is released',
  },
  'ports/claims-finished': {
    guard: 'Idempotency keys are finished in the transaction that stores the signatures.',
    file: 'src/operations/issuance/store-signatures.ts',
    find: 'await tx.finishClaims(finished);',
    replace: 'void finished;',
    ...seenBy(TWICE_IS_ONE),
  },
  'ports/rolled-back': {
    guard: 'A transaction that fails is rolled back.',
    file: 'src/db/engine/sqlite.ts',
    find: `await execute('ROLLBACK').catch`,
    replace: `await execute('COMMIT').catch`,
    ...seenBy(TWICE_IS_ONE),
  },
  'ports/given-up-audited': {
    guard: 'A certificate that is given up has an audit entry.',
    file: 'src/operations/issuance/store-signatures.ts',
    find: 'await appendEntry(tx, causedBy(request.requestId, abandonedEvent(record, actor, now)));',
    replace: '[appendEntry, abandonedEvent].length;',
    ...seenBy('the audit log tells the state of each certificate'),
  },
  'ports/signature-names-its-entry': {
    guard: 'A signature is stored with the number of its audit entry.',
    file: 'src/operations/issuance/store-signatures.ts',
    find: 'issuedSeq: present(',
    replace: 'issuedSeq: 1 + present(',
    ...seenBy('each signature has its entry before and after'),
  },
  'ports/change-audited': {
    guard: 'A change of status and its audit entry are one transaction.',
    file: 'src/operations/revocation/revoke.ts',
    find: 'await appendEntry(tx, auditOf(change, decided.value, at));',
    replace: '[appendEntry, auditOf].length;',
    ...seenBy('the audit log tells the state of each certificate'),
  },
  'ports/open-is-not-good': {
    guard: 'OCSP does not say good about a certificate whose intent is open.',
    file: 'src/ocsp/decide.ts',
    find: `return { kind: 'try-later' };`,
    replace: `return { kind: 'good' };`,
    ...seenBy('what is open or revoked is never good'),
  },
  'ports/revocation-withdraws': {
    guard: 'A revocation withdraws the cached OCSP response.',
    file: 'src/operations/revocation/revoke.ts',
    find: 'world.statusChanged([record, ...others]);',
    replace: '',
    ...seenBy('what is open or revoked is never good'),
  },
  'ports/lost-commit-withdraws': {
    guard: 'A revocation whose commit was not confirmed withdraws the cached OCSP response too.',
    file: 'src/operations/revocation/revoke.ts',
    find: 'if (touched.length > 0) world.statusChanged(touched);',
    replace: 'void [world, touched];',
    ...seenBy('what is open or revoked is never good'),
  },
  'ports/dead-reservations-closed': {
    guard: 'Numbers of lists that a dead process had reserved are closed.',
    file: 'src/operations/crl/reservation.ts',
    find: 'await closeDead(tx, issuer, now);',
    replace: '',
    ...seenBy('numbers of lists rise'),
  },
  'ports/list-read-back': {
    guard: 'A list is read back and verified before it is published.',
    file: 'src/operations/crl/make-crl.ts',
    find: 'if (read.ok && fault === null) return read;',
    replace: 'if (read.ok) return read;',
    test: 'test/integration/publish/publish-crl.test.ts',
    title: 'is noticed when it is read back',
  },
  'ports/list-named-in-transaction': {
    guard: 'The file of a list takes its name before the database says that it is published.',
    file: 'src/operations/crl/publish-crl.ts',
    find: 'return draft.publish();',
    replace: `return Promise.resolve(ok(undefined)) as ReturnType<typeof draft.publish>;`,
    ...seenBy('the last list is whole'),
  },
  'ports/number-follows-highest': {
    guard: 'The number of a list follows the highest that was ever reserved.',
    file: 'src/db/tables/crls.ts',
    find: 'number: shared ?? Math.max(highestUsed + 1, numberMin ?? 1),',
    replace: 'number: shared ?? Math.max(highestUsed, numberMin ?? 1),',
    test: 'test/integration/db/requests.test.ts',
    title: 'are never given out twice',
  },
  'ports/reserved-number-not-imported': {
    guard: 'A list of a ceremony whose number was reserved meanwhile is not imported.',
    file: 'src/operations/crl/import-crls.ts',
    find: 'if (highest !== null && highest.number >= number) return;',
    replace: '',
    ...seenBy('a list newer than any that the database knows'),
  },
  'ports/drafts-swept': {
    guard: 'Drafts of lists that a dead process had written are deleted at the start.',
    file: 'src/publish/file-outlet.ts',
    find: "if (name.startsWith('.') && name.endsWith(DRAFT_SUFFIX)) await rm(",
    replace: 'if (name === DRAFT_SUFFIX) await rm(',
    ...seenBy('draft is left over'),
  },
};
