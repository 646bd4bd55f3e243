import { guardsOf, type Mutants } from './mutant.js';

const CLOCKS = 'test/fault/nodes/clocks.test.ts';
const ROOT_LISTS = 'test/integration/crl/root-lists.test.ts';
const rootLists = guardsOf('src/operations/crl/import-crls.ts', ROOT_LISTS);
const CRL_PUBLICATION = 'test/unit/jobs/crl-publication.test.ts';
const RUNS = 'test/integration/jobs/runs.test.ts';
const OWN_INTENTS = 'test/fault/nodes/own-intents.test.ts';
const RECOVERED = 'test/integration/db/recovered-runs.test.ts';
const TAGS = 'test/unit/audit/tags.test.ts';

/** Guards of several nodes on one database. */
export const NODES: Mutants = {
  'nodes/drift-reported': guardsOf('src/compose/readiness.ts', 'test/integration/service/commands/nodes.test.ts')(
    'Nodes with different policies are degraded.',
    {
      find: 'silent.length === 0 && differing.size === 0',
      replace: 'silent.length === 0',
      title: 'with different policies are degraded after five minutes',
    },
  ),
  'nodes/drift-waits': guardsOf('src/operations/nodes/drift.ts', 'test/unit/operations/nodes/drift.test.ts')(
    'A change of policy from node to node is no drift.',
    {
      find: ' || now - first.startedAt < DRIFT_MS_MIN',
      replace: '',
      title: 'does not count a change from node to node',
    },
  ),
  'nodes/id-made-once': guardsOf('src/compose/nodes/node.ts', 'test/unit/compose/node.test.ts')(
    'Processes that make the id of a node at the same time agree on it.',
    {
      find: 'linkSync(complete, file);',
      replace: 'replaceFile(file, JSON.stringify({ id }), { part: complete, mode: 0o644 }), linkSync;',
      title: 'is that of the first process, where two make it at the same time',
    },
  ),
  'nodes/clock-differs': guardsOf('src/operations/clock.ts', CLOCKS)(
    'A node whose clock differs from that of the database issues nothing.',
    {
      find: 'const offsetMs = Math.abs(offset) > CLOCK_OFF_MS_MAX ? offset : 0;',
      replace: 'const offsetMs = 0 * offset;',
      title: 'ahead of the others by more than a minute issues nothing, and the others go on',
    },
  ),
  'nodes/mark-of-database': guardsOf('src/operations/clock.ts', CLOCKS)(
    'The high-water mark is the time of the database, which no wrong clock of a node moves.',
    {
      find: 'const { now, mark } = database;\n  if (fault === null && (',
      replace: 'const { mark } = database;\n  const now = clock();\n  if ((',
      title: 'ahead of the others by more than a minute issues nothing, and the others go on',
    },
  ),
  'nodes/home-is-a-file': guardsOf('src/compose/nodes/node.ts', 'test/unit/compose/node.test.ts')(
    'A copy of a home folder is told from the original.',
    { find: 'statSync(file, { bigint: true })', replace: '{ dev: 0, ino: 0 }', title: 'differs from that of a copy' },
  ),
  'nodes/copied-home': guardsOf('src/jobs/nodes/run-record.ts', RUNS)('A node runs in one home folder.', {
    find: 'if (elsewhere !== undefined) return err(alreadyRuns(self, elsewhere));',
    replace: 'if (elsewhere !== undefined) alreadyRuns(self, elsewhere);',
    title: 'does not begin where its node runs in another home folder',
  }),
  'nodes/one-run-of-a-role': guardsOf('src/jobs/nodes/run-record.ts', RUNS)('A start ends the run before.', {
    find: 'other.roles.some((role) => roles.includes(role))',
    replace: 'roles.length === 0',
    title: 'ends the one before of the same role, and no other',
  }),
  'nodes/runs-limited': guardsOf('src/jobs/nodes/run-record.ts', RUNS)('At most 64 processes use a database.', {
    find: '.length >= LIVE_RUNS_MAX)',
    replace: '.length > LIVE_RUNS_MAX)',
    title: 'does not begin beside 64 others',
  }),
  'nodes/silent-runs-not-counted': guardsOf('src/jobs/nodes/run-record.ts', RUNS)(
    'Runs that have been silent do not keep others from starting.',
    {
      find: '!dead.includes(other) && !isSilent(other, now)).length',
      replace: '!dead.includes(other)).length',
      title: 'does not begin beside 64 others',
    },
  ),
  'nodes/ended-run-stops': guardsOf('src/jobs/nodes/heartbeat.ts', RUNS)('A run that others have ended stops.', {
    find: 'world.ended();',
    replace: '',
    title: 'and is told to stop when others have ended it',
  }),
  'nodes/missing-run-relearns': guardsOf('src/jobs/nodes/heartbeat.ts', RUNS)(
    'A run whose row is missing relearns revocations.',
    { find: 'world.replaced();', replace: '', title: 'and is inserted again in an older database' },
  ),
  'nodes/heartbeat-without-lock': guardsOf('src/db/engine/postgresql.ts', RUNS)(
    'A heartbeat does not wait for the write lock.',
    {
      find: 'space.watch(() => retry(READ_RETRY_MS_MAX, () => runOnConnection(nonDurable, NON_DURABLE_MS_MAX, work)))',
      replace: 'writer.transact(work)',
      title: 'while another process has the write lock',
    },
  ),
  'nodes/watched-before-ended': guardsOf('src/jobs/nodes/end-dead-runs.ts', RUNS)(
    'After an outage of the database, nobody is ended at once.',
    {
      find: 'at - (watched.get(one.run)?.since ?? at) >= WATCHED_MS_MIN',
      replace: 'at >= WATCHED_MS_MIN',
      title: 'but not because the database was away, or this process was paused',
    },
  ),
  'nodes/last-heartbeat-counts': guardsOf('src/jobs/nodes/end-dead-runs.ts', RUNS)(
    'A run is ended only while its last heartbeat is the one that was seen.',
    {
      find: "reason: 'lost', seenAt }",
      replace: "reason: 'lost' }",
      title: 'but not if a heartbeat comes at the last moment',
    },
  ),
  'nodes/dead-node-named': guardsOf('src/jobs/nodes/end-dead-runs.ts', 'test/fault/nodes/lost-nodes.test.ts')(
    'A dead node is named.',
    {
      find: 'one.run !== ownRun && isSilent(one, now) &&',
      replace: 'one.run === ownRun && isSilent(one, now) &&',
      title: 'a killed node is named, and starts again as another run',
    },
  ),
  'nodes/ended-run-issues-nothing': guardsOf('src/operations/clock.ts', 'test/integration/db/issuance-groups.test.ts')(
    'A run that was ended uses no serial number.',
    {
      find: 'if (!database.isRunLive) return RUN_ENDED;',
      replace: '',
      title: 'a run that was ended uses no serial number, whatever it had prepared',
    },
  ),
  'nodes/ended-run-lists-nothing': guardsOf(
    'src/operations/crl/reservation.ts',
    'test/integration/crl/relearn.test.ts',
  )('A run that was ended uses no number of a list.', {
    find: 'if (!(await tx.isRunLive(run))) return err(RUN_ENDED);',
    replace: '',
    title: 'a run that was ended reserves no number',
  }),
  'nodes/database-clock-named': guardsOf('src/jobs/clock-watch.ts', 'test/integration/jobs/clock-watch.test.ts')(
    'Where nodes agree with each other and not with the database, the alarm names the database.',
    {
      find: 'return agree && differ ?',
      replace: 'return agree ?',
      title: 'names the database where nodes agree with each other and not with it',
    },
  ),
  'nodes/contract-waits-for-runs': guardsOf('src/db/schema/migrate.ts', 'test/integration/db/schema.test.ts')(
    'A contract level waits for the end of older programs.',
    {
      find: 'if (older.length > 0) return err(inUse(next.level, older));',
      replace: '',
      title: 'an older program that still runs prevents a contract level',
    },
  ),
  'nodes/live-runs-recover-their-own': guardsOf('src/db/tables/certificates.ts', OWN_INTENTS)(
    'The intents of a live run are recovered by nobody else.',
    {
      find: 'and not exists (select 1 from runs where runs.run = certificates.run and ended_at is null)',
      replace: '',
      title: 'is answered, although the other node would take it for an old one',
    },
  ),
  'nodes/under-way-left-alone': guardsOf('src/operations/issuance/recover.ts', OWN_INTENTS)(
    'A request that is under way is not recovered by its own run.',
    {
      find: 'groupByRequest(whole.filter(isLeft))',
      replace: 'groupByRequest(wholeGroupsOf(open).filter((one) => isLeft(one) || true))',
      title: 'is answered, although the other node would take it for an old one',
    },
  ),
  'nodes/key-left-to-retry': guardsOf('src/operations/issuance/recover.ts', RECOVERED)(
    'Recovery leaves an idempotency key to the retry that has it.',
    {
      find: "await abandon(world, group, broken ? 'released' : 'held')",
      replace: "await abandon(world, group, 'held')",
      title: 'leaves the key of a request to the retry that has it',
    },
  ),
  'nodes/given-up-is-stored': guardsOf('src/operations/issuance/recover.ts', RECOVERED)(
    'Recovery counts as given up what the database has stored.',
    {
      find: 'if (!stored.ok) return stored;',
      replace: '',
      title: 'fails, and counts nothing as given up, when the database does not store it',
    },
  ),
  'nodes/retry-is-another-request': guardsOf('src/operations/issuance/recover.ts', RECOVERED)(
    'Intents of a retry are not those of the first request under their key.',
    {
      find: 'claim === null ? record.id :',
      replace: 'claim ?? record.id; void',
      title: 'takes a retry under the same key for another request',
    },
  ),
  'nodes/lease-of-database': guardsOf('src/compose/store.ts', CLOCKS)('A lease ends by the clock of the database.', {
    find: "const clock = chosen.kind === 'sqlite' ? systemClock : null;",
    replace: 'const clock = systemClock;',
    title: 'does not take a lease that is still held',
  }),
  'nodes/one-list-for-all': guardsOf('src/jobs/lists/crl-publication.ts', CRL_PUBLICATION)(
    'A node makes no list for a revocation that the list of another one has.',
    {
      find: '    if (kind === null) return false;\n    const outcome = await make(store, issuer, kind);',
      replace: "    const outcome = await make(store, issuer, kind ?? 'full');",
      title: 'makes no list for a revocation that the list of another node has',
    },
  ),
  'nodes/list-waits-for-others': guardsOf('src/jobs/lists/lists-on-demand.ts', CRL_PUBLICATION)(
    'A list on demand waits for the list that another node makes.',
    {
      find: "if (taken !== 'held') return taken;",
      replace: "return taken === 'held' ? null : taken;",
      title: 'lets requested lists wait for the node that makes one',
    },
  ),
  'nodes/list-of-each-partition': guardsOf('src/jobs/lists/list-state.ts', CRL_PUBLICATION)(
    'A revocation that one partition lacks makes another list.',
    {
      find: 'full: Math.min(...seen.full)',
      replace: 'full: Math.max(...seen.full)',
      title: 'makes the lists of all partitions again when one of them lacks the revocation',
    },
  ),
  'nodes/lists-of-other-runs': guardsOf('src/compose/outlet-supplies.ts', 'test/fault/nodes/lists.test.ts')(
    'A node fetches the list that another one has made, from the address that its run advertises.',
    {
      find: 'run.node === node ? [] : (run.publicationUrl ?? [])',
      replace: 'run.node === node ? (run.publicationUrl ?? []) : []',
      title: 'a revocation on each of them at once is in one list',
    },
  ),
  'nodes/lost-list-replaced': guardsOf('src/jobs/lists/lost-crl-monitor.ts', 'test/fault/nodes/lists.test.ts')(
    'A list that no node has is replaced.',
    {
      find: 'if (now - since < afterMs) return;',
      replace: 'if (now - since < afterMs || scope !== null) return;',
      title: 'the last list is lost with the disk of the node that made it',
    },
  ),
  'nodes/lost-full-list': guardsOf('src/jobs/lists/lost-crl-monitor.ts', 'test/unit/jobs/lost-crl-monitor.test.ts')(
    'A delta that was found does not restart the time of a full list that is missing.',
    {
      find: 'found: (issuer, kind) => void missingSince[kind].delete(issuer),',
      replace: 'found: (issuer) => void [missingSince.full.delete(issuer), missingSince.delta.delete(issuer)],',
      title: 'is replaced although deltas are made or found all the time',
    },
  ),
  'nodes/losses-rarer': guardsOf('src/jobs/lists/lost-crl-monitor.ts', 'test/unit/jobs/lost-crl-monitor.test.ts')(
    'Nodes that cannot reach each other do not replace the lists of each other without end.',
    {
      find: 'Math.min(2 * afterMs, LOST_AFTER_MS_MAX)',
      replace: 'Math.min(afterMs, LOST_AFTER_MS_MAX)',
      title: 'is replaced less and less often',
    },
  ),
  'nodes/older-policy-makes-no-list': guardsOf(
    'src/operations/crl/reservation.ts',
    'test/integration/crl/partition-marks.test.ts',
  )('A node with fewer partitions than the database knows makes no list.', {
    find: 'if (fewer !== null) return err(fewer);',
    replace: '',
    title: 'is more than a running node knows',
  }),
  'nodes/revoked-ca-issues-nothing': guardsOf(
    'src/operations/issuance/reserve.ts',
    'test/integration/ceremony/revoked-authority.test.ts',
  )('No serial number of a revoked CA is reserved, on any node.', {
    find: 'issuerRevoked(revoked, one) ?? ',
    replace: '',
    title: 'issues no more certificates and says why',
  }),
  'nodes/revoked-ca-recovers-nothing': guardsOf(
    'src/operations/issuance/recover.ts',
    'test/integration/db/blocked-intents.test.ts',
  )('What a revoked CA has left open is not signed later.', {
    find: 'revokedIssuers.has(record.issuer) ||',
    replace: '',
    title: 'its claim is released',
  }),
  'nodes/revoked-ca-authenticates-nobody': guardsOf(
    'src/access/client-certificate.ts',
    'test/fault/nodes/lists.test.ts',
  )('A certificate of a revoked CA authenticates nobody, on any node.', {
    find: 'states.set(known, { ...state,',
    replace: 'states.set(known, { ...state, issuerIsRevoked: false,',
    title: 'a list of a root in the folder of one node revokes a CA on the other one',
  }),
  'nodes/root-list-polled': guardsOf('src/jobs/lists/root-crl-importer.ts', 'test/fault/nodes/lists.test.ts')(
    'A list of a root that is put into the folder of a running node is read.',
    {
      find: 'await ceremonyLists.read();',
      replace: 'ceremonyLists.read satisfies unknown;',
      title: 'a list of a root in the folder of one node revokes a CA on the other one',
    },
  ),
  'nodes/older-root-list-revokes': rootLists('A list of a root revokes, also when a later one is known.', {
    find: 'if (known.value.number >= crl.number && revoked.every(({ issuer }) => known.value.revoked.has(issuer)))',
    replace: 'if (known.value.number >= crl.number)',
    title: 'that is older than the last one, or no longer names a CA',
  }),
  'nodes/ca-revoked-once': rootLists('A CA is revoked once, however many nodes read the list.', {
    find: 'const added = revoked.filter(({ issuer }) => !before.has(issuer));',
    replace: 'const added = revoked.filter(() => before.size >= 0);',
    title: 'revokes the CAs that it names',
  }),
  'nodes/root-list-of-its-hierarchy': rootLists('A root revokes the CAs of its own hierarchy.', {
    find: "kind === 'issuing' && hierarchy === root.hierarchy",
    replace: "kind === 'issuing' && hierarchy.length + root.hierarchy.length > 0",
    title: 'revokes nobody of another hierarchy',
  }),
  'nodes/ca-revoked-for-good': guardsOf('src/db/schema/certificates.ts', ROOT_LISTS)('A revoked CA stays revoked.', {
    find: "await createRowTriggers(db, 'revoked_issuers', [NEVER_DELETED, NEVER_UPDATED]);",
    replace: '',
    title: 'has revoked for good',
  }),
};

/** Guards of the form of audit entries, and of the personal values that are not in them. */
export const AUDIT: Mutants = {
  'audit/last-instant': {
    guard: 'Each date that the API accepts can be written to the audit log.',
    file: 'src/audit/members.ts',
    find: 'const INSTANT_MAX = Date.UTC(10_000, 0) - 1;',
    replace: 'const INSTANT_MAX = Date.UTC(9_999, 0) - 1;',
    test: 'test/integration/service/requests/limits.test.ts',
    title: 'are written to the audit log',
  },
  'audit/characters-counted': guardsOf('src/audit/members.ts', 'test/integration/approvals/decisions.test.ts')(
    'Each reason that the API accepts can be written to the audit log.',
    {
      find: 'if (value.length <= charactersMax) return true;',
      replace: 'return value.length <= charactersMax;',
      title: 'is executed with any reason that its request accepts',
    },
  ),
  'audit/personal-values-tagged': guardsOf('src/audit/members.ts', TAGS)('A personal value stands as its tag.', {
    find: 'return member((value, tagOf) => tagOf(kind, value));',
    replace: "return member((value, tagOf) => (tagOf(kind, value).tag === '' ? null : value));",
    title: 'are in none of 10,000 entries of all types',
  }),
  'audit/practices-tagged': guardsOf('src/audit/members.ts', TAGS)(
    'A structure whose id names a person stands as its tag.',
    {
      find: '(form.test(value) ? value : tagOf(kind, value))',
      replace: '(form.test(value) || kind === "structure" ? value : tagOf(kind, value))',
      title: 'are in none of 10,000 entries of all types',
    },
  ),
  'audit/opposed-cards-tagged': guardsOf('src/audit/events.ts', TAGS)(
    'The card that an event is about stands as its tag.',
    {
      find: 'subject: eventSubject }',
      replace: 'subject: text(128) }',
      title: 'are in none of 10,000 entries of all types',
    },
  ),
  'audit/holders-of-addresses': guardsOf(
    'src/console/pages/cards/holder.tsx',
    'test/integration/console/card-and-holder.test.ts',
  )('A refused request for the page of a holder names nobody in the audit log.', {
    find: "'/console/holders/{idNat}'",
    replace: "'/console/holders/{id}'",
    title: 'records whom it refuses, and no holder or card of the address',
  }),
  'audit/key-of-the-year': guardsOf('src/audit/tags.ts', TAGS)('A tag is made with the key of its year.', {
    find: 'const year = keys.has(own) ? own : newestYear(keys);',
    replace: 'const year = keys.has(own) ? newestYear(keys) : own;',
    title: 'have the key of the year of the entry, or the newest one where there is none',
  }),
  'audit/members-bounded': guardsOf('src/audit/events.ts', 'test/unit/audit/entry.test.ts')(
    'A member of an entry that is unknown or out of bounds is not written.',
    {
      find: 'assert(faults.length === 0,',
      replace: 'assert(faults.length >= 0,',
      title: 'and the refusal does not repeat the value',
    },
  ),
  'audit/one-key-a-year': guardsOf('src/db/open.ts', 'test/integration/db/audit-log.test.ts')(
    'A node with another key of tags does not open the database.',
    {
      find: 'if (differing.length === 0) return ok(undefined);',
      replace: 'if (differing.length >= 0) return ok(undefined);',
      title: 'a node with another key for the tags of a year does not open the database',
    },
  ),
};
