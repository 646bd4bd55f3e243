import { guardsOf, type Mutants } from './mutant.js';

const PURPOSES = 'test/unit/hsm/wire/platform-purposes.test.ts';
const END = 'test/integration/orders/order-end.test.ts';
const ACKNOWLEDGEMENTS = 'test/integration/orders/acknowledgements.test.ts';
const receipt = guardsOf('src/orders/receipt.ts', PURPOSES);
const purposes = guardsOf('hsm/wire/platform-purposes.ts', PURPOSES);
const finish = guardsOf('src/operations/orders/finish-order.ts', END);
const signing = guardsOf('src/operations/orders/sign-receipt.ts', END);
const files = guardsOf('src/operations/orders/read-files.ts', END);
const verifying = guardsOf('src/cli/order/verify.ts', 'test/unit/cli/order-verify.test.ts');
const acknowledge = guardsOf('src/operations/orders/acknowledge-cards.ts', ACKNOWLEDGEMENTS);

export const ORDER_FILES: Mutants = {
  'order-files/receipt-canonical': receipt('A receipt that is signed is canonical JSON.', {
    find: 'if (canonicalJson(receipt) !== text)',
    replace: "if (text === '')",
    title: 'no white space',
  }),
  'order-files/receipt-members': receipt('A receipt that is signed has no other members.', {
    find: 'if (unknown !== undefined) return unknown.slice(0, 80);',
    replace: '',
    title: 'no further member',
  }),
  'order-files/receipt-counts': receipt('The counts of a receipt add up to its lines.', {
    find: 'if (issued + duplicate + refused + notIssued + cancelled !== receipt.lines)',
    replace: 'if (issued < 0)',
    title: 'no counts that do not add up',
  }),
  'order-files/webhook-base': purposes('The signature base of a webhook is read to its last octet.', {
    find: 'SIGNATURE_BASE.test(latin1(body))',
    replace: `latin1(body).startsWith('"@method": POST')`,
    title: 'no other tag',
  }),
  'order-files/containers-differ': guardsOf('src/policy/rules/card-in-use.ts', 'test/unit/policy/card-in-use.test.ts')(
    'A container of a card gets one certificate.',
    {
      find: 'if (container === null || first === at) return [];',
      replace: 'if (container !== "" || first === at) return [];',
      title: 'go into different containers, as far as they name some',
    },
  ),
  'order-files/container-of-a-card': guardsOf('src/policy/rules/container.ts', 'test/unit/policy/rules.test.ts')(
    'Only a card has containers.',
    {
      find: 'container === undefined || profile.cardProducts !== null',
      replace: "container !== ''",
      title: 'a container of a card, for an application',
    },
  ),
  'order-files/ends-settled': finish('An order ends when every line has its outcome.', {
    find: 'if (order.finishedAt !== null || openLinesOf(order) > 0) return null;',
    replace: 'if (order.finishedAt !== null) return null;',
    title: 'comes when every line has its outcome, and not while the order is paused',
  }),
  'order-files/receipt-verified': signing('A receipt is stored when its signature verifies.', {
    find: 'if (!(await verifiesPlatformSignature(platformKey, octets, signature.value))) {',
    replace: "if (platformKey.id === '') {",
    title: 'stores no signature that does not verify with the public key of the platform',
  }),
  'order-files/compared': files('A file that differs from its receipt is not completed.', {
    find: 'if (found === sha256) return;',
    replace: 'if (found !== "") return;',
    title: 'breaks off a file that differs from the hash in the receipt',
  }),
  'order-files/verify-hashes': verifying('The command compares the hash of each file.', {
    find: 'if (found !== sha256) faults.push',
    replace: 'if (found === "") faults.push',
    title: 'says what is wrong',
  }),
  'order-files/read-back': acknowledge('What was read from a card is compared with what was issued.', {
    find: "outcome !== 'written' || sameSet(read, setOf(hashes))",
    replace: "outcome !== 'written' || read.length >= 0",
    title: 'differ if a certificate is missing, wrong or too many on the card',
  }),
  'order-files/conflict': acknowledge('A card is written or scrapped once.', {
    find: "if (final !== undefined && final.outcome !== outcome) return { result: 'conflict', isNew: false };",
    replace: '',
    title: 'are repeated if they were accepted before, and conflict with another outcome',
  }),
  'order-files/other-card': acknowledge('A report names the card of its line.', {
    find: 'found?.line.cardTokenId === report.card ? found : undefined',
    replace: 'found',
    title: 'are of unknown lines if the card is another',
  }),
  'order-files/live': acknowledge('A card with a revoked certificate is not live.', {
    find: "return status === 'issued' || status === 'pending';",
    replace: 'return status !== null;',
    title: 'say that a card is not live whose certificate was revoked since',
  }),
  'order-files/disabled-account': acknowledge('An account that was disabled acknowledges nothing more.', {
    find: 'return permitted.ok ? ok(await acknowledge',
    replace: "return permitted.ok || account.id !== '' ? ok(await acknowledge",
    title: 'end when the account is disabled during its upload',
  }),
  'order-files/orders-of-a-bureau': guardsOf('src/operations/orders/read.ts', ACKNOWLEDGEMENTS)(
    'A card bureau sees the orders that name it, also if its scope is unlimited.',
    {
      find: "roles.filter((role) => role !== 'card-bureau')",
      replace: 'roles',
      title: 'are taken from the account of the order and its bureau, and from nobody else',
    },
  ),
  'order-files/scrapped': acknowledge('A scrapped card loses its certificates.', {
    find: "if (report.outcome === 'scrapped') {",
    replace: "if (report.outcome === 'scrapped' && report.line === 0) {",
    title: 'of a scrapped card revoke its certificates, if the account may',
  }),
};
