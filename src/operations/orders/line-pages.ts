/**
 * The stored lines of an order and the lines of its bundle, in pages: an order may have a million
 * lines, and a read of all of them would hold up everything else.
 */
import { present } from '../../kernel/assert.js';
import { ok, type Result } from '../../kernel/result.js';
import { bundleEnd, bundleHead, bundleLine, certificatesOfResult } from '../../orders/results.js';
import type { IssuerId } from '../../ports/signer.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { StoreFailure } from '../../ports/store/failure.js';
import type { Order, SettledLine } from '../../ports/store/orders.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import type { World } from '../world.js';

/** Ends after the first failure. */
export type Pages<Item> = AsyncGenerator<Result<readonly Item[], StoreFailure>, void>;

/** With at most 8 certificates a line, a page stays below the limit of variables of a statement. */
const LINES_A_PAGE = 250;

/** The lines from `from` on that are before `before`, in their order. */
export async function* settledPages(
  { store }: Pick<World, 'store'>,
  { id, from, before }: { readonly id: string; readonly from: number; readonly before: number },
): Pages<SettledLine> {
  let after = from - 1;
  while (after + 1 < before) {
    const limit = Math.min(LINES_A_PAGE, before - 1 - after);
    const page = await store.read((reads) => reads.orderLinesAfter({ id, after, limit }));
    if (page.ok && page.value.length === 0) return;
    yield page;
    if (!page.ok) return;
    after = present(page.value.at(-1), 'the last line of a page').line;
  }
}

/** The line before which every line has its outcome. */
export function settledBefore({ state, lines, nextLine }: Order): number {
  return state === 'finished' || state === 'cancelled' ? lines + 1 : nextLine;
}

/** The certificates of some lines, by their ids. */
export async function certificatesOfLines(
  { store }: Pick<World, 'store'>,
  lines: readonly SettledLine[],
): Promise<Result<ReadonlyMap<string, CertificateRecord>, StoreFailure>> {
  const ids = lines.flatMap((line) => certificatesOfResult(line).map(({ id }) => id));
  const found = await store.read((reads) => reads.certificatesByIds([...new Set(ids)]));
  return found.ok ? ok(new Map(found.value.map((record) => [record.id, record]))) : found;
}

/** DER of a certificate that a result names; it was signed before the result was written. */
export function derOf(
  { issuers }: Pick<World, 'issuers'>,
  { id, issuer, tbs, signature }: CertificateRecord,
): Uint8Array {
  const { signatureAlgorithm } = present(issuers.byId(issuer), `the issuer of ${id}`);
  return assembleCertificate(tbs, signatureAlgorithm, present(signature, `the signature of ${id}`));
}

type BundleWorld = Pick<World, 'store' | 'issuers' | 'policy'>;

/** The lines of the bundle of an order whose lines all have outcomes. */
export async function* bundlePages(world: BundleWorld, { id, lines }: Order): Pages<string> {
  const all = { id, from: 1, before: lines + 1 };
  const named = new Set<IssuerId>();
  for await (const page of settledPages(world, all)) {
    if (!page.ok) return yield page;
    for (const line of page.value) for (const { issuer } of certificatesOfResult(line)) named.add(issuer);
  }
  const chains = [...named].map((issuer) => [issuer, world.issuers.chain(issuer)] as const);
  yield ok([bundleHead({ order: id, environment: world.policy.environment.mark, chains })]);
  let cards = 0;
  for await (const page of settledPages(world, all)) {
    if (!page.ok) return yield page;
    const personalised = page.value.filter((line) => certificatesOfResult(line).length > 0);
    const records = await certificatesOfLines(world, personalised);
    if (!records.ok) return yield records;
    cards += personalised.length;
    yield ok(personalised.map((line) => renderLine(world, line, records.value)));
  }
  yield ok([bundleEnd(cards)]);
}

function renderLine(world: BundleWorld, line: SettledLine, records: ReadonlyMap<string, CertificateRecord>): string {
  const certificates = certificatesOfResult(line).map((facts) => {
    const record = present(records.get(facts.id), `the certificate ${facts.id}`);
    return { ...facts, container: record.container, certificate: derOf(world, record) };
  });
  return bundleLine(line, certificates);
}
