/**
 * Marks pkcs11js as a compiled ES module before graphene-pk11 is loaded. Without the mark, each of
 * the ten files of graphene that import pkcs11js copies its 658 constants (`__importStar` of
 * TypeScript), which is a tenth of the processor time of a signer's start.
 */
import pkcs11js from 'pkcs11js';

Object.defineProperty(pkcs11js, '__esModule', { value: true });
