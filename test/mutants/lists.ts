import { guardsOf, type Mutants } from './mutant.js';

const HISTORIES = 'test/integration/crl/histories.test.ts';
const ANY_HISTORY = 'every full CRL equals an earlier one plus a delta CRL';
const TIMING = 'test/unit/jobs/crl-publication.test.ts';
const RELEARN = 'test/integration/crl/relearn.test.ts';

const changes = guardsOf('src/db/tables/revoked-changes.ts', HISTORIES);
const publish = guardsOf('src/operations/crl/publish-crl.ts', 'test/integration/publish/publish-crl.test.ts');
const forgotten = guardsOf('src/operations/restored/find-forgotten.ts', RELEARN);
const ldap = guardsOf('src/publish/ldap-outlet.ts', 'test/integration/publish/ldap-outlet.test.ts');
const serving = guardsOf('src/http/status/send-file.ts', 'test/integration/publish/serving.test.ts');
const served = guardsOf('src/http/status/files.ts', 'test/integration/publish/serving.test.ts');
const directory = guardsOf('src/publish/directory-outlet.ts', 'test/fault/outlets.test.ts');

/** Guards of revocation lists and of their publication. */
export const LISTS: Mutants = {
  'lists/ended-in-delta': changes('A delta removes certificates that ended between two lists.', {
    find: 'for (const row of [...ended, ...changed]) {',
    replace: 'for (const row of [...ended.slice(0, 0), ...changed]) {',
    title: ANY_HISTORY,
  }),
  'lists/drafts-of-a-lost-lease': publish('The drafts of a list whose lease was lost are removed.', {
    find: 'for (const draft of drafts) await draft.discard();',
    replace: 'if (outcome !== null) for (const draft of drafts) await draft.discard();',
    title: 'a list whose lease is lost while it is made leaves no draft on the disk',
  }),
  'lists/partition-never-published': guardsOf(
    'src/compose/metrics/report-crls.ts',
    'test/unit/compose/report-crls.test.ts',
  )('A partition whose first list is never made is reported.', {
    find: 'runMs > FIRST_LIST_MS_MAX',
    replace: 'runMs < -FIRST_LIST_MS_MAX',
    title: 'is reported as missing once the worker had time to make it, except for a delta',
  }),
  'lists/left-by-a-wrong-clock': guardsOf('src/jobs/lists/crl-publication.ts', TIMING)(
    'A node with a wrong clock leaves lists to nodes whose clocks are right.',
    {
      find: 'if (!(await isLeftToOthers(reads, world, { job: LEASE.job, item: id }))) found.push(id);',
      replace: 'found.push(id);',
      title: 'leaves due lists to nodes whose clocks are right, where its own clock is wrong',
    },
  ),
  'lists/not-left-after-a-failure': guardsOf('src/jobs/lists/list-state.ts', TIMING)(
    'A node with a wrong clock makes the lists that others could not make.',
    {
      find: 'return ((await reads.job(item))?.failures ?? 0) === 0;',
      replace: 'return ((await reads.job(item))?.failures ?? 0) >= 0;',
      title: 'leaves due lists to nodes whose clocks are right, where its own clock is wrong',
    },
  ),
  'lists/released-in-delta': changes('A delta removes certificates that were released.', {
    find: "if (!isDated && integer(row, 'was_held') === 0) return null;",
    replace: 'if (!isDated) return null;',
    title: ANY_HISTORY,
  }),
  'lists/first-change': changes('A delta has the first change after its base.', {
    find: 'where issuer = ? and id > ? and affects_status group by certificate_id) e',
    replace: 'where issuer = ? and id > 1 + ? and affects_status group by certificate_id) e',
    title: ANY_HISTORY,
  }),
  'lists/partition-in-delta': changes('A delta of a partition has the certificates of that partition only.', {
    find: 'where c.crl_partition = ?',
    replace: 'where c.crl_partition >= 0 * ?',
    title: ANY_HISTORY,
  }),
  'lists/newest-for-a-request': guardsOf(
    'src/jobs/lists/list-requests.ts',
    'test/integration/jobs/list-requests.test.ts',
  )('A request for a delta is answered with the newest list.', {
    find: '.sort((one, other) => other.number - one.number)',
    replace: '',
    title: 'is answered with the full list that was made because no delta could be, and not with an older delta',
  }),
  'lists/one-sequence': guardsOf('src/db/tables/crls.ts', HISTORIES)(
    'Full lists and deltas have one sequence of numbers.',
    {
      find: 'Math.max(await highestNumber(issuer, scope), await highestNumber(issuer, otherKind(scope)))',
      replace: 'await highestNumber(issuer, scope)',
      title: ANY_HISTORY,
    },
  ),
  'lists/future-base': guardsOf('src/db/tables/crls.ts', HISTORIES)(
    'No delta completes a list that is older than one of the future.',
    {
      find: "const after = future === null ? 0 : (integerOrNull(future, 'number') ?? 0);",
      replace: 'const after = future === undefined ? 1 : 0;',
      title: ANY_HISTORY,
    },
  ),
  'lists/clock-behind': guardsOf('src/db/tables/revoked-snapshot.ts', HISTORIES)(
    'A revocation by a clock that was behind is listed.',
    {
      find: 'return Math.min(since, first ?? since);',
      replace: 'return Math.max(since, 0 * (first ?? 0));',
      title: ANY_HISTORY,
    },
  ),
  'lists/overtaken': guardsOf('src/operations/crl/reservation.ts', 'test/integration/publish/publish-crl.test.ts')(
    'A list that was overtaken is made again.',
    {
      find: 'return (full?.number ?? null) !== before.full || (delta?.number ?? null) !== before.delta;',
      replace: 'return full === undefined || delta === undefined || before === null;',
      title: 'a CRL that is outdated while it is signed',
    },
  ),
  'lists/sample': guardsOf('src/operations/crl/make-crl.ts', 'test/integration/publish/publish-crl.test.ts')(
    'A list agrees with what the database says about some certificates.',
    {
      find: 'return sampleFault(sample, { baseChange, found: read.found });',
      replace: 'return sample === undefined || baseChange === undefined ? "" : null;',
      title: 'a CRL that contradicts the database is not published',
    },
  ),
  'lists/dead-process': guardsOf('src/jobs/lists/crl-publication.ts', 'test/unit/jobs/crl-publication.test.ts')(
    'What a process that was killed has revoked is listed.',
    {
      find: 'if (!collected.has(issuer) && !timers.areRunning(issuer)) timers.start(issuer);',
      replace: 'void issuer;',
      title: 'publishes revocations of a process that was killed like others: when they are collected',
    },
  ),
  'lists/looks-delay-none': guardsOf('src/jobs/lists/crl-publication.ts', 'test/unit/jobs/crl-publication.test.ts')(
    'A look for what is due does not restart the time that a revocation waits.',
    {
      find: 'if (!collected.has(issuer) && !timers.areRunning(issuer)) timers.start(issuer);',
      replace: 'timers.start(issuer);',
      title: 'lets looks for what is due delay no revocation',
    },
  ),
  'lists/failed-stays-due': guardsOf('src/jobs/lists/crl-publication.ts', 'test/unit/jobs/crl-publication.test.ts')(
    'A revocation whose list has failed stays due, so that the job counts as late.',
    {
      find: 'if (!isPublished) collected.add(issuer);',
      replace: '',
      title: 'counts a revocation whose list has failed as due until a list has it',
    },
  ),
  'lists/learns-at-start': guardsOf('src/operations/crl/import-crls.ts', 'test/fault/restored.test.ts')(
    'A service learns from its published lists before it starts.',
    {
      find: 'const relearned = await world.relearn(issuer);',
      replace: 'const relearned = { ok: true } as Awaited<ReturnType<typeof world.relearn>>;',
      title: 'says after a start on a backup what the published list says',
    },
  ),
  'lists/learnt-or-not-started': guardsOf(
    'src/operations/crl/import-crls.ts',
    'test/unit/operations/import-crls.test.ts',
  )('A service does not start before it has learnt from its published lists.', {
    find: 'if (!relearned.ok) return relearned;',
    replace: 'if (relearned === null) return relearned;',
    title: 'is what the start reports',
  }),
  'lists/learns-before-number': publish('A service learns before it makes a list whose number is behind.', {
    find: 'if (!relearned.ok) return relearned;',
    replace: '',
    title: 'makes no CRL while it cannot learn',
  }),
  'lists/only-signed-lists-teach': forgotten('A list teaches only with the signature of its authority.', {
    find: 'if (!read.ok) {',
    replace: 'if (!read.ok && chunks === null) {',
    title: 'learns nothing from known CRLs',
  }),
  'lists/older-list': forgotten('An older list restores no suspension.', {
    find: "const forgotten = number > newest ? entries : entries.filter(({ reason }) => reason !== 'certificateHold');",
    replace: 'const forgotten = number >= 0 * newest ? entries : [];',
    title: 'imports only final revocations',
  }),
  'lists/read-again': forgotten('A list with too many entries for one reading is read again.', {
    find: 'else isCut = true;',
    replace: '',
    title: 'imports many entries in several steps',
  }),
  'lists/later-delta': guardsOf('src/operations/restored/relearn.ts', RELEARN)(
    'What a later delta says prevails over the full list.',
    {
      find: 'if (isLater) for (const serial of delta.value?.removed ?? []) bySerial.delete(serial);',
      replace: '',
      title: 'imports each revocation and suspension once',
    },
  ),
  'lists/entry-assertion': ldap('An entry is replaced only while it is the one that was read.', {
    find: "csn === null ? [] : [new AssertionControl('entryCSN', csn)]",
    replace: 'csn === null ? [] : []',
    title: 'protects a newer CRL from a publisher that read the entry before',
  }),
  'lists/higher-number-stays': guardsOf('src/publish/deliver.ts', 'test/integration/publish/ldap-outlet.test.ts')(
    'A list with a higher number stays.',
    {
      find: "if (current.value !== null && (await isNewer(world, item, current.value))) return ok('newer-there');",
      replace: '',
      title: 'protects a newer CRL from a publisher that read the entry before',
    },
  ),
  'lists/content-verified': guardsOf('src/publish/deliver.ts', 'test/integration/publish/ldap-outlet.test.ts')(
    'Published content has the digest of what was published.',
    {
      find: 'verifiedContent(content, item)',
      replace: 'source(item)',
      title: 'publishes nothing that differs from the record in the database',
    },
  ),
  'lists/any-node-has-it': guardsOf('src/publish/deliver.ts', 'test/unit/publish/deliver.test.ts')(
    'A node that has another list of the name does not end the search at the others.',
    {
      find: 'details.push(error.message);',
      replace: 'break;',
      title: 'is any node that has it, whatever the others have',
    },
  ),
  'lists/entry-classes': ldap('An entry is given the classes that it needs.', {
    find: 'missing.length === 0 ? [] :',
    replace: 'missing.length >= 0 ? [] :',
    title: 'adds the classes that it needs to an entry',
  }),
  'lists/second-look': directory('A file is compared once more before it is renamed.', {
    find: "if (now.value !== (found.get(item.fileName) ?? null)) return err({ kind: 'outlet-changed' });",
    replace: '',
    title: 'a directory is not given a list by one that looked before',
  }),
  'lists/directory-swept': directory('Drafts of dead processes are deleted.', {
    find: 'for (const folder of [lists, certificates]) await sweep(folder, clock() - DRAFT_AGE_MS_MAX);',
    replace: 'void [lists, certificates, clock, sweep, DRAFT_AGE_MS_MAX];',
    title: 'what it left is swept',
  }),
  'lists/two-at-once': guardsOf('src/jobs/lists/crl-publication.ts', 'test/unit/jobs/crl-publication.test.ts')(
    'A process makes no more lists at once than the database gives it snapshots.',
    {
      find: 'const LISTS_AT_ONCE_MAX = 2;',
      replace: 'const LISTS_AT_ONCE_MAX = 4;',
      title: 'makes two lists at once, because each reads a snapshot',
    },
  ),
  'lists/no-pause-for-lacking-files': guardsOf('src/jobs/lists/outlets.ts', 'test/integration/jobs/outlets.test.ts')(
    'A node that lacks a file does not keep the other nodes from delivering it.',
    {
      find: "if (after.state === 'down') throw",
      replace: "if (after.state !== 'current') throw",
      title: 'gets from one node at once what another one has not got',
    },
  ),
  'lists/lost-lease-answered': guardsOf(
    'src/jobs/lists/lists-on-demand.ts',
    'test/integration/jobs/lost-leases.test.ts',
  )('A list on demand whose lease was lost is answered with a failure to retry.', {
    find: 'if (error instanceof LeaseLost) return err(LEASE_LOST);',
    replace: "if (error instanceof LeaseLost && error.message === '') return err(LEASE_LOST);",
    title: 'lets the client of a list on demand retry',
  }),
  'lists/self-check-after-start': guardsOf(
    'src/jobs/lists/self-check.ts',
    'test/integration/publish/self-check.test.ts',
  )('A process that has just started reports no fault of addresses that do not lead to it yet.', {
    find: 'steadyMs() < dueFrom ? [] : CLUSTER_ITEMS',
    replace: 'steadyMs() < dueFrom ? CLUSTER_ITEMS : CLUSTER_ITEMS',
    title: 'is due one period after the start',
  }),
  'lists/self-check-stopped': guardsOf('src/jobs/lists/self-check.ts', 'test/integration/publish/self-check.test.ts')(
    'A process that stops reports no fault of the addresses that it has closed itself.',
    {
      find: "if (leased.mustEnd()) {\n          await store();\n          return 'more';\n        }",
      replace: '',
      title: 'goes on with the next address after a piece of work that had to end',
    },
  ),
  'lists/self-check-off': guardsOf(
    'src/compose/publication-state.ts',
    'test/integration/service/publication/outlets.test.ts',
  )('Faults of a self-check that is switched off do not degrade the service.', {
    find: 'checked: isChecking ? await readSelfCheckState(reads) : null',
    replace: 'checked: await readSelfCheckState(reads)',
    title: 'reports no wrong address any more',
    whole: true,
  }),
  'lists/compared-anew': guardsOf('src/jobs/lists/outlet-updater.ts', 'test/fault/outlets.test.ts')(
    'After an outage the whole outlet is compared again.',
    {
      find: '!isRecentlyCompared || compared?.outages !== outages;',
      replace: '!isRecentlyCompared;',
      title: 'what it lost meanwhile comes back',
    },
  ),
  'lists/distinct-date': served('A date that does not distinguish two lists is not sent.', {
    find: 'lastModified: isDistinct ? modified : null,',
    replace: 'lastModified: isDistinct ? modified : modified,',
    title: 'sends no date if the previous CRL has the same one',
  }),
  'lists/caches-end': serving('No cache keeps a list beyond its end.', {
    find: 'return Math.max(0, Math.min(CRL_MAX_AGE_S, left));',
    replace: 'return Math.max(0, CRL_MAX_AGE_S, 0 * left);',
    title: 'lets no cache store it beyond nextUpdate',
  }),
  'lists/range-of-same-list': serving('A range is of the list that the client has begun with.', {
    find: " && ifRangeMatches(headers['if-range']?.toString(), file);",
    replace: ';',
    title: 'only of the CRL that the client has begun with',
  }),
  'lists/publisher-ends-cache': served('A list that was replaced is not served from memory.', {
    find: 'for (const entry of cache.values()) entry.checkedAt = Number.NEGATIVE_INFINITY;',
    replace: '',
    title: 'serves a new CRL at once after the publisher reports it',
  }),
};
