/** Written by `npm run client-types` from the OpenAPI document. */

/** Paths whose POST is executed once for each Idempotency-Key. */
export const IDEMPOTENT_PATHS = [
  '/v1/accounts',
  '/v1/accounts/{id}/certificate',
  '/v1/accounts/{id}/change',
  '/v1/accounts/{id}/disabling',
  '/v1/accounts/{id}/enabling',
  '/v1/campaigns',
  '/v1/campaigns/{id}/arming',
  '/v1/campaigns/{id}/dates',
  '/v1/campaigns/{id}/end',
  '/v1/campaigns/{id}/opening',
  '/v1/campaigns/{id}/release',
  '/v1/cards/{tokenId}/certificates',
  '/v1/cards/{tokenId}/replacement',
  '/v1/cards/{tokenId}/updates',
  '/v1/certificates',
  '/v1/certificates/{id}/renewal',
  '/v1/orders',
  '/v1/registrations',
  '/v1/registrations/{id}/certificates',
  '/v1/revocations',
  '/v1/updates/{id}/decision',
  '/v1/webhooks/{endpoint}/test',
] as const;

/** The codes of problem documents. */
export const PROBLEM_CODES = [
  'card-to-desk',
  'client-certificate-required',
  'clock-wrong',
  'database-unavailable',
  'idempotency-mismatch',
  'in-progress',
  'internal-error',
  'invalid-request',
  'key-rejected',
  'not-found',
  'not-permitted',
  'overloaded',
  'policy-violated',
  'proof-of-possession-failed',
  'proof-rejected',
  'quota-exceeded',
  'signer-unavailable',
  'state-conflict',
  'timeout',
  'too-large',
  'unsupported-media-type',
] as const;

export interface paths {
    "/v1/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search certificates; the search is recorded in the audit log.
         * @description A result matches all filters; without filters, everything in the scope of the account. In the order of sort; without it newest first, or the latest end first where only the end, or the status expired, is given besides what many certificates have (profile, ca, status). A cursor belongs to its order. A page comes from at most 10,000 certificates, so it may have fewer than limit, or none, although there are more: follow nextCursor until it is null. Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor.
         */
        get: operations["searchCertificates"];
        put?: never;
        /**
         * Issue one certificate.
         * @description GET /v1/profiles lists the profiles that an account can use. Allowed for accounts with one of these roles: card-management, ra.
         */
        post: operations["issueCertificate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/certificates/summaries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search certificates without the names of their holders; the search is recorded in the audit log.
         * @description A result matches all filters; without filters, everything in the scope of the account. In the order of sort; without it newest first, or the latest end first where only the end, or the status expired, is given besides what many certificates have (profile, ca, status). A cursor belongs to its order. A page comes from at most 10,000 certificates, so it may have fewer than limit, or none, although there are more: follow nextCursor until it is null. Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor, support.
         */
        get: operations["findCertificates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/certificates/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export all certificates that a search finds, without names; the export is recorded in the audit log.
         * @description In the order of the search, to its end. as=ndjson: a document on each line. as=csv: a table with a head (RFC 4180), in which cells that begin with =, +, - or @ have an apostrophe before them. A failure after the first line ends the connection. Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor.
         */
        get: operations["exportCertificates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/certificates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one certificate.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor. A certificate whose profile lists read-self may call it for itself.
         */
        get: operations["readCertificate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/certificates/{id}/renewal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew: issue another certificate for the same holder, on a new key.
         * @description Holder, card and profile are copied from the old certificate. Its status must be issued (otherwise 409 state-conflict), and the renewal window of its profile must be open (otherwise 422 policy-violated, renewal-window): see renewalWindow in GET /v1/profiles. A key that was already certified is rejected (422 key-rejected, renewal-with-new-key). If the profile requires identity evidence and none is sent, the evidence of the old certificate is used. The old certificate stays valid until it ends: revoke it as superseded when the new one is in use. Allowed for accounts with one of these roles: card-management.
         */
        post: operations["renewCertificate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/certificates/{id}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a certificate permanently.
         * @description Suspended and expired certificates can be revoked too. A revocation cannot be undone. For keyCompromise every other certificate on the same key is revoked too. A certificate may revoke itself, and the authentication certificate of a card every certificate of the card: by TLS, or by proof. Reasons: keyCompromise, cessationOfOperation, unspecified, and superseded for a single certificate. Allowed for accounts with one of these roles: card-management, portal, officer. A certificate whose profile lists revoke-self may call it for itself.
         */
        post: operations["revokeCertificate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/certificates/{id}/suspension": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a certificate, if the profile allows it.
         * @description OCSP and CRLs report certificateHold until it is released or revoked. The body may be omitted. Allowed for accounts with one of these roles: card-management, officer.
         */
        post: operations["suspendCertificate"];
        /**
         * Release a suspended certificate.
         * @description Allowed for accounts with one of these roles: card-management, officer.
         */
        delete: operations["releaseCertificate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issue all certificates of a card, or none of them.
         * @description The result is in the order of the requests. card.tokenId must be the one in the path. GET /v1/profiles lists the profiles that an account can use. Allowed for accounts with one of these roles: card-management, ra.
         */
        post: operations["issueCard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke all certificates on a card.
         * @description Certificates that are already revoked do not change, so a lost card can be reported twice. A certificate may revoke itself, and the authentication certificate of a card every certificate of the card: by TLS, or by proof. Reasons: keyCompromise, cessationOfOperation, unspecified, and superseded for a single certificate. Allowed for accounts with one of these roles: card-management, portal, officer. A certificate whose profile lists revoke-self may call it for itself.
         */
        post: operations["revokeCard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holders/{idNat}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke all certificates of a holder.
         * @description Certificates that are already revoked do not change. Allowed for accounts with one of these roles: card-management, officer.
         */
        post: operations["revokeHolder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/profiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the profiles that this account can currently use.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor, support, operator.
         */
        get: operations["listProfiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List registrations.
         * @description A result matches all filters. Newest first. A page may have fewer than limit, or none, although there are more: follow nextCursor until it is null. Secrets are never shown. Allowed for accounts with one of these roles: card-management, registration-office, officer, auditor.
         */
        get: operations["listRegistrations"];
        put?: never;
        /**
         * Register what a holder may be issued, with a reference and a secret.
         * @description Holder, card, evidence and validity are checked as for a certificate, without the key. The answer has a reference and a secret, which the holder needs to get the certificates by EST or CMP; a repetition under the same Idempotency-Key has them again. The secret is in no other answer. The registration acts with the rights that this account has when it is used. Allowed for accounts with one of these roles: card-management, registration-office.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registrations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one registration, without its secret.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, officer, auditor.
         */
        get: operations["readRegistration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registrations/{id}/withdrawal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw a registration: nothing more is issued for it.
         * @description A repetition changes nothing. A registration of which every profile is used is refused: revoke its certificates. Allowed for accounts with one of these roles: card-management, registration-office.
         */
        post: operations["withdrawRegistration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registrations/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new secret for a registration; the old one is void at once.
         * @description Each call makes another secret. Allowed for accounts with one of these roles: card-management, registration-office.
         */
        post: operations["renewRegistrationSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/registrations/{id}/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issue a certificate that was registered.
         * @description The profile must be one of the registration (otherwise 403, registration-profile) and unused (otherwise 409, registration-profile-unused). Everything but the key comes from the registration. A profile whose certificate is given up is unused again, at most three times. Allowed for accounts with one of these roles: card-management, ra.
         */
        post: operations["issueRegistered"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List cards, by their token ids; the list is recorded in the audit log.
         * @description A page has fewer cards than its limit where the account may not see some: go on while there is a nextCursor. Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor.
         */
        get: operations["listCards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a card: its state, capabilities, all certificates of its life, updates and campaign.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor. A certificate whose profile lists read-self may call it for itself.
         */
        get: operations["readCard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report what a card can do, as read from the card.
         * @description deskReasons of the answer say why the card cannot be updated remotely, before it is touched. Allowed for accounts with one of these roles: card-management.
         */
        post: operations["reportCardCapabilities"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/replacement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Name the card that replaces another one.
         * @description After the overlap the certificates of the old card are revoked as superseded, unless the new card has no issued certificate yet. A holder has one open procedure (update or replacement) for a profession: another one is refused (409 state-conflict, procedure-open). The same request again gets the same answer. Allowed for accounts with one of these roles: card-management.
         */
        post: operations["replaceCard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holders/{idNat}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a holder: free or barred, the cards, and what is open.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor.
         */
        get: operations["readHolder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holders/{idNat}/bar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Request that certificates are issued again for a holder who is barred.
         * @description Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). What was revoked stays revoked. Allowed for accounts with one of these roles: officer.
         */
        delete: operations["unbarHolder"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revocations/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what an order would revoke now: how many certificates, and which of accounts and of the platform.
         * @description Allowed for accounts with one of these roles: officer.
         */
        get: operations["previewMassRevocation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revocations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke all certificates of a selection: a batch of defective cards, a key, a profile, a CA.
         * @description Revokes all selected certificates that are not revoked when the order is given, including suspended and expired ones, but no certificate that is issued later. A certificate must match all members of select. The order says what it hits, as the preview showed it: expectedCount, and accounts and platform if it revokes certificates of accounts or of the platform; otherwise it is refused (422 policy-violated: count-as-expected, accounts-named, platform-named). The response is immediate; the revocations continue in the background, also after a restart. Allowed for accounts with one of these roles: officer.
         */
        post: operations["submitMassRevocation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revocations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the progress of an order.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readMassRevocation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revocations/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the selected certificates with their outcome, one per line.
         * @description In the order of issuance. The outcomes are read while the lines are sent. Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["listMassRevocationResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revocations/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a running order.
         * @description Certificates that were revoked stay revoked; the others are not changed. Allowed for accounts with one of these roles: officer.
         */
        post: operations["cancelMassRevocation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders, newest first.
         * @description The orders of the account and those that name it as their card bureau; with an unlimited scope, all. Allowed for accounts with one of these roles: card-management, card-bureau, officer, auditor, operator.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Submit an order: certificates for many cards, in one upload.
         * @description Each line is a request for one card (NDJSON), which gets all of its certificates or none. The response comes when the whole upload is stored; the lines are then worked on in the background, also after a restart. A line that is not valid is refused alone, with its number. 400 invalid-request: content-digest (the octets are not those of Content-Digest) or order-empty; 408: no octet for 60 s, or not complete after 4 hours. An upload that was not accepted has no effect. Allowed for accounts with one of these roles: card-management.
         */
        post: operations["submitOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order with its progress.
         * @description Allowed for accounts with one of these roles: card-management, card-bureau, officer, auditor, operator.
         */
        get: operations["readOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/lines/{line}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the outcome of one line, as soon as it has one.
         * @description Allowed for accounts with one of these roles: card-management, card-bureau, officer, auditor.
         */
        get: operations["readOrderLine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the lines that have failed, by the rule that they break.
         * @description Allowed for accounts with one of these roles: card-management, card-bureau, officer, auditor.
         */
        get: operations["listOrderProblems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an order. Lines that are under way are finished.
         * @description Repeated in the state that it leads to, it changes nothing and succeeds. Allowed for accounts with one of these roles: card-management, officer, operator.
         */
        post: operations["pauseOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/resumption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused order.
         * @description Repeated in the state that it leads to, it changes nothing and succeeds. An order is not resumed while its account is disabled. Allowed for accounts with one of these roles: card-management, officer, operator.
         */
        post: operations["resumeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order: lines that are under way are finished, the others are not issued.
         * @description Repeated in the state that it leads to, it changes nothing and succeeds. What was issued stays issued. Allowed for accounts with one of these roles: card-management, officer.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the outcomes of the lines of an order, one per line.
         * @description In the order of the upload. While the order is worked on: the lines up to the first one without an outcome, then the end. The lines are canonical JSON (RFC 8785); the receipt has their SHA-256. Each read is recorded in the audit log. Allowed for accounts with one of these roles: card-management, card-bureau, officer, auditor.
         */
        get: operations["readOrderResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the signed receipt of an order that has ended.
         * @description When the order is finished or cancelled. Its hashes are those of the upload, of the results and of the bundle. 409 state-conflict: order-not-ended; order-dry-run; or receipt-not-signed, with Retry-After, until the platform key has signed it. Allowed for accounts with one of these roles: card-management, card-bureau, officer, auditor, operator.
         */
        get: operations["readOrderReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the certificates of the cards of an order that has ended, with their containers and chains.
         * @description For the card bureau: a head with the chains of the CAs, a line for each issued or duplicate card with its certificates and the containers that get them, and an end with their number. The receipt has its SHA-256. Each read is recorded in the audit log. Allowed for accounts with one of these roles: card-management, card-bureau, officer, auditor.
         */
        get: operations["readOrderBundle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/acknowledgements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what was reported about the cards of an order.
         * @description Allowed for accounts with one of these roles: card-management, card-bureau, officer, auditor.
         */
        get: operations["listAcknowledgements"];
        put?: never;
        /**
         * Report what was written on the cards of an order.
         * @description Each line is answered by one line, while the upload goes on. accepted: stored, and for a written card onCard has the hashes of all its certificates, in any order. repeated: the same was accepted before. read-back-differs: stored, and recorded in the audit log. unknown-line: the order has no such line with certificates, or it is of another card. conflict: another outcome was accepted before. invalid: the line itself is not valid. An upload that breaks off can be sent again. Allowed for accounts with one of these roles: card-management, card-bureau.
         */
        post: operations["acknowledgeCards"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the public keys that verify receipts and webhooks; statements of cards name their id.
         * @description The same key is at the publication point, as /AC/platform.spki. Allowed for accounts with one of these roles: card-management, card-bureau, portal, officer, auditor, operator. A certificate whose profile lists read-self may call it for itself.
         */
        get: operations["listKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List campaigns, newest first.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor.
         */
        get: operations["listCampaigns"];
        put?: never;
        /**
         * Create a campaign: many cards that are to get new keys.
         * @description The cards are those that the selection finds as of one moment, each in the first class that fits; a card that fits none is not in the campaign. Without uploaded lists the population is written at once (state preparing, then ready). A campaign with lists is a draft until the last of them is complete. The same campaign again, while the first one has not ended, is the first one. Allowed for accounts with one of these roles: officer.
         */
        post: operations["createCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a campaign with its dates.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor.
         */
        get: operations["readCampaign"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how far a campaign is: cards by state, places, readers, and times.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor.
         */
        get: operations["readCampaignCounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/cards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the cards of a campaign, one per line.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor.
         */
        get: operations["listCampaignCards"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/cards/{tokenId}/desk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a card of a campaign to a desk.
         * @description Repeated in the state that it leads to, it changes nothing and succeeds. Allowed for accounts with one of these roles: officer.
         */
        post: operations["sendCardToDesk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a campaign: no places, no new updates, and no date acts.
         * @description Repeated in the state that it leads to, it changes nothing and succeeds. A suspension or revocation stops after the part that is under way. Allowed for accounts with one of these roles: officer.
         */
        post: operations["pauseCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/resumption": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused campaign.
         * @description Repeated in the state that it leads to, it changes nothing and succeeds. Allowed for accounts with one of these roles: officer.
         */
        post: operations["resumeCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/lists/{class}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload the cards of a class.
         * @description Each line names a card. When the whole upload is stored, the list is complete. The answer counts the lines, and those whose card was in the list already. An upload that breaks off can be sent again. Allowed for accounts with one of these roles: officer.
         */
        post: operations["uploadCampaignList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record that holders were told.
         * @description Each line says that the holder of a card was told something, and is answered by one line, while the upload goes on. recorded: stored. repeated: this stage of the card was stored before, so the holder must not be told again. unknown-card: the card is not in the campaign. invalid: the line itself is not valid. Allowed for accounts with one of these roles: card-management, officer.
         */
        post: operations["recordNotices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a card is to do next.
         * @description next says what the card is to do: begin an update, confirm the one that is under way, wait (for its place, or until a paused campaign goes on), go to a desk, or nothing. The first answer to a card of an open campaign takes its place; a begin before it is refused (429). now is the time that a statement of the card needs. It asks no HSM; Cache-Control says how long it is good. Allowed for accounts with one of these roles: card-management. A certificate whose profile lists read-self may call it for itself.
         */
        get: operations["readPending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/opening": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request that a campaign is opened.
         * @description Refused (409 state-conflict: capacity-bounded) if its classes and those of other open campaigns want more than 0.8 of the hourly cap of a profile. Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["openCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/dates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request that the dates of a campaign are set or moved.
         * @description A date that is moved is no longer armed. A date that nobody arms within the 7 days before it passes with an alarm, and nothing happens. Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["setCampaignDates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/arming": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request that a date of a campaign is armed, so that it acts.
         * @description Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["armCampaignDate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request that everything is released that the campaign has suspended.
         * @description Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["releaseCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request that a campaign ends.
         * @description Its cards go on with updates that have begun; no date acts any more. Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["endCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the updates of a card, newest first.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor.
         */
        get: operations["listCardUpdates"];
        put?: never;
        /**
         * Begin a remote update of a card: certificates for new keys, for which the present key has signed.
         * @description The present authentication key of the card signs for the new keys (proof). Holder and card are those of the certificates that are replaced. The new certificates are pending until the card confirms them, and both sets are good. The same begin again, by its keys or its statement, is answered with 200 and the update as it is. 409 state-conflict: update-live, procedure-open, card-opposed, card-returned or holder-barred. 409 card-to-desk: the card cannot be updated remotely, for the reason that is given. Allowed for accounts with one of these roles: card-management.
         */
        post: operations["beginCardUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/updates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an update with its certificates.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor.
         */
        get: operations["readCardUpdate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/updates/{id}/writing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Announce the first write command. From then on only the card can say that nothing was written.
         * @description Repeated while the card is written, it changes nothing and succeeds. Allowed for accounts with one of these roles: card-management.
         */
        post: operations["announceWriting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/updates/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm that the card holds its new certificates.
         * @description The new authentication key signs that the card holds all new certificates (the present one, if no new one is for authentication). 409 read-back-partial: the card holds some of them; nothing changes, and you continue. Repeated, it gets the same answer; after another end: update-ended. Allowed for accounts with one of these roles: card-management.
         */
        post: operations["confirmCardUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/updates/{id}/abandonment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Abandon an update: the card does not hold its new certificates.
         * @description The old authentication key signs that the card holds no new certificate; or, before you have announced that you write, {"written": false} is enough. The new certificates are revoked with cessationOfOperation. Repeated, it gets the same answer. Allowed for accounts with one of these roles: card-management.
         */
        post: operations["abandonCardUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the updates of all cards, newest first.
         * @description A page has fewer updates than its limit where the account does not see all cards. Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["listUpdates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one update by its id, with what its card has signed.
         * @description The statements can be verified with the certificates whose keys have signed them (ops/card-statements.md). Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readUpdate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/updates/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a decision about an undetermined update: the card holds its new certificates, or it does not.
         * @description Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["decideUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how many certificates were issued and revoked on each day, by CA and profile.
         * @description The profiles in the scope of the account. A job counts once a minute. Allowed for accounts with one of these roles: officer, auditor, operator.
         */
        get: operations["readCounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/expiring": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the certificates that end in the next days, by profile and week.
         * @description Issued and suspended certificates in the scope of the account. Allowed for accounts with one of these roles: officer, auditor, operator.
         */
        get: operations["countExpiring"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/expiring/structures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the certificates of a profile that end in the next days, by structure.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor, support.
         */
        get: operations["countExpiringOfStructures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow issuances and changes of status, without the names of holders.
         * @description Every issuance and every change of status once, in the order of the audit log, as far as the certificates are in the scope of the account, and for as long as certificates are kept. Begin with after=0, keep next, and ask for what comes after it. An answer may have fewer changes than limit, or none, although there are more: more is then true. All changes of one entry are in one answer, which may therefore have a few more than limit. The end of a validity is not a change. Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor, support.
         */
        get: operations["followChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/certificates/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the life of a certificate: changes of its status, audit entries, renewals and order.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor, support.
         */
        get: operations["readCertificateHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cards/{tokenId}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the life of a card: its certificates, updates and replacements.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor, support.
         */
        get: operations["readCardHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/holders/{idNat}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a holder has and had: cards, certificates, open procedures, and whether the holder is barred.
         * @description Allowed for accounts with one of these roles: card-management, registration-office, ra, officer, auditor, support.
         */
        get: operations["readHolderHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the certification authorities and their CRLs.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor, support, operator.
         */
        get: operations["listAuthorities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one certification authority.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor, support, operator.
         */
        get: operations["readAuthority"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cas/{id}/crls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the history of the CRLs of one certification authority.
         * @description Full and delta CRLs of all partitions, with those that were given up. Allowed for accounts with one of these roles: card-management, officer, auditor, support, operator.
         */
        get: operations["readCrlHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cas/{id}/crl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign and publish a full CRL now, or a delta CRL.
         * @description The body may be omitted. If a delta CRL cannot be made, a full CRL is made instead. Allowed for accounts with one of these roles: officer, operator.
         */
        post: operations["publishCrl"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts with their rights, credentials and last recorded act.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["listAccounts"];
        put?: never;
        /**
         * Request a new account.
         * @description It authenticates with one certificate of this platform. Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["addAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one account.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what an account uses now of what it may use.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readAccountUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an account a new certificate, because its own was revoked or has expired.
         * @description The certificate has the holder and the profile of the last one of the account, on the new key of the CSR. From then on the account authenticates with it, and with no other. An account that has a certificate in force is refused (409 state-conflict): it renews its certificate itself. The account of the officer must have no limits, and an account that approves gets one from a break-glass officer only (403 not-permitted). The same request can be repeated after an error: it issues one certificate. Allowed for accounts with one of these roles: officer.
         */
        post: operations["certifyAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the nodes on this database, with their processes and last heartbeats.
         * @description Allowed for accounts with one of these roles: officer, auditor, operator.
         */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the jobs that nodes share, with their schedules, failures and the nodes that work on them.
         * @description Allowed for accounts with one of these roles: officer, auditor, operator.
         */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search the audit log.
         * @description Newest first. A result matches all filters; without filters, the whole log. An entry of a request has its requestId. Refused requests are recorded as access.denied (authentication, rights), proof.rejected or request.refused. After the first ones of a minute, those of the same account and code are only counted: such an entry has count, firstRequestId and lastRequestId in its details. Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["searchAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export all entries of the audit log that a search finds.
         * @description All entries that the filters of the search match, newest first, as lines or as a table (as=csv). The answer is streamed; if an entry cannot be read, the connection ends before the last line. Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["exportAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/entries/{seq}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one entry of the audit log, with its place in the hash chain.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readAuditEntry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the ceremonies whose transcripts this installation holds.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["listCeremonies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one ceremony with its plan.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readCeremony"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the transcript of a ceremony, as it is on the disk.
         * @description The octets are those of the file, so that they can be verified elsewhere. Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readCeremonyTranscript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify a ceremony now, from its files.
         * @description As pfcng ceremony verify does: the chain of the transcript, its signatures, and each file that it records. A transcript that does not verify is a success of this request, with verified false and the fault. Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["verifyCeremony"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ceremonies/{id}/minutes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the minutes of a ceremony, from a transcript that verifies.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readCeremonyMinutes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the policy in force: its digest, profiles, exceptions and code lists.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor, support, operator.
         */
        get: operations["readPolicy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare the policy in force with that of the other environment, value by value.
         * @description Allowed for accounts with one of these roles: card-management, officer, auditor, support, operator.
         */
        get: operations["comparePolicies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request that the name, the rights, the limits, the networks, the end or the structure of an account change.
         * @description Members that are left out stay as they are. Refused (409 state-conflict: account-officers-remain) if fewer than two officers would be left to decide. Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["changeAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/disabling": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request that an account is disabled: every request of it is refused.
         * @description Refused (409 state-conflict: account-officers-remain) if fewer than two officers would be left to decide. Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["disableAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{id}/enabling": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request that a disabled account is enabled again.
         * @description Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Allowed for accounts with one of these roles: officer.
         */
        post: operations["enableAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the endpoints that get events, with what is waiting for each.
         * @description Allowed for accounts with one of these roles: officer.
         */
        get: operations["listWebhooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{endpoint}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries to an endpoint, newest first.
         * @description Deliveries are kept for 30 days after they were delivered or dropped. Allowed for accounts with one of these roles: officer.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{endpoint}/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one delivery.
         * @description Allowed for accounts with one of these roles: officer.
         */
        get: operations["readDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{endpoint}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event to an endpoint.
         * @description Allowed for accounts with one of these roles: officer.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{endpoint}/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again that is dead, delivered or dropped.
         * @description Allowed for accounts with one of these roles: officer.
         */
        post: operations["replayDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{endpoint}/deliveries/{id}/drop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give up a dead delivery, so that later events of its subject are sent.
         * @description Allowed for accounts with one of these roles: officer.
         */
        post: operations["dropDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was requested of two officers, newest first.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an approval: what will be done or was done, and who agreed to it.
         * @description Allowed for accounts with one of these roles: officer, auditor.
         */
        get: operations["readApproval"];
        put?: never;
        /**
         * Approve it as the second officer, or refuse it.
         * @description With approve, the action is executed before the answer comes, and the answer has its result. 409 state-conflict: approval-two-officers (the account has requested it), approval-signer (the requester may not any more), approval-expired, approval-stale (its object has changed), or approval-ended (it was decided before: GET shows how). Allowed for accounts with one of these roles: officer.
         */
        post: operations["decideApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/blocked-keys/{spkiSha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Request that a key is accepted again that an officer has blocked.
         * @description Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict: approval-open). Keys of list files stay blocked. Allowed for accounts with one of these roles: officer.
         */
        delete: operations["unblockKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Structure: {
            /**
             * @description Struct_IdNat: a type and the national number. Types: 0 ADELI and rank, 1 FINESS, 2 SIREN, 3 SIRET, 4 RPPS and rank.
             * @example 10B0057881
             * @example 2187512751
             */
            id: string;
            /** @description Name of the structure, e.g. CABINET M DOC0057881. */
            name: string;
            /** @description Department with its number, as in the nomenclature TRE_G09, e.g. Paris (75). */
            department: string;
        };
        Holder: {
            /** @constant */
            kind: "professional";
            /**
             * @description PS_IdNat: 8 and the RPPS number (11 digits), or 0 and the ADELI number.
             * @example 810002813839
             */
            idNat: string;
            /** @description Given name. */
            givenName: string;
            /** @description Surname used in practice. */
            surname: string;
            /** @description Code of the nomenclature TRE_G15, e.g. 10 for a physician. */
            profession: string;
            /** @description Label of the profession, e.g. Médecin; not that of another profession. */
            title: string;
        } | {
            /** @constant */
            kind: "staff";
            /**
             * @description PS_IdNat of staff: a type, the structure's national number, a slash and a local id of 1 to 32 letters and digits. The number is that of structure.id, but people and structures have different types for the same register. First character of idNat → first character of structure.id: 1 → 0 ADELI, 3 → 1 FINESS, 4 → 2 SIREN, 5 → 3 SIRET, 6 → 4 RPPS. So 30B0057881/CPET0002 belongs to 10B0057881.
             * @example 30B0057881/CPET0002
             */
            idNat: string;
            /** @description Given name; with surname, or pseudonym instead of both. */
            givenName?: string;
            /** @description Surname. */
            surname?: string;
            /** @description For non-nominative cards. */
            pseudonym?: string;
            /** @description Label of the function, e.g. Personnel santé ou social. */
            title: string;
            structure: components["schemas"]["Structure"];
        } | {
            /** @constant */
            kind: "organisation";
            /** @description Name of the application, e.g. INSI-MANU. */
            application: string;
            structure: components["schemas"]["Structure"];
        } | {
            /** @constant */
            kind: "server";
            /** @description The first one becomes the common name: at most 64 characters. */
            names: string[];
            /** @description For mail servers: addresses in the domain of the first name, or below it. Domains are certified in lower case. */
            emails?: string[];
            structure: components["schemas"]["Structure"];
        };
        CertificateHolder: {
            /** @constant */
            kind: "professional";
            /**
             * @description PS_IdNat: 8 and the RPPS number (11 digits), or 0 and the ADELI number.
             * @example 810002813839
             */
            idNat: string;
            /** @description Given name. */
            givenName: string;
            /** @description Surname used in practice. */
            surname: string;
            /** @description Code of the nomenclature TRE_G15, e.g. 10 for a physician. */
            profession: string;
            /** @description Label of the profession, e.g. Médecin; not that of another profession. */
            title: string;
        } | {
            /** @constant */
            kind: "staff";
            /**
             * @description PS_IdNat of staff: a type, the structure's national number, a slash and a local id of 1 to 32 letters and digits. The number is that of structure.id, but people and structures have different types for the same register. First character of idNat → first character of structure.id: 1 → 0 ADELI, 3 → 1 FINESS, 4 → 2 SIREN, 5 → 3 SIRET, 6 → 4 RPPS. So 30B0057881/CPET0002 belongs to 10B0057881.
             * @example 30B0057881/CPET0002
             */
            idNat: string;
            /** @description Given name; with surname, or pseudonym instead of both. */
            givenName?: string;
            /** @description Surname. */
            surname?: string;
            /** @description For non-nominative cards. */
            pseudonym?: string;
            /** @description Label of the function, e.g. Personnel santé ou social. */
            title: string;
            structure: components["schemas"]["Structure"];
        } | {
            /** @constant */
            kind: "organisation";
            /** @description Name of the application, e.g. INSI-MANU. */
            application: string;
            structure: components["schemas"]["Structure"];
        } | {
            /** @constant */
            kind: "server";
            /** @description The first one becomes the common name: at most 64 characters. */
            names: string[];
            /** @description For mail servers: addresses in the domain of the first name, or below it. Domains are certified in lower case. */
            emails?: string[];
            structure: components["schemas"]["Structure"];
        } | {
            /** @constant */
            kind: "responder";
            /** @description The CA whose OCSP responses it signs, e.g. aci-fo-pp. */
            ca: string;
        } | {
            /** @constant */
            kind: "cmp-signer";
            /** @description The CA whose CMP answers it signs, e.g. aci-fo-pp. */
            ca: string;
        } | {
            /**
             * @description Not known: the certificate was issued after the backup from which the database was restored. Its member certificate is empty.
             * @constant
             */
            kind: "recovered";
        };
        Card: {
            /** @description Issuer, slash, 10-digit serial, e.g. 8025000001/2600301752. A card with valid certificates has one holder and one product. */
            tokenId: string;
            /**
             * @description The profile must allow it: see /v1/profiles.
             * @enum {string}
             */
            product: "cps" | "cpe" | "cpa";
        };
        Identity: {
            /**
             * @description How sure the identity is, as in regulation (EU) 910/2014, article 8.
             * @enum {string}
             */
            assurance: "low" | "substantial" | "high";
            /** @description Who verified the identity, e.g. PSI. */
            source: string;
            /** @description Reference of the evidence at that source; no personal data. */
            reference: string;
            /**
             * Format: date-time
             * @description When it was verified. RFC 3339, UTC.
             */
            verifiedAt: string;
        };
        CertificateRequest: {
            /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
            profile: string;
            /** @description PKCS#10 certification request, PEM. */
            csr: string;
            holder: components["schemas"]["Holder"];
            card?: components["schemas"]["Card"];
            identity?: components["schemas"]["Identity"];
            /**
             * @description Where the key was generated, as you declare it: on the card, in a security module, or in software. It is recorded. /v1/profiles says what a profile accepts and whether the declaration is required.
             * @enum {string}
             */
            keyOrigin?: "card" | "module" | "software";
            /** @description The container of the card that gets the certificate, for the card bureau. Default: the one of the profile. */
            container?: string;
            /** @description A shorter life than that of the profile; left out: that of the profile, from now. */
            validity?: {
                /**
                 * Format: date-time
                 * @description Start. RFC 3339, UTC.
                 */
                notBefore?: string;
                /**
                 * Format: date-time
                 * @description End, within the profile. RFC 3339, UTC.
                 */
                notAfter?: string;
            };
        };
        Renewal: {
            /** @description PKCS#10 certification request, PEM. */
            csr: string;
            identity?: components["schemas"]["Identity"];
            /**
             * @description Where the key was generated, as you declare it: on the card, in a security module, or in software. It is recorded. /v1/profiles says what a profile accepts and whether the declaration is required.
             * @enum {string}
             */
            keyOrigin?: "card" | "module" | "software";
            /** @description A shorter life than that of the profile; left out: that of the profile, from now. */
            validity?: {
                /**
                 * Format: date-time
                 * @description Start. RFC 3339, UTC.
                 */
                notBefore?: string;
                /**
                 * Format: date-time
                 * @description End, within the profile. RFC 3339, UTC.
                 */
                notAfter?: string;
            };
        };
        CardRequest: {
            holder: components["schemas"]["Holder"];
            /** @description Its tokenId must be the one in the path. */
            card: components["schemas"]["Card"];
            identity?: components["schemas"]["Identity"];
            /** @description Each with another profile and another key. */
            requests: {
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile: string;
                /** @description PKCS#10 certification request, PEM. */
                csr: string;
                /**
                 * @description Where the key was generated, as you declare it: on the card, in a security module, or in software. It is recorded. /v1/profiles says what a profile accepts and whether the declaration is required.
                 * @enum {string}
                 */
                keyOrigin?: "card" | "module" | "software";
                /** @description The container of the card that gets the certificate, for the card bureau. Default: the one of the profile. */
                container?: string;
                /** @description A shorter life than that of the profile; left out: that of the profile, from now. */
                validity?: {
                    /**
                     * Format: date-time
                     * @description Start. RFC 3339, UTC.
                     */
                    notBefore?: string;
                    /**
                     * Format: date-time
                     * @description End, within the profile. RFC 3339, UTC.
                     */
                    notAfter?: string;
                };
            }[];
        };
        AccountCertificate: {
            /** @description PKCS#10 certification request, PEM. */
            csr: string;
            /**
             * @description Where the key was generated, as you declare it: on the card, in a security module, or in software. It is recorded. /v1/profiles says what a profile accepts and whether the declaration is required.
             * @enum {string}
             */
            keyOrigin?: "card" | "module" | "software";
        };
        AccountRequest: {
            /** @description Lower-case letters, digits, dots and hyphens. */
            id: string;
            /** @description Description for people. */
            name: string;
            /** @description What it may do. */
            roles: ("card-management" | "registration-office" | "ra" | "card-bureau" | "portal" | "officer" | "auditor" | "support" | "operator")[];
            /** @description For what it may act. */
            scope: {
                /** @description Profiles it acts for: *, fort/*, elementaire/serv-ssl. */
                profiles: string[];
                /** @description Structures it acts for; *: all. */
                structures: string[];
                /** @description Domains of servers and mail it acts for; *: all. */
                domains: string[];
                /** @description Ids of holders it acts for, or prefixes followed by *; *: all. */
                holders: string[];
            };
            /** @description How much it may be issued. Revocation and reading are never limited. */
            limits?: {
                /** @description Certificates in a day (UTC), on all nodes together; null: unlimited. */
                perDay?: number | null;
                /** @description Certificates in an hour (UTC), on all nodes together; null: unlimited. */
                perHour?: number | null;
                /** @description Requests for certificates at once, on each node; null: unlimited. */
                inFlight?: number | null;
            };
            /** @description Networks from which it sends requests; empty: from anywhere. */
            networks?: string[];
            /** @description Its end, RFC 3339, UTC; null: none. */
            expiresAt?: string | null;
            /** @description Completes holders for which the account gives no structure; its id is in the scope. null: none. */
            structure?: components["schemas"]["Structure"] | null;
            /** @description Id of the certificate of this platform with which it authenticates. */
            certificate: string;
            /** @description Why; without personal data. */
            reason: string;
        };
        AccountChange: {
            /** @description Description for people. */
            name?: string;
            /** @description What it may do. */
            roles?: ("card-management" | "registration-office" | "ra" | "card-bureau" | "portal" | "officer" | "auditor" | "support" | "operator")[];
            /** @description For what it may act. */
            scope?: {
                /** @description Profiles it acts for: *, fort/*, elementaire/serv-ssl. */
                profiles?: string[];
                /** @description Structures it acts for; *: all. */
                structures?: string[];
                /** @description Domains of servers and mail it acts for; *: all. */
                domains?: string[];
                /** @description Ids of holders it acts for, or prefixes followed by *; *: all. */
                holders?: string[];
            };
            /** @description How much it may be issued. Revocation and reading are never limited. */
            limits?: {
                /** @description Certificates in a day (UTC), on all nodes together; null: unlimited. */
                perDay?: number | null;
                /** @description Certificates in an hour (UTC), on all nodes together; null: unlimited. */
                perHour?: number | null;
                /** @description Requests for certificates at once, on each node; null: unlimited. */
                inFlight?: number | null;
            };
            /** @description Networks from which it sends requests; empty: from anywhere. */
            networks?: string[];
            /** @description Its end, RFC 3339, UTC; null: none. */
            expiresAt?: string | null;
            /** @description Completes holders for which the account gives no structure; its id is in the scope. null: none. */
            structure?: components["schemas"]["Structure"] | null;
            /** @description Why; without personal data. */
            reason: string;
        };
        AccountReason: {
            /** @description Why; without personal data. */
            reason: string;
        };
        Revocation: {
            /**
             * @description RFC 5280 5.3.1. card-management may give unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation; officer may give unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn. certificateHold is set by a suspension.
             * @enum {string}
             */
            reason: "unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn";
            /**
             * Format: date-time
             * @description When the key is suspected to have become invalid (RFC 5280 5.3.2). RFC 3339, UTC.
             */
            invalidityDate?: string;
        };
        Proof: {
            /** @description Id of the certificate whose key has signed. */
            certificateId: string;
            /** @description The statement, as the card has signed it; with signature. */
            statement?: string;
            /** @description Base64 of the signature over the prefix and the statement. */
            signature?: string;
            /** @description Base64 of a CMS SignedData (DER) with the signed octets inside; instead of statement and signature. */
            cms?: string;
        };
        OwnRevocation: {
            /**
             * @description RFC 5280 5.3.1. card-management may give unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation; officer may give unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn. certificateHold is set by a suspension.
             * @enum {string}
             */
            reason: "unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn";
            /**
             * Format: date-time
             * @description When the key is suspected to have become invalid (RFC 5280 5.3.2). RFC 3339, UTC.
             */
            invalidityDate?: string;
            /** @description What the card has signed, verb revoke. For accounts with the role portal. */
            proof?: components["schemas"]["Proof"];
        };
        Selection: {
            /** @description Issuing CA, e.g. aci-fo-pp; /v1/cas lists them. */
            ca?: string;
            /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
            profile?: string;
            /**
             * Format: date-time
             * @description Issued at this time or later. RFC 3339, UTC.
             */
            issuedFrom?: string;
            /**
             * Format: date-time
             * @description Issued at this time or earlier. RFC 3339, UTC.
             */
            issuedUntil?: string;
            /** @description SHA-256 of a SubjectPublicKeyInfo: all certificates on this key. */
            spkiSha256?: string;
            /** @description A certificate in PEM: all certificates on its key. Instead of spkiSha256. */
            certificate?: string;
        };
        MassRevocationRequest: {
            select: components["schemas"]["Selection"];
            /**
             * @description RFC 5280 5.3.1. card-management may give unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation; officer may give unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn. certificateHold is set by a suspension.
             * @enum {string}
             */
            reason: "unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn";
            /**
             * Format: date-time
             * @description When the key is suspected to have become invalid (RFC 5280 5.3.2). RFC 3339, UTC.
             */
            invalidityDate?: string;
            /** @description matched of the preview. If the selection finds another number by now, the order is refused. */
            expectedCount: number;
            /** @description The accounts of the preview, which lose their certificate: all of them, and no others. */
            accounts?: string[];
            /** @description The parts of the platform of the preview, which lose their certificate. */
            platform?: ("api-server" | "ocsp-responders" | "cmp-signers")[];
        };
        MassRevocation: {
            /** @description Id of the order. */
            id: string;
            /**
             * @description running: certificates are still being revoked. The others are final.
             * @enum {string}
             */
            state: "running" | "completed" | "cancelled";
            select: components["schemas"]["Selection"];
            /**
             * @description The reason of each revocation (RFC 5280 5.3.1).
             * @enum {string}
             */
            reason: "unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn";
            invalidityDate: string | null;
            /** @description The account that submitted the order. */
            account: string;
            /**
             * Format: date-time
             * @description When the selection was fixed. RFC 3339, UTC.
             */
            submittedAt: string;
            finishedAt: string | null;
            /** @description Certificates that were selected. */
            matched: number;
            /** @description Certificates that were processed. */
            done: number;
            /** @description Certificates that this order revoked. */
            revoked: number;
            /** @description Certificates that were revoked after the order was submitted, but not by it: by another request, or, for keyCompromise, together with another certificate on the same key. */
            alreadyRevoked: number;
        };
        MassRevocationPreview: {
            /** @description Certificates that the order would revoke now. */
            matched: number;
            /** @description Accounts that would lose a certificate. The order has to name them. */
            accounts: {
                /** @description Id of the account. */
                account: string;
                /** @description Id of the certificate on this platform. */
                certificate: string;
                /** @description Generation of the CA, e.g. aci-fo-pp. */
                issuer: string;
                /** @description Lower-case hex, even length. */
                serialNumber: string;
            }[];
            /** @description Parts of the platform that would lose a certificate. The order has to name them. */
            platform: {
                /**
                 * @description The part that uses it.
                 * @enum {string}
                 */
                part: "api-server" | "ocsp-responders" | "cmp-signers";
                /** @description Id of the certificate on this platform. */
                certificate: string;
                /** @description Generation of the CA, e.g. aci-fo-pp. */
                issuer: string;
                /** @description Lower-case hex, even length. */
                serialNumber: string;
            }[];
        };
        MassRevocationResult: {
            /** @description Id of the certificate on this platform. */
            certificate: string;
            /** @description Generation of the CA, e.g. aci-fo-pp. */
            issuer: string;
            /** @description Lower-case hex, even length. */
            serialNumber: string;
            /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
            profile: string;
            /**
             * @description waiting: not processed yet; cancelled: it will not be processed.
             * @enum {string}
             */
            outcome: "revoked" | "already-revoked" | "waiting" | "cancelled";
        };
        Order: {
            /** @description Id of the order. */
            id: string;
            /**
             * @description The state of the order (ops/orders.md).
             * @enum {string}
             */
            state: "receiving" | "accepted" | "working" | "paused" | "cancelling" | "cancelled" | "finished" | "discarded";
            /** @description Everything is checked and nothing is issued. */
            dryRun: boolean;
            reference: string | null;
            /** @description The account that submitted the order. */
            account: string;
            bureau: string | null;
            /** @description Octets of the upload; while it is received, those that are stored. */
            octets: number;
            /** @description Lines of the upload; while it is received, those that are stored. */
            lines: number;
            /** @description Lines whose cards the card bureau has acknowledged. */
            acknowledged: number;
            /** @description Lines by outcome. wouldIssue and wouldBeDuplicate are there in dry runs only. */
            counts: {
                /** @description Lines whose certificates were issued. */
                issued: number;
                /** @description Lines whose certificates existed already: nothing was issued. */
                duplicate: number;
                /** @description Lines that were refused, each with a problem document. */
                refused: number;
                /** @description Lines that were given up: at the deadline, by the lint, or after a crash. */
                notIssued: number;
                /** @description Lines that were not begun before the order was cancelled. */
                cancelled: number;
                /** @description Lines without an outcome. */
                open: number;
                /** @description In a dry run: lines that would be issued. */
                wouldIssue?: number;
                /** @description In a dry run: lines that would be duplicates. */
                wouldBeDuplicate?: number;
            };
            /**
             * Format: date-time
             * @description When the upload began. RFC 3339, UTC.
             */
            receivedAt: string;
            acceptedAt: string | null;
            finishedAt: string | null;
            deadlineAt: string | null;
            linesPerSecond: number | null;
            estimatedEnd: string | null;
            /** @description Why lines wait, if any do. */
            waitingFor: {
                /** @description Why lines wait: pace, signer, under-way, or fault (of PFCNG: they are tried again). */
                reason: string;
                profile?: string | null;
                until?: string | null;
            }[];
            pausedBy: string | null;
            requestSha256: string | null;
            resultsSha256: string | null;
        };
        OrderPage: {
            /** @description Newest first. */
            orders: components["schemas"]["Order"][];
            nextCursor: string | null;
        };
        OrderProblems: {
            /** @description The most frequent first. */
            problems: {
                /** @description Code of the problem documents of these lines. */
                code: string;
                rule: string | null;
                /** @description How many lines; one that breaks several rules counts for each. */
                lines: number;
                /** @description The first of these lines. */
                firstLine: number;
            }[];
        };
        OrderLine: {
            /** @description Number of the line in the upload, from 1. */
            line: number;
            card: string | null;
            /**
             * @description What became of the line. It is final.
             * @enum {string}
             */
            outcome: "issued" | "duplicate" | "refused" | "not-issued" | "cancelled" | "would-issue" | "would-be-duplicate";
            /** @description The certificates of the card: those that were issued, or those that existed already. */
            certificates?: {
                /** @description Id of the certificate on this platform. */
                id: string;
                /** @description Generation of the CA, e.g. aci-fo-pp. */
                issuer: string;
                /**
                 * Format: date-time
                 * @description Its end. RFC 3339, UTC.
                 */
                notAfter: string;
                /**
                 * Format: date-time
                 * @description Its beginning. RFC 3339, UTC.
                 */
                notBefore: string;
                /** @description Profile id. */
                profile: string;
                /** @description Lower-case hex. */
                serialNumber: string;
                /** @description SHA-256 of its DER, lower-case hex. */
                sha256: string;
                /** @description DER in base64, where it was asked for. */
                certificate?: string;
            }[];
            /** @description Why it was refused or not issued, with pointers into the line. */
            problem?: components["schemas"]["Problem"];
        };
        Receipt: {
            /** @description Canonical JSON (RFC 8785): what was asked for and what became of it, with the hashes of the files. */
            receipt: string;
            /** @description ECDSA with SHA-256, DER in base64, over the octets "PFCNG receipt v1", one zero octet, and receipt. */
            signature: string;
            /** @description Id of the key, as in GET /v1/keys. */
            key: string;
            /** @description Reserved. */
            logProof: null;
        };
        BundleLine: {
            /**
             * @description In the first line.
             * @constant
             */
            form?: "pfcng-card-bundle-1";
            /** @description Id of the order. */
            order?: string;
            /** @description In the first line. */
            environment?: string;
            /** @description In the first line: for each CA its certificate and those above it, DER in base64. */
            chains?: {
                [key: string]: string[];
            };
            /** @description Number of the line, from 1. */
            line?: number;
            /** @description Token id of the card. */
            card?: string;
            /**
             * @description duplicate: its certificates existed before this order.
             * @enum {string}
             */
            outcome?: "issued" | "duplicate";
            /** @description The certificates to write on the card. */
            certificates?: {
                container: string | null;
                /** @description Profile id. */
                profile: string;
                /** @description Generation of the CA, a name of chains. */
                issuer: string;
                /** @description Id of the certificate on this platform. */
                id: string;
                /** @description SHA-256 of the certificate. */
                sha256: string;
                /** @description DER in base64. */
                certificate: string;
            }[];
            /**
             * @description In the last line.
             * @constant
             */
            end?: true;
            /** @description In the last line: how many cards are before it. */
            lines?: number;
        };
        CardReport: {
            /** @description Number of the line, from 1. */
            line: number;
            /** @description Token id of the card. */
            card: string;
            /**
             * @description failed: it is tried again. scrapped: the card is destroyed, and its certificates are revoked.
             * @enum {string}
             */
            outcome: "written" | "failed" | "scrapped";
            /** @description What the card holds, read back after writing. */
            onCard: string[];
            /**
             * Format: date-time
             * @description When the card was written. RFC 3339, UTC.
             */
            at: string;
        };
        CardAnswer: {
            /** @description Number of the line of the order; null: it could not be read. */
            line: number | null;
            /**
             * @description What became of the report; invalid: the line could not be read.
             * @enum {string}
             */
            result: "accepted" | "repeated" | "read-back-differs" | "unknown-line" | "conflict" | "invalid";
            /** @description false: the card must not leave the bureau. */
            live: boolean;
            /** @description Of an invalid line: its number in this upload, from 1. */
            position?: number;
            /** @description Of an invalid line. */
            violations?: {
                /** @description Place: a JSON pointer into the line. */
                pointer: string;
                /** @description The rule that was broken. Stable; see x-rules. */
                rule: string;
                /** @description What is expected, in the language of the client. */
                message: string;
            }[];
        };
        Acknowledgement: {
            /** @description Number of the line, from 1. */
            line: number;
            /** @description Counts the reports about the line, from 1. */
            attempt: number;
            /**
             * @description What the card bureau reported.
             * @enum {string}
             */
            outcome: "written" | "failed" | "scrapped";
            /** @description SHA-256 of the certificates (DER) that were read back from the card. */
            onCard: string[];
            /** @description The account that reported it. */
            account: string;
            /**
             * @description What the comparison with the order gave.
             * @enum {string}
             */
            result: "accepted" | "read-back-differs";
            /**
             * Format: date-time
             * @description When the card was written. RFC 3339, UTC.
             */
            at: string;
            /**
             * Format: date-time
             * @description When it was reported. RFC 3339, UTC.
             */
            receivedAt: string;
        };
        Keys: {
            /** @description The key of the platform. */
            keys: {
                /** @description SHA-256 of the SubjectPublicKeyInfo. */
                id: string;
                /** @description What it signs. */
                purposes: ("receipt" | "webhook")[];
                /**
                 * @description As RFC 9421 3.3 names it.
                 * @constant
                 */
                algorithm: "ecdsa-p256-sha256";
                /** @description PEM. */
                publicKey: string;
            }[];
        };
        CardUpdateBegin: {
            /** @description One for each new key. The certificates of the card with these profiles are replaced. */
            requests: {
                /** @description Profile of the certificate that is replaced. */
                profile: string;
                /** @description PKCS#10 certification request, PEM. */
                csr: string;
                /**
                 * @description Where the key was generated, as you declare it: on the card, in a security module, or in software. It is recorded. /v1/profiles says what a profile accepts and whether the declaration is required.
                 * @enum {string}
                 */
                keyOrigin?: "card" | "module" | "software";
            }[];
            /** @description Without it, the evidence of the replaced certificates counts. */
            identity?: components["schemas"]["Identity"];
            proof: components["schemas"]["Proof"];
            /** @description As read from the card just now. */
            capabilities?: components["schemas"]["CardCapabilities"];
            /**
             * @description How you talk to the card, as you declare it. It is recorded.
             * @enum {string}
             */
            channel: "secure-messaging" | "none";
            /** @description The reader that has the card, and the program that talks to it. */
            reader: {
                /** @description Model of the card reader. */
                model: string;
                /** @description Name of the middleware that talks to the card. */
                middleware: string;
                /** @description Its version. */
                version: string;
            };
        };
        CardUpdateConfirmation: {
            proof: components["schemas"]["Proof"];
        };
        CardUpdateAbandonment: {
            proof?: components["schemas"]["Proof"];
            /**
             * @description Instead of a proof, before writing: nothing was written.
             * @constant
             */
            written?: false;
        };
        CardUpdateDecision: {
            /**
             * @description confirmed: the new certificates are issued. abandoned: they are revoked.
             * @enum {string}
             */
            outcome: "confirmed" | "abandoned";
            /** @description Why; without personal data. */
            reason: string;
        };
        CardUpdate: {
            /** @description Id of the update. */
            id: string;
            /** @description Token id of the card. */
            card: string;
            /**
             * @description undetermined: the card has not said in time which certificates it holds (ops/card-updates.md).
             * @enum {string}
             */
            state: "issuing" | "offered" | "writing" | "undetermined" | "confirmed" | "completed" | "abandoned" | "failed" | "ended";
            /**
             * Format: date-time
             * @description Since when it is in this state. RFC 3339, UTC.
             */
            stateAt: string;
            /** @description The account that began it. */
            account: string;
            campaign: string | null;
            /**
             * Format: date-time
             * @description When it began. RFC 3339, UTC.
             */
            begunAt: string;
            /** @description The certificates that it replaces. */
            replaces: string[];
            confirmBy: string | null;
            /** @description How long the replaced certificates stay good after the confirmation, ISO 8601. */
            overlap: string;
            overlapUntil: string | null;
            /**
             * @description After the overlap, the replaced certificates are revoked, or left to end.
             * @enum {string}
             */
            supersede: "revoke" | "let-end";
            /**
             * @description How the client talks to the card, as it declared.
             * @enum {string}
             */
            channel: "secure-messaging" | "none";
            /** @description The reader and the middleware, as the client declared. */
            reader: {
                /** @description Card reader. */
                model: string;
                /** @description Middleware and version. */
                middleware: string;
            };
            endedBy: string | null;
            detail: string | null;
            /** @description The new certificates, in the order of the requests; empty while they are not signed. */
            certificates: components["schemas"]["Certificate"][];
        };
        CardUpdatePage: {
            /** @description Newest first. */
            updates: {
                /** @description Id of the update. */
                id: string;
                /** @description Token id of the card. */
                card: string;
                /**
                 * @description undetermined: the card has not said in time which certificates it holds (ops/card-updates.md).
                 * @enum {string}
                 */
                state: "issuing" | "offered" | "writing" | "undetermined" | "confirmed" | "completed" | "abandoned" | "failed" | "ended";
                /**
                 * Format: date-time
                 * @description Since when it is in this state. RFC 3339, UTC.
                 */
                stateAt: string;
                /** @description The account that began it. */
                account: string;
                campaign: string | null;
                /**
                 * Format: date-time
                 * @description When it began. RFC 3339, UTC.
                 */
                begunAt: string;
                /** @description The certificates that it replaces. */
                replaces: string[];
                confirmBy: string | null;
                /** @description How long the replaced certificates stay good after the confirmation, ISO 8601. */
                overlap: string;
                overlapUntil: string | null;
                /**
                 * @description After the overlap, the replaced certificates are revoked, or left to end.
                 * @enum {string}
                 */
                supersede: "revoke" | "let-end";
                /**
                 * @description How the client talks to the card, as it declared.
                 * @enum {string}
                 */
                channel: "secure-messaging" | "none";
                /** @description The reader and the middleware, as the client declared. */
                reader: {
                    /** @description Card reader. */
                    model: string;
                    /** @description Middleware and version. */
                    middleware: string;
                };
                endedBy: string | null;
                detail: string | null;
            }[];
            nextCursor: string | null;
        };
        UpdateLife: {
            /** @description Id of the update. */
            id: string;
            /** @description Token id of the card. */
            card: string;
            /**
             * @description undetermined: the card has not said in time which certificates it holds (ops/card-updates.md).
             * @enum {string}
             */
            state: "issuing" | "offered" | "writing" | "undetermined" | "confirmed" | "completed" | "abandoned" | "failed" | "ended";
            /**
             * Format: date-time
             * @description Since when it is in this state. RFC 3339, UTC.
             */
            stateAt: string;
            /** @description The account that began it. */
            account: string;
            campaign: string | null;
            /**
             * Format: date-time
             * @description When it began. RFC 3339, UTC.
             */
            begunAt: string;
            /** @description The certificates that it replaces. */
            replaces: string[];
            confirmBy: string | null;
            /** @description How long the replaced certificates stay good after the confirmation, ISO 8601. */
            overlap: string;
            overlapUntil: string | null;
            /**
             * @description After the overlap, the replaced certificates are revoked, or left to end.
             * @enum {string}
             */
            supersede: "revoke" | "let-end";
            /**
             * @description How the client talks to the card, as it declared.
             * @enum {string}
             */
            channel: "secure-messaging" | "none";
            /** @description The reader and the middleware, as the client declared. */
            reader: {
                /** @description Card reader. */
                model: string;
                /** @description Middleware and version. */
                middleware: string;
            };
            endedBy: string | null;
            detail: string | null;
            /** @description Ids of the new certificates, in the order of the requests. */
            certificateIds: string[];
            /** @description What the card has signed about this update, oldest first (ops/card-statements.md). */
            statements: {
                /**
                 * @description What the card stated.
                 * @enum {string}
                 */
                verb: "begin" | "confirm" | "abandon";
                /** @description Id of the certificate whose key has signed. */
                certificate: string;
                /**
                 * Format: date-time
                 * @description When it was accepted. RFC 3339, UTC.
                 */
                acceptedAt: string;
                /** @description The statement as the card signed it: canonical JSON (RFC 8785). */
                statement: string;
                /** @description SHA-256 of the signed octets, which are a prefix and the statement, hex; as in the audit log. */
                sha256: string;
                signature: string | null;
                cms: string | null;
            }[];
            deskReason: string | null;
            approval: string | null;
        };
        Approval: {
            /** @description Id of the approval. */
            id: string;
            /**
             * @description What will be done or was done.
             * @enum {string}
             */
            action: "account.add" | "account.change" | "account.disable" | "account.enable" | "holder.unbar" | "campaign.arm" | "campaign.dates" | "campaign.end" | "campaign.open" | "campaign.release" | "key.unblock" | "update.decide";
            /**
             * @description requested: it waits for a second officer. The others are final. stale: its object had changed, or the action was not possible any more.
             * @enum {string}
             */
            state: "requested" | "executed" | "stale" | "refused" | "expired";
            /** @description The account of the officer who requested it: the first of the two. */
            requestedBy: string;
            /**
             * Format: date-time
             * @description When it was requested. RFC 3339, UTC.
             */
            requestedAt: string;
            /**
             * Format: date-time
             * @description When it expires. RFC 3339, UTC.
             */
            expiresAt: string;
            endedAt: string | null;
            reason: string | null;
            /** @description Texts in French; only for an approval that is stale. */
            fr?: {
                /** @description Why it is stale. */
                reason: string;
            };
            /** @description All that will be done. Its members depend on the action. */
            subject: Record<string, never>;
            /** @description What it is about, as it was at the request. */
            object: Record<string, never>;
            version: string | null;
            /** @description What the execution has made; null: nothing that needs a name. */
            result: unknown;
            /** @description The octets that both officers agree to: canonical JSON (RFC 8785) with the subject. */
            statement: string;
            /** @description Their SHA-256, as in the audit log. */
            statementSha256: string;
            /** @description The requester first. */
            signatures: {
                /** @description The account of the officer. */
                account: string;
                /**
                 * @description account: by the client certificate of the account, over mutual TLS.
                 * @enum {string}
                 */
                form: "account";
                /**
                 * Format: date-time
                 * @description When the officer agreed. RFC 3339, UTC.
                 */
                at: string;
            }[];
        };
        ApprovalDecision: {
            /** @constant */
            decision: "approve";
        } | {
            /** @constant */
            decision: "refuse";
            /** @description Why it is refused; without personal data. */
            reason: string;
        };
        ApprovalPage: {
            /** @description Newest first. */
            approvals: components["schemas"]["Approval"][];
            nextCursor: string | null;
        };
        RequestedApproval: {
            approval: components["schemas"]["Approval"];
        };
        RegistrationRequest: {
            /** @description What may be issued, each profile once: the certificates of a card are one registration. */
            profiles: string[];
            holder: components["schemas"]["Holder"];
            card?: components["schemas"]["Card"];
            identity?: components["schemas"]["Identity"];
            /**
             * @description Where the key was generated, as you declare it: on the card, in a security module, or in software. It is recorded. /v1/profiles says what a profile accepts and whether the declaration is required.
             * @enum {string}
             */
            keyOrigin?: "card" | "module" | "software";
            /** @description A shorter life than that of the profile; left out: that of the profile, from now. */
            validity?: {
                /**
                 * Format: date-time
                 * @description Start. RFC 3339, UTC.
                 */
                notBefore?: string;
                /**
                 * Format: date-time
                 * @description End, within the profile. RFC 3339, UTC.
                 */
                notAfter?: string;
            };
            /**
             * Format: date-time
             * @description When it ends; left out: after the time that the policy sets. RFC 3339, UTC.
             */
            expiresAt?: string;
        };
        RegisteredRequest: {
            /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
            profile: string;
            /** @description PKCS#10 certification request, PEM. */
            csr: string;
        };
        Registration: {
            /** @description Id of the registration. */
            id: string;
            /** @description The public reference: 16 characters of base32 (RFC 4648). */
            reference: string;
            /**
             * @description Its state now.
             * @enum {string}
             */
            state: "open" | "used" | "withdrawn" | "expired";
            /**
             * Format: date-time
             * @description Since when it has this state. RFC 3339, UTC.
             */
            stateAt: string;
            /** @description The account with whose rights it acts. */
            account: string;
            /**
             * Format: date-time
             * @description When it was registered. RFC 3339, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ends, or has ended. RFC 3339, UTC.
             */
            expiresAt: string;
            /** @description The registered profiles; certificate null: the profile is unused. */
            uses: {
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile: string;
                certificate: string | null;
            }[];
            /** @description Uses that were given back because the certificate was rejected or never confirmed. */
            returned: number;
            holder: components["schemas"]["CertificateHolder"] | null;
            card: components["schemas"]["Card"] | null;
            keyOrigin: ("card" | "module" | "software") | null;
            erasedAt: string | null;
        };
        NewRegistration: {
            /** @description Id of the registration. */
            id: string;
            /** @description The public reference: 16 characters of base32 (RFC 4648). */
            reference: string;
            /**
             * @description Its state now.
             * @enum {string}
             */
            state: "open" | "used" | "withdrawn" | "expired";
            /**
             * Format: date-time
             * @description Since when it has this state. RFC 3339, UTC.
             */
            stateAt: string;
            /** @description The account with whose rights it acts. */
            account: string;
            /**
             * Format: date-time
             * @description When it was registered. RFC 3339, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ends, or has ended. RFC 3339, UTC.
             */
            expiresAt: string;
            /** @description The registered profiles; certificate null: the profile is unused. */
            uses: {
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile: string;
                certificate: string | null;
            }[];
            /** @description Uses that were given back because the certificate was rejected or never confirmed. */
            returned: number;
            holder: components["schemas"]["CertificateHolder"] | null;
            card: components["schemas"]["Card"] | null;
            keyOrigin: ("card" | "module" | "software") | null;
            erasedAt: string | null;
            secret: string | null;
        };
        RegistrationSecret: {
            /** @description The public reference: 16 characters of base32 (RFC 4648). */
            reference: string;
            /** @description The new secret; the old one is void. */
            secret: string;
        };
        RegistrationPage: {
            /** @description Newest first. */
            registrations: components["schemas"]["Registration"][];
            nextCursor: string | null;
        };
        CardCapabilities: {
            /** @description Generation of the card, as the policy names it: cps4. */
            generation: string;
            /** @description Version of the applet: 4.1.0. */
            applet: string;
            /** @description Types of keys that the card makes. */
            keyTypes: ("rsa-2048" | "rsa-3072" | "rsa-4096" | "p-256" | "p-384" | "p-521" | "ed25519" | "brainpool-p256r1" | "brainpool-p384r1")[];
            /** @description Containers in which new keys fit while the present ones stay. */
            spareContainers: number;
        };
        CardReplacement: {
            /** @description Token id of the new card: 8025000001/2600301753. */
            tokenId: string;
            /** @description How long the certificates of the old card stay good, 90 days at most: P7D. */
            overlap: string;
        };
        CardSummary: {
            /** @description Token id of the card. */
            tokenId: string;
            product: string | null;
            holder: string | null;
            profession: string | null;
            /**
             * @description opposed and returned are final.
             * @enum {string}
             */
            state: "in-use" | "opposed" | "returned";
            /**
             * Format: date-time
             * @description Since when it is in this state. RFC 3339, UTC.
             */
            stateAt: string;
            reason: string | null;
            replacement: {
                /** @description Token id of the card that replaces it. */
                tokenId: string;
                until: string | null;
            } | null;
            capabilities: {
                /** @description Generation of the card. */
                generation: string;
                /** @description Version of the applet. */
                applet: string;
                /** @description Types of keys that the card makes. */
                keyTypes: string[];
                /** @description Containers for new keys. */
                spareContainers: number;
                /**
                 * Format: date-time
                 * @description When they were reported. RFC 3339, UTC.
                 */
                reportedAt: string;
                /** @description The account or certificate that has reported them. */
                reportedBy: string;
                /** @description Why the card cannot be updated remotely, as far as its capabilities say; empty: it can. */
                deskReasons: ("generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container")[];
            } | null;
        };
        CardDetails: {
            /** @description Token id of the card. */
            tokenId: string;
            product: string | null;
            holder: string | null;
            profession: string | null;
            /**
             * @description opposed and returned are final.
             * @enum {string}
             */
            state: "in-use" | "opposed" | "returned";
            /**
             * Format: date-time
             * @description Since when it is in this state. RFC 3339, UTC.
             */
            stateAt: string;
            reason: string | null;
            replacement: {
                /** @description Token id of the card that replaces it. */
                tokenId: string;
                until: string | null;
            } | null;
            capabilities: {
                /** @description Generation of the card. */
                generation: string;
                /** @description Version of the applet. */
                applet: string;
                /** @description Types of keys that the card makes. */
                keyTypes: string[];
                /** @description Containers for new keys. */
                spareContainers: number;
                /**
                 * Format: date-time
                 * @description When they were reported. RFC 3339, UTC.
                 */
                reportedAt: string;
                /** @description The account or certificate that has reported them. */
                reportedBy: string;
                /** @description Why the card cannot be updated remotely, as far as its capabilities say; empty: it can. */
                deskReasons: ("generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container")[];
            } | null;
            /** @description All certificates of its life that the account may see, the oldest first. */
            certificates: components["schemas"]["Certificate"][];
            procedure: {
                /**
                 * @description What is under way.
                 * @enum {string}
                 */
                kind: "update" | "replacement";
                /** @description Id of the update, or token id of the card that is replaced. */
                reference: string;
                profession: string | null;
                /**
                 * Format: date-time
                 * @description Since when it is open. RFC 3339, UTC.
                 */
                openedAt: string;
            } | null;
            /** @description The 20 newest updates whose replaced certificates the account may all see, newest first. */
            updates: {
                /** @description Id of the update. */
                id: string;
                /** @description Token id of the card. */
                card: string;
                /**
                 * @description undetermined: the card has not said in time which certificates it holds (ops/card-updates.md).
                 * @enum {string}
                 */
                state: "issuing" | "offered" | "writing" | "undetermined" | "confirmed" | "completed" | "abandoned" | "failed" | "ended";
                /**
                 * Format: date-time
                 * @description Since when it is in this state. RFC 3339, UTC.
                 */
                stateAt: string;
                /** @description The account that began it. */
                account: string;
                campaign: string | null;
                /**
                 * Format: date-time
                 * @description When it began. RFC 3339, UTC.
                 */
                begunAt: string;
                /** @description The certificates that it replaces. */
                replaces: string[];
                confirmBy: string | null;
                /** @description How long the replaced certificates stay good after the confirmation, ISO 8601. */
                overlap: string;
                overlapUntil: string | null;
                /**
                 * @description After the overlap, the replaced certificates are revoked, or left to end.
                 * @enum {string}
                 */
                supersede: "revoke" | "let-end";
                /**
                 * @description How the client talks to the card, as it declared.
                 * @enum {string}
                 */
                channel: "secure-messaging" | "none";
                /** @description The reader and the middleware, as the client declared. */
                reader: {
                    /** @description Card reader. */
                    model: string;
                    /** @description Middleware and version. */
                    middleware: string;
                };
                endedBy: string | null;
                detail: string | null;
            }[];
            campaign: {
                /** @description Id of the campaign. */
                id: string;
                /** @description Name of the class of the card. */
                class: string;
                /**
                 * @description The state of the card in the campaign.
                 * @enum {string}
                 */
                state: "waiting" | "ticket" | "begun" | "undetermined" | "to-desk" | "confirmed" | "gone";
                reason: ("generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container" | "no-live-authentication-key" | "duplicate-key" | "failed-too-often" | "unknown-certificate" | "update-contradicted" | "officer") | null;
            } | null;
        };
        CardPage: {
            /** @description By their token ids. */
            cards: components["schemas"]["CardSummary"][];
            nextCursor: string | null;
        };
        HolderDetails: {
            /** @description Id of the holder. */
            holder: string;
            /**
             * @description barred: nothing is issued for the holder until two officers lift the bar.
             * @enum {string}
             */
            state: "free" | "barred";
            stateAt: string | null;
            /** @description Cards that the account may see. */
            cards: components["schemas"]["CardSummary"][];
            /** @description What is open: one for each profession at most. */
            procedures: {
                /**
                 * @description What is under way.
                 * @enum {string}
                 */
                kind: "update" | "replacement";
                /** @description Id of the update, or token id of the card that is replaced. */
                reference: string;
                profession: string | null;
                /**
                 * Format: date-time
                 * @description Since when it is open. RFC 3339, UTC.
                 */
                openedAt: string;
            }[];
        };
        CampaignRequest: {
            /** @description Name of the campaign, without personal data. */
            name: string;
            /**
             * @description The reason that a revocation by the campaign gives (RFC 5280 5.3.1).
             * @enum {string}
             */
            reason: "unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "privilegeWithdrawn";
            selection: {
                /**
                 * @description true: the cards of the uploaded lists, and nothing else.
                 * @constant
                 */
                list?: true;
                /** @description Issuers of the certificates. */
                issuers?: string[];
                /** @description Profiles of the certificates. */
                profiles?: string[];
                /** @description Types of the keys. */
                keyTypes?: string[];
                /**
                 * Format: date-time
                 * @description Certificates that were made at this time or later. RFC 3339, UTC.
                 */
                keyMadeFrom?: string;
                /**
                 * Format: date-time
                 * @description Certificates that were made at this time or earlier. RFC 3339, UTC.
                 */
                keyMadeUntil?: string;
                /** @description Products of the cards. */
                products?: string[];
                /** @description Generations of the cards. */
                generations?: string[];
                /** @description Applets below this version. */
                appletBelow?: string;
            };
            /** @description In their order. */
            classes: {
                /** @description Lower-case letters, digits and hyphens. */
                name: string;
                /** @description Without it: all cards that no class before it has. */
                select?: {
                    /**
                     * @description true: its cards are uploaded (lists/{class}).
                     * @constant
                     */
                    list?: true;
                    /** @description Products of the cards. */
                    products?: string[];
                    /** @description Professions of the holders. */
                    professions?: string[];
                };
                /**
                 * Format: date-time
                 * @description When its first places begin. Default: when the campaign is opened. RFC 3339, UTC.
                 */
                opensAt?: string;
                /** @description Updates that may begin in an hour. */
                capacityPerHour: number;
            }[];
            /** @description Whether a suspended key may begin an update. */
            fromSuspended: boolean;
            /**
             * @description secure-messaging: the account has to state it at the begin.
             * @enum {string}
             */
            channel: "secure-messaging" | "any";
            /**
             * @description What becomes of the old certificates. Default: what their profile says.
             * @enum {string}
             */
            supersede?: "revoke" | "let-end";
        };
        Campaign: {
            /** @description Id of the campaign. */
            id: string;
            /**
             * @description The state of the campaign.
             * @enum {string}
             */
            state: "draft" | "preparing" | "ready" | "open" | "paused" | "ended";
            /**
             * Format: date-time
             * @description Since when. RFC 3339, UTC.
             */
            stateAt: string;
            /** @description The account that has created it. */
            createdBy: string;
            /**
             * Format: date-time
             * @description When it was created. RFC 3339, UTC.
             */
            createdAt: string;
            fixedAt: string | null;
            /** @description Classes whose lists are complete. */
            lists: string[];
            /** @description Its dates; null: it has none. */
            dates: {
                /** @description When the certificates of its cards are suspended. */
                suspension: {
                    /**
                     * Format: date-time
                     * @description When it comes. RFC 3339, UTC.
                     */
                    at: string;
                    armedAt: string | null;
                    outcome: ("acted" | "missed") | null;
                } | null;
                /** @description When they are revoked. */
                revocation: {
                    /**
                     * Format: date-time
                     * @description When it comes. RFC 3339, UTC.
                     */
                    at: string;
                    armedAt: string | null;
                    outcome: ("acted" | "missed") | null;
                } | null;
            };
            action: {
                /**
                 * @description What is done to certificates.
                 * @enum {string}
                 */
                kind: "suspend" | "revoke" | "release";
                /** @description Certificates that were changed so far. */
                changed: number;
            } | null;
            request: components["schemas"]["CampaignRequest"];
        };
        CampaignPage: {
            /** @description Newest first. */
            campaigns: components["schemas"]["Campaign"][];
            nextCursor: string | null;
        };
        CampaignDates: {
            suspendsAt?: string | null;
            revokesAt?: string | null;
        };
        CampaignArming: {
            /**
             * @description The date that is to act.
             * @enum {string}
             */
            date: "suspension" | "revocation";
        };
        CampaignCounts: {
            /** @description Id of the campaign. */
            id: string;
            /**
             * @description The state of the campaign.
             * @enum {string}
             */
            state: "draft" | "preparing" | "ready" | "open" | "paused" | "ended";
            /** @description How many cards are in each state. */
            cards: {
                /** @description Name. */
                class: string;
                /**
                 * @description The state of the cards.
                 * @enum {string}
                 */
                state: "waiting" | "ticket" | "begun" | "undetermined" | "to-desk" | "confirmed" | "gone";
                reason: ("generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container" | "no-live-authentication-key" | "duplicate-key" | "failed-too-often" | "unknown-certificate" | "update-contradicted" | "officer") | null;
                /** @description Cards. */
                count: number;
            }[];
            /** @description The places of each class. */
            classes: {
                /** @description Name. */
                class: string;
                /** @description Places in an hour. */
                capacityPerHour: number;
                /** @description Places of the last 60 minutes that were taken. */
                usedLastHour: number;
                /** @description Places of later minutes that are taken. */
                placesAhead: number;
                /**
                 * Format: date-time
                 * @description When a card that asks now would have its place. RFC 3339, UTC.
                 */
                nextPlaceAt: string;
            }[];
            /** @description How updates ended, by card reader and middleware. */
            readers: {
                /** @description Name. */
                class: string;
                /**
                 * @description The state of the cards.
                 * @enum {string}
                 */
                state: "waiting" | "ticket" | "begun" | "undetermined" | "to-desk" | "confirmed" | "gone";
                reason: ("generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container" | "no-live-authentication-key" | "duplicate-key" | "failed-too-often" | "unknown-certificate" | "update-contradicted" | "officer") | null;
                /** @description Model of the reader. */
                reader: string;
                /** @description Middleware with its version. */
                middleware: string;
                /** @description How often a card has come into the state with them. */
                count: number;
                ownMs: number | null;
                othersMs: number | null;
            }[];
        };
        CampaignCard: {
            /** @description Token id. */
            card: string;
            /** @description Name of its class. */
            class: string;
            /**
             * @description The state of the cards.
             * @enum {string}
             */
            state: "waiting" | "ticket" | "begun" | "undetermined" | "to-desk" | "confirmed" | "gone";
            reason: ("generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container" | "no-live-authentication-key" | "duplicate-key" | "failed-too-often" | "unknown-certificate" | "update-contradicted" | "officer") | null;
            /** @description Updates that did not end in a confirmation. */
            attempts: number;
            ticketFrom: string | null;
        };
        ListedCard: {
            /** @description Token id of a card. */
            card: string;
        };
        CampaignList: {
            /** @description Name of the class. */
            class: string;
            /** @description Lines. */
            cards: number;
            /** @description Lines whose card was in it already. */
            repeated: number;
        };
        Notice: {
            /** @description Token id of a card. */
            card: string;
            /** @description What the holder was told, e.g. letter-1. */
            stage: string;
            /**
             * Format: date-time
             * @description When the holder was told. RFC 3339, UTC.
             */
            at: string;
        };
        NoticeAnswer: {
            card: string | null;
            /**
             * @description What became of the line; repeated: it was recorded before.
             * @enum {string}
             */
            result: "recorded" | "repeated" | "unknown-card" | "invalid";
            /** @description Number of an invalid line in the upload, from 1. */
            position?: number;
            /** @description Of an invalid line. */
            violations?: {
                /** @description Place: a JSON pointer into the line. */
                pointer: string;
                /** @description The rule that was broken. Stable; see x-rules. */
                rule: string;
                /** @description What is expected, in the language of the client. */
                message: string;
            }[];
        };
        PendingAnswer: {
            /**
             * Format: date-time
             * @description Time of the database, for the statement that the card signs. RFC 3339, UTC.
             */
            now: string;
            /**
             * @description wait: ask again when the answer is no longer fresh, or when the place begins.
             * @enum {string}
             */
            next: "none" | "wait" | "begin" | "confirm" | "desk";
            update: string | null;
            campaign: {
                /** @description Id of the campaign. */
                id: string;
                /** @description Name of the class of the card. */
                class: string;
                suspendsAt: string | null;
                revokesAt: string | null;
            } | null;
            ticket: {
                /**
                 * Format: date-time
                 * @description The card may begin from then on. RFC 3339, UTC.
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description Afterwards it gets another place. RFC 3339, UTC.
                 */
                until: string;
            } | null;
            /** @description Why the card has to go to a desk. */
            deskReason: ("generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container" | "no-live-authentication-key" | "duplicate-key" | "failed-too-often" | "unknown-certificate" | "update-contradicted" | "officer") | null;
        };
        Suspension: {
            /**
             * Format: date-time
             * @description When the key is suspected to have become invalid. RFC 3339, UTC.
             */
            invalidityDate?: string;
        };
        Empty: Record<string, never>;
        CrlRequest: {
            /**
             * @description full (the default): a full CRL and, where delta CRLs are published, a delta CRL of the same time. delta: a delta CRL only.
             * @enum {string}
             */
            kind?: "full" | "delta";
        };
        Certificate: {
            /** @description Id of the certificate on this platform. */
            id: string;
            /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
            profile: string;
            /** @description Issuing CA, e.g. aci-fo-pp. */
            ca: string;
            /** @description Lower-case hex, even length. */
            serialNumber: string;
            /**
             * @description The status now. A certificate that has ended and is not revoked is expired.
             * @enum {string}
             */
            status: "pending" | "issued" | "suspended" | "revoked" | "expired";
            /**
             * Format: date-time
             * @description First instant of validity. RFC 3339, UTC.
             */
            notBefore: string;
            /**
             * Format: date-time
             * @description Last instant of validity. RFC 3339, UTC.
             */
            notAfter: string;
            /** @description PEM. */
            certificate: string;
            /** @description PEM: the issuing CA, then its root. */
            chain: string;
            holder: components["schemas"]["CertificateHolder"];
            card: components["schemas"]["Card"] | null;
            renews: string | null;
            keyOrigin: ("card" | "module" | "software") | null;
            revocation: {
                /**
                 * Format: date-time
                 * @description When it was revoked or suspended. RFC 3339, UTC.
                 */
                at: string;
                /**
                 * @description certificateHold: it is suspended.
                 * @enum {string}
                 */
                reason: "unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn";
                invalidityDate: string | null;
            } | null;
        };
        RevokedCertificate: {
            /** @description Id of the certificate on this platform. */
            id: string;
            /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
            profile: string;
            /** @description Issuing CA, e.g. aci-fo-pp. */
            ca: string;
            /** @description Lower-case hex, even length. */
            serialNumber: string;
            /**
             * @description The status now. A certificate that has ended and is not revoked is expired.
             * @enum {string}
             */
            status: "pending" | "issued" | "suspended" | "revoked" | "expired";
            /**
             * Format: date-time
             * @description First instant of validity. RFC 3339, UTC.
             */
            notBefore: string;
            /**
             * Format: date-time
             * @description Last instant of validity. RFC 3339, UTC.
             */
            notAfter: string;
            /** @description PEM. */
            certificate: string;
            /** @description PEM: the issuing CA, then its root. */
            chain: string;
            holder: components["schemas"]["CertificateHolder"];
            card: components["schemas"]["Card"] | null;
            renews: string | null;
            keyOrigin: ("card" | "module" | "software") | null;
            revocation: {
                /**
                 * Format: date-time
                 * @description When it was revoked or suspended. RFC 3339, UTC.
                 */
                at: string;
                /**
                 * @description certificateHold: it is suspended.
                 * @enum {string}
                 */
                reason: "unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn";
                invalidityDate: string | null;
            } | null;
            /** @description Ids of the other certificates on the same key, which a revocation for keyCompromise revokes too. Absent if there are none. */
            alsoRevoked?: string[];
        };
        Certificates: {
            /** @description In the order of the requests; of a search, in the order of the search. */
            certificates: components["schemas"]["Certificate"][];
        };
        CertificatePage: {
            /** @description In the order of the requests; of a search, in the order of the search. */
            certificates: components["schemas"]["Certificate"][];
            nextCursor: string | null;
        };
        CertificateSummary: {
            /** @description Id of the certificate on this platform. */
            id: string;
            /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
            profile: string;
            /** @description Issuing CA, e.g. aci-fo-pp. */
            ca: string;
            /** @description Lower-case hex, even length. */
            serialNumber: string;
            /**
             * @description The status now. A certificate that has ended and is not revoked is expired.
             * @enum {string}
             */
            status: "pending" | "issued" | "suspended" | "revoked" | "expired";
            /**
             * Format: date-time
             * @description First instant of validity. RFC 3339, UTC.
             */
            notBefore: string;
            /**
             * Format: date-time
             * @description Last instant of validity. RFC 3339, UTC.
             */
            notAfter: string;
            /**
             * Format: date-time
             * @description When it was issued. RFC 3339, UTC.
             */
            issuedAt: string;
            /** @description Id of the holder. */
            holder: string;
            structure: string | null;
            card: string | null;
            order: string | null;
            renews: string | null;
            renewedBy: string | null;
            revokedAt: string | null;
            reason: ("unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn") | null;
        };
        CertificateSummaries: {
            /** @description In the order of the search. */
            certificates: components["schemas"]["CertificateSummary"][];
            nextCursor: string | null;
        };
        CertificateChanges: {
            /** @description In the order of their entries. */
            changes: {
                /** @description Number of its audit entry. Several certificates of a card may be confirmed by one entry. */
                entry: number;
                /**
                 * @description issuance: the certificate is new; status: its status has changed.
                 * @enum {string}
                 */
                kind: "issuance" | "status";
                /**
                 * Format: date-time
                 * @description When it happened. RFC 3339, UTC.
                 */
                at: string;
                /**
                 * @description The status that the certificate had afterwards.
                 * @enum {string}
                 */
                status: "pending" | "issued" | "suspended" | "revoked";
                reason: ("unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn") | null;
                certificate: components["schemas"]["CertificateSummary"];
            }[];
            /** @description Ask for changes after this number next. */
            next: number;
            /** @description true: the audit log goes on after next, so ask again at once. false: ask again later. */
            more: boolean;
        };
        CertificateHistory: {
            certificate: components["schemas"]["CertificateSummary"];
            /** @description Changes of its status, the oldest first. */
            events: {
                /**
                 * Format: date-time
                 * @description When it happened. RFC 3339, UTC.
                 */
                at: string;
                /** @description Who did it, as audit entries name it. */
                actor: string;
                /**
                 * @description The status that it had afterwards.
                 * @enum {string}
                 */
                status: "pending" | "issued" | "suspended" | "revoked";
                reason: ("unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation" | "certificateHold" | "privilegeWithdrawn") | null;
                /** @description Number of its audit entry. */
                entry: number;
            }[];
            entries: components["schemas"]["ChainedEntry"][] | null;
            renews: components["schemas"]["CertificateSummary"] | null;
            /** @description Certificates that renew it. */
            renewedBy: components["schemas"]["CertificateSummary"][];
            order: {
                /** @description Id of the order. */
                id: string;
                /** @description Its line, from 1. */
                line: number;
            } | null;
            update: string | null;
        };
        CardHistory: {
            /** @description Token id of the card. */
            tokenId: string;
            product: string | null;
            holder: string | null;
            profession: string | null;
            /**
             * @description opposed and returned are final.
             * @enum {string}
             */
            state: "in-use" | "opposed" | "returned";
            /**
             * Format: date-time
             * @description Since when it is in this state. RFC 3339, UTC.
             */
            stateAt: string;
            reason: string | null;
            replacement: {
                /** @description Token id of the card that replaces it. */
                tokenId: string;
                until: string | null;
            } | null;
            capabilities: {
                /** @description Generation of the card. */
                generation: string;
                /** @description Version of the applet. */
                applet: string;
                /** @description Types of keys that the card makes. */
                keyTypes: string[];
                /** @description Containers for new keys. */
                spareContainers: number;
                /**
                 * Format: date-time
                 * @description When they were reported. RFC 3339, UTC.
                 */
                reportedAt: string;
                /** @description The account or certificate that has reported them. */
                reportedBy: string;
                /** @description Why the card cannot be updated remotely, as far as its capabilities say; empty: it can. */
                deskReasons: ("generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container")[];
            } | null;
            /** @description All certificates of its life that the account may find, the oldest first. */
            certificates: components["schemas"]["CertificateSummary"][];
            /** @description Newest first, 100 at most. */
            updates: {
                /** @description Id of the update. */
                id: string;
                /** @description Token id of the card. */
                card: string;
                /**
                 * @description undetermined: the card has not said in time which certificates it holds (ops/card-updates.md).
                 * @enum {string}
                 */
                state: "issuing" | "offered" | "writing" | "undetermined" | "confirmed" | "completed" | "abandoned" | "failed" | "ended";
                /**
                 * Format: date-time
                 * @description Since when it is in this state. RFC 3339, UTC.
                 */
                stateAt: string;
                /** @description The account that began it. */
                account: string;
                campaign: string | null;
                /**
                 * Format: date-time
                 * @description When it began. RFC 3339, UTC.
                 */
                begunAt: string;
                /** @description The certificates that it replaces. */
                replaces: string[];
                confirmBy: string | null;
                /** @description How long the replaced certificates stay good after the confirmation, ISO 8601. */
                overlap: string;
                overlapUntil: string | null;
                /**
                 * @description After the overlap, the replaced certificates are revoked, or left to end.
                 * @enum {string}
                 */
                supersede: "revoke" | "let-end";
                /**
                 * @description How the client talks to the card, as it declared.
                 * @enum {string}
                 */
                channel: "secure-messaging" | "none";
                /** @description The reader and the middleware, as the client declared. */
                reader: {
                    /** @description Card reader. */
                    model: string;
                    /** @description Middleware and version. */
                    middleware: string;
                };
                endedBy: string | null;
                detail: string | null;
            }[];
            /** @description Token ids of the cards that it replaces. */
            replaces: string[];
            procedure: {
                /**
                 * @description What is under way.
                 * @enum {string}
                 */
                kind: "update" | "replacement";
                /** @description Id of the update, or token id of the card that is replaced. */
                reference: string;
                profession: string | null;
                /**
                 * Format: date-time
                 * @description Since when it is open. RFC 3339, UTC.
                 */
                openedAt: string;
            } | null;
        };
        HolderHistory: {
            /** @description Id of the holder. */
            holder: string;
            /**
             * @description barred: nothing is issued for the holder until two officers lift the bar.
             * @enum {string}
             */
            state: "free" | "barred";
            stateAt: string | null;
            /** @description Cards that the account may find. */
            cards: components["schemas"]["CardSummary"][];
            /** @description Certificates that the account may find, the oldest first. */
            certificates: components["schemas"]["CertificateSummary"][];
            /** @description What is open: one for each profession at most. */
            procedures: {
                /**
                 * @description What is under way.
                 * @enum {string}
                 */
                kind: "update" | "replacement";
                /** @description Id of the update, or token id of the card that is replaced. */
                reference: string;
                profession: string | null;
                /**
                 * Format: date-time
                 * @description Since when it is open. RFC 3339, UTC.
                 */
                openedAt: string;
            }[];
        };
        Profile: {
            /** @description Profile id. */
            id: string;
            /**
             * @description The range of certificates.
             * @enum {string}
             */
            hierarchy: "fort" | "standard" | "elementaire";
            /** @description Issuing CA, e.g. aci-fo-pp. */
            ca: string;
            /** @description Its name for people. */
            title: {
                /** @description In French. */
                fr: string;
                /** @description In English. */
                en: string;
            };
            /**
             * @description Kind of holder. responder and cmp-signer are keys of the platform, only in /v1/policy.
             * @enum {string}
             */
            holder: "professional" | "staff" | "organisation" | "server" | "responder" | "cmp-signer";
            cardProducts: ("cps" | "cpe" | "cpa")[] | null;
            assurance: ("low" | "substantial" | "high") | null;
            /** @description Currently allowed, exceptions included. */
            keyTypes: string[];
            /** @description What the declaration keyOrigin of a request may and must say. */
            keyOrigin: {
                /** @description Where keys may be generated. */
                origins: ("card" | "module" | "software")[];
                /** @description Whether a request must currently declare it in this environment. */
                required: boolean;
            };
            /** @description Maximum validity, from notBefore. */
            validity: {
                /** @description Calendar years. */
                years: number;
            } | {
                /** @description Days of 24 hours. */
                days: number;
            };
            renewalWindow: {
                /** @description Before notAfter. */
                days: number;
            } | null;
            /** @description Whether this environment allows renewal at any time. */
            renewalAnyTime: boolean;
            /** @description Whether suspension is currently allowed. */
            suspensionAllowed: boolean;
        };
        Profiles: {
            /** @description By their ids. */
            profiles: components["schemas"]["Profile"][];
        };
        Crl: {
            /** @description CRLNumber (RFC 5280 5.2.3). */
            number: number;
            /** @description Only for a delta CRL: the number of the full CRL that it completes. */
            base?: number;
            /**
             * Format: date-time
             * @description When the CRL was issued. RFC 3339, UTC.
             */
            thisUpdate: string;
            /**
             * Format: date-time
             * @description The next CRL is published by then. RFC 3339, UTC.
             */
            nextUpdate: string;
            /** @description How many certificates it lists. */
            entries: number;
            /** @description SHA-256 of the CRL, hex. */
            sha256: string;
            /** @description Where it is published. */
            url: string;
        };
        CrlHistory: {
            /** @description The latest thisUpdate first. */
            crls: {
                /** @description CRLNumber (RFC 5280 5.2.3). */
                number: number;
                /**
                 * @description delta: only what has changed since base.
                 * @enum {string}
                 */
                kind: "full" | "delta";
                partition: number | null;
                base: number | null;
                /**
                 * @description reserved: it is being made. abandoned: its number is used, and no CRL has it.
                 * @enum {string}
                 */
                state: "reserved" | "published" | "abandoned";
                /**
                 * Format: date-time
                 * @description When the CRL was issued. RFC 3339, UTC.
                 */
                thisUpdate: string;
                /**
                 * Format: date-time
                 * @description The next CRL is published by then. RFC 3339, UTC.
                 */
                nextUpdate: string;
                publishedAt: string | null;
                delaySeconds: number | null;
                sizeBytes: number | null;
                entries: number | null;
                sha256: string | null;
            }[];
            nextCursor: string | null;
        };
        Authority: {
            /** @description One generation of a CA, e.g. aci-fo-pp, then aci-fo-pp-2. */
            id: string;
            /** @description The CA in all its generations, e.g. aci-fo-pp. */
            ca: string;
            /** @description Counts from 1; each has a key of its own. */
            generation: number;
            /**
             * @description The range of certificates.
             * @enum {string}
             */
            hierarchy: "fort" | "standard" | "elementaire";
            /**
             * @description root: it certifies CAs only.
             * @enum {string}
             */
            kind: "root" | "issuing";
            /** @description Its name, as RFC 4514 writes it. */
            subject: string;
            /** @description Type of its key, e.g. rsa-4096. */
            keyType: string;
            /**
             * Format: date-time
             * @description First instant of validity. RFC 3339, UTC.
             */
            notBefore: string;
            /**
             * Format: date-time
             * @description Last instant of validity. RFC 3339, UTC.
             */
            notAfter: string;
            /** @description PEM. */
            certificate: string;
            /** @description Where its certificate is published. */
            certificateUrl: string;
            crl: components["schemas"]["Crl"] | null;
            deltaCrl: components["schemas"]["Crl"] | null;
            horizon: {
                /**
                 * Format: date-time
                 * @description End of the CA certificate: no certificate it issues is valid longer. RFC 3339, UTC.
                 */
                notAfter: string;
                /** @description By profile: from when on certificates get a shorter validity than the profile allows. */
                shortensFrom: {
                    [key: string]: string;
                };
            } | null;
        };
        Authorities: {
            /** @description All generations of all CAs. */
            cas: components["schemas"]["Authority"][];
        };
        AuditEntries: {
            /** @description Newest first. */
            entries: components["schemas"]["ChainedEntry"][];
            nextCursor: string | null;
        };
        ChainedEntry: {
            /** @description The numbered event. Its canonical JSON (RFC 8785) is hashed. */
            entry: Record<string, never>;
            /** @description SHA-256(0x00 || canonical entry), hex (RFC 6962 2.1). */
            leafHash: string;
            /** @description SHA-256(previous chainHash || leafHash), hex. */
            chainHash: string;
        };
        AuditEntry: {
            /** @description The numbered event. Its canonical JSON (RFC 8785) is hashed. */
            entry: Record<string, never>;
            /** @description SHA-256(0x00 || canonical entry), hex (RFC 6962 2.1). */
            leafHash: string;
            /** @description SHA-256(previous chainHash || leafHash), hex. */
            chainHash: string;
            /** @description chainHash of the entry before; zeros before the first. */
            previousChainHash: string;
            broken: string | null;
            /** @description The last entry of the log. */
            head: {
                /** @description Its number. */
                seq: number;
                /** @description Its chainHash. */
                chainHash: string;
            };
        };
        CeremonySummaries: {
            /** @description In the order of their ids. Nothing is verified. */
            ceremonies: {
                /** @description Id of the ceremony, e.g. fort. */
                id: string;
                title: {
                    /** @description In French. */
                    fr: string;
                    /** @description In English. */
                    en: string;
                } | null;
                environment: string | null;
                /** @description Whether it was a rehearsal, whose tokens were deleted afterwards. */
                isRehearsal: boolean;
                begunAt: string | null;
                endedAt: string | null;
            }[];
            nextCursor: string | null;
        };
        Ceremony: {
            /** @description Id of the ceremony, e.g. fort. */
            id: string;
            title: {
                /** @description In French. */
                fr: string;
                /** @description In English. */
                en: string;
            } | null;
            environment: string | null;
            /** @description Whether it was a rehearsal, whose tokens were deleted afterwards. */
            isRehearsal: boolean;
            begunAt: string | null;
            endedAt: string | null;
            plan: Record<string, never> | null;
            /** @description Lines of the transcript that can be read. */
            lines: number;
            fault: {
                /** @description In French. */
                fr: string;
                /** @description In English. */
                en: string;
            } | null;
        };
        CeremonyLine: {
            /** @description Counts from 1, without gaps. */
            seq: number;
            /**
             * Format: date-time
             * @description When it happened. RFC 3339, UTC.
             */
            at: string;
            /** @description Number of the step in the plan; 0: the ceremony as a whole. */
            step: number;
            /** @description What happened: the kind of the step, or an event such as begin, confirm or end. */
            action: string;
            /** @description The facts of it. Its members depend on the action. */
            result: Record<string, never>;
            /** @description The hash of the line before; 64 zeros in the first. */
            prev: string;
            /** @description SHA-256 of the canonical JSON (RFC 8785) of this line without this member, hex. */
            hash: string;
        };
        CeremonyMinutes: {
            /** @description The minutes as one HTML page, made now from the transcript. */
            html: string;
            pdf: string | null;
        };
        CeremonyVerification: {
            /** @description Whether the chain, the signatures and all recorded files are right. */
            verified: boolean;
            fault: {
                /** @description In French. */
                fr: string;
                /** @description In English. */
                en: string;
            } | null;
            head: string | null;
            /** @description Verified lines. */
            lines: number;
            /** @description Verified files. */
            artefacts: number;
            /** @description Whether the key of the ceremony has signed the transcript. */
            isSigned: boolean;
            /** @description Lines after that signature: those of a resumption. */
            linesAfterSignature: number;
            /** @description Who has signed, in the order of the plan. */
            signedBy: string[];
        };
        Policy: {
            /** @description SHA-256 of the policy files, hex. All nodes and signers have the same. */
            digest: string;
            /**
             * @description The environment of the policy.
             * @enum {string}
             */
            environment: "development" | "production";
            /** @description All profiles, by their ids, also those that the account cannot use. */
            profiles: components["schemas"]["Profile"][];
            /** @description What the environment accepts although a profile or a lint rule does not. */
            exceptions: {
                /**
                 * @description key: a type of key is allowed. lint: a rule is not applied.
                 * @enum {string}
                 */
                kind: "key" | "lint";
                /** @description The type of key, or the name of the lint rule. */
                what: string;
                /** @description Ids of the profiles for which it holds; *: all. */
                profiles: string[];
                /** @description Why it was decided. */
                reason: string;
                /** @description Who decided it. */
                approver: string;
                until: string | null;
                /** @description Whether it holds now. */
                isInForce: boolean;
            }[];
            /** @description The published lists against which codes are checked. */
            codeLists: {
                /** @description What the list is used for. */
                name: string;
                /** @description Its published name. */
                id: string;
                /** @description Its date, e.g. 2026-03-01. */
                date: string;
            }[];
        };
        PolicyDifferences: {
            /** @description The other environment of the policy folder, e.g. production. */
            environment: string;
            /** @description What changes from the policy in force to the other one. */
            changes: {
                /** @description The file of the policy. */
                file: string;
                /** @description JSON pointer to the value; empty: the whole file was added or removed. */
                pointer: string;
                /** @description The value in the policy in force; null: there is none. */
                before: unknown;
                /** @description The value in the other environment; null: there is none. */
                after: unknown;
                /**
                 * @description changed: it differs. kept: officers decided to keep it. open: officers still have to decide it.
                 * @enum {string}
                 */
                state: "changed" | "kept" | "open";
                /** @description The difference as a sentence. */
                text: {
                    /** @description In French. */
                    fr: string;
                    /** @description In English. */
                    en: string;
                };
                /** @description The notes of the officers who decided the value: when, by whom and why. */
                decisions: string[];
            }[];
            /** @description Why the files cannot be compared; empty: they were. */
            faults: string[];
        };
        Nodes: {
            /** @description By their ids. */
            nodes: {
                /** @description The id in its node.json. */
                id: string;
                /** @description Its name for people. */
                name: string;
                /** @description Live runs first, then those that began last. */
                runs: {
                    /** @description Random, for each start of a process. */
                    run: string;
                    /**
                     * @description `restarted`: its node began another run. `lost`: it was silent for 15 s.
                     * @enum {string}
                     */
                    state: "live" | "stopped" | "restarted" | "lost";
                    /** @description The host name of its machine. */
                    host: string;
                    /** @description What it does: api, responder, worker, console. */
                    roles: string[];
                    /** @description The version of its program. */
                    version: string;
                    /** @description The newest schema level that its program knows. */
                    schemaLevel: number;
                    /** @description SHA-256 of its policy, hex. */
                    policyDigest: string;
                    /** @description SHA-256 of the configuration that must be equal on all nodes, hex. */
                    configDigest: string;
                    publication: string | null;
                    /** @description How far its clock is ahead of the database's. */
                    clockOffsetMs: number;
                    /**
                     * Format: date-time
                     * @description When it began, by the clock of the database, as all times here. RFC 3339, UTC.
                     */
                    startedAt: string;
                    /**
                     * Format: date-time
                     * @description Its last heartbeat. RFC 3339, UTC.
                     */
                    seenAt: string;
                    endedAt: string | null;
                }[];
            }[];
        };
        Jobs: {
            /** @description In the order of their names and items; at most 1,000. */
            jobs: {
                /** @description The name of the job. */
                job: string;
                /** @description What it is done for; empty: the whole installation. */
                item: string;
                /**
                 * Format: date-time
                 * @description When it may be done again, by the clock of the database, as all times here. RFC 3339, UTC.
                 */
                nextAt: string;
                /** @description Failures since the last success. */
                failures: number;
                /**
                 * Format: date-time
                 * @description When somebody last began it. RFC 3339, UTC.
                 */
                lastStartedAt: string;
                lastSuccessAt: string | null;
                lastError: string | null;
                holder: {
                    /** @description The run that works on it now. */
                    run: string;
                    node: string | null;
                } | null;
            }[];
        };
        Account: {
            /** @description Id of the account. */
            id: string;
            /** @description Its name for people. */
            name: string;
            /** @description Its roles. */
            roles: string[];
            /** @description For what it may act. */
            scope: {
                /** @description Profiles; *: all. */
                profiles: string[];
                /** @description Structures; *: all. */
                structures: string[];
                /** @description Domains of servers; *: all. */
                domains: string[];
                /** @description Holders, or prefixes of their ids; *: all. */
                holders: string[];
            };
            /** @description How much it may be issued. */
            limits: {
                perDay: number | null;
                perHour: number | null;
                inFlight: number | null;
            };
            /** @description Networks from which it sends requests; empty: from anywhere. */
            networks: string[];
            expiresAt: string | null;
            /** @description It completes holders; null: none. */
            structure: components["schemas"]["Structure"] | null;
            /** @description false: all its requests are refused. */
            enabled: boolean;
            /**
             * Format: date-time
             * @description When it was added. RFC 3339, UTC.
             */
            createdAt: string;
            /** @description The keys that it authenticates with. */
            credentials: {
                /** @description Generation of the CA, e.g. aci-fo-pp. */
                issuer: string;
                /** @description SHA-256 of the SubjectPublicKeyInfo, hex. */
                spkiSha256: string;
                certificate: string | null;
                serialNumber: string | null;
                status: ("pending" | "issued" | "suspended" | "revoked" | "expired") | null;
                notAfter: string | null;
            }[];
            /** @description Its newest audit entry; null: none. Requests that only read have no entry. */
            lastAct: {
                /**
                 * Format: date-time
                 * @description When it was recorded. RFC 3339, UTC.
                 */
                at: string;
                /** @description Type of the audit entry. */
                type: string;
                /** @description Number of the audit entry. */
                entry: number;
            } | null;
        };
        Accounts: {
            /** @description By their ids. */
            accounts: components["schemas"]["Account"][];
            nextCursor: string | null;
        };
        AccountUsage: {
            certificatesThisHour: {
                /** @description How many there are. */
                used: number;
                /** @description How many there may be. */
                max: number;
            } | null;
            certificatesToday: {
                /** @description How many there are. */
                used: number;
                /** @description How many there may be. */
                max: number;
            } | null;
            /** @description Orders that have not ended. */
            liveOrders: {
                /** @description How many there are. */
                used: number;
                /** @description How many there may be. */
                max: number;
            };
            /** @description Lines of its orders without an outcome. */
            openLines: {
                /** @description How many there are. */
                used: number;
                /** @description How many there may be. */
                max: number;
            };
            /** @description Requests that wait for a second officer. */
            openApprovals: {
                /** @description How many there are. */
                used: number;
                /** @description How many there may be. */
                max: number;
            };
        };
        DayCounts: {
            /** @description By day, issuer and profile; those without any are left out. */
            counts: {
                /** @description The day, UTC: 2026-03-01. */
                day: string;
                /** @description Issuing CA, e.g. aci-fo-pp. */
                ca: string;
                /** @description Generation of the CA, e.g. aci-fo-pp-2. */
                issuer: string;
                /** @description Profile id. */
                profile: string;
                /** @description Certificates that were issued. */
                issued: number;
                /** @description Certificates that were revoked on this day, by reason. */
                revoked: {
                    [key: string]: number;
                };
            }[];
            countedAt: string | null;
        };
        Expiring: {
            /** @description By profile and week; those without any are left out. */
            weeks: {
                /** @description Profile id. */
                profile: string;
                /** @description Monday of the week, UTC: 2026-03-02. */
                week: string;
                /** @description Issued and suspended certificates that end in it. */
                count: number;
            }[];
            /**
             * Format: date-time
             * @description Certificates that end until then are counted. It is earlier than the end of the period if there are more than 500,000. RFC 3339, UTC.
             */
            countedUntil: string;
        };
        ExpiringOfStructures: {
            /** @description The 200 structures with the most of them. */
            structures: {
                structure: string | null;
                /** @description Issued and suspended certificates that end. */
                count: number;
            }[];
            /**
             * Format: date-time
             * @description Certificates that end until then are counted. It is earlier than the end of the period if there are more than 500,000. RFC 3339, UTC.
             */
            countedUntil: string;
        };
        Webhooks: {
            /** @description Those of the configuration. */
            endpoints: {
                /** @description The name of the endpoint in the configuration. */
                name: string;
                /** @description Where events are sent. */
                url: string;
                /** @description Topics it wants: order.*. */
                topics: string[];
                accounts: string[] | null;
                /** @description Deliveries that were not accepted yet. */
                waiting: number;
                /** @description Deliveries that are not tried any more, until they are replayed or dropped. */
                dead: number;
                oldestWaitingAt: string | null;
            }[];
        };
        Delivery: {
            /** @description Id of the delivery at its endpoint. */
            id: string;
            /** @description What is delivered. */
            event: {
                /** @description The id in the body of the event, and its webhook-id. */
                id: string;
                /**
                 * @description What happened.
                 * @enum {string}
                 */
                type: "order.accepted" | "order.paused" | "order.finished" | "order.cancelled" | "certificate.issued" | "certificate.revoked" | "certificate.suspended" | "certificate.released" | "certificate.expiring" | "mass-revocation.completed" | "crl.published" | "card.opposed" | "card.read-back-differs" | "approval.requested" | "card.to-desk" | "campaign.ready" | "campaign.opened" | "campaign.paused" | "campaign.resumed" | "campaign.dates-set" | "campaign.armed" | "campaign.date-reached" | "campaign.date-missed" | "campaign.suspended" | "campaign.revoked" | "campaign.release-decided" | "campaign.released" | "campaign.ended" | "update.undetermined" | "update.completed" | "webhook.test";
                /** @description Id of what the event is about. */
                subject: string;
                account: string | null;
                /**
                 * Format: date-time
                 * @description When it happened. RFC 3339, UTC.
                 */
                at: string;
            };
            /**
             * @description waiting and dead ones hold back later events of the same subject.
             * @enum {string}
             */
            state: "waiting" | "delivered" | "dead" | "dropped";
            /** @description Attempts, since it was last replayed. */
            attempts: number;
            nextAt: string | null;
            lastStatus: number | null;
            lastError: string | null;
            doneAt: string | null;
        };
        DeliveryPage: {
            /** @description Newest first. */
            deliveries: {
                /** @description Id of the delivery at its endpoint. */
                id: string;
                /** @description What is delivered. */
                event: {
                    /** @description The id in the body of the event, and its webhook-id. */
                    id: string;
                    /**
                     * @description What happened.
                     * @enum {string}
                     */
                    type: "order.accepted" | "order.paused" | "order.finished" | "order.cancelled" | "certificate.issued" | "certificate.revoked" | "certificate.suspended" | "certificate.released" | "certificate.expiring" | "mass-revocation.completed" | "crl.published" | "card.opposed" | "card.read-back-differs" | "approval.requested" | "card.to-desk" | "campaign.ready" | "campaign.opened" | "campaign.paused" | "campaign.resumed" | "campaign.dates-set" | "campaign.armed" | "campaign.date-reached" | "campaign.date-missed" | "campaign.suspended" | "campaign.revoked" | "campaign.release-decided" | "campaign.released" | "campaign.ended" | "update.undetermined" | "update.completed" | "webhook.test";
                    /** @description Id of what the event is about. */
                    subject: string;
                    account: string | null;
                    /**
                     * Format: date-time
                     * @description When it happened. RFC 3339, UTC.
                     */
                    at: string;
                };
                /**
                 * @description waiting and dead ones hold back later events of the same subject.
                 * @enum {string}
                 */
                state: "waiting" | "delivered" | "dead" | "dropped";
                /** @description Attempts, since it was last replayed. */
                attempts: number;
                nextAt: string | null;
                lastStatus: number | null;
                lastError: string | null;
                doneAt: string | null;
            }[];
            nextCursor: string | null;
        };
        Problem: {
            /** @description urn:pfcng:problem: and the code. */
            type: string;
            /** @description What the code means, in the language of the client. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What is wrong with this request, in the language of the client. */
            detail?: string;
            /** @description Stable: programs may depend on it. */
            code: string;
            /** @description The one of X-Request-Id. Quote it when you report a problem. */
            requestId: string;
            /** @description Of a card that came before its place in a campaign. */
            ticket?: {
                /**
                 * Format: date-time
                 * @description The card may begin from then on. RFC 3339, UTC.
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description Then it gets another place. RFC 3339, UTC.
                 */
                until: string;
            };
            /** @description Of a state-conflict or not-permitted: the rule that was broken. Stable, as the code is; see x-rules. */
            rule?: string;
            /** @description Of a card-to-desk: why the card has to go to a service desk. */
            reason?: string;
            /** @description Of a line of an order, whose other texts are in English. */
            fr?: {
                /** @description The title in French. */
                title: string;
                /** @description The detail in French. */
                detail: string;
                /** @description The messages of the violations in French, in their order. */
                messages: string[];
            };
            /** @description What is wrong in the input, the first 20 places. */
            violations?: {
                /** @description Place: a JSON pointer into the body, ?/name for the query, or the name of a header. */
                pointer: string;
                /** @description The rule that was broken. Stable; see x-rules. */
                rule: string;
                /** @description What is expected, in the language of the client. */
                message: string;
            }[];
        };
    };
    responses: never;
    parameters: {
        /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
        AcceptLanguage: string;
    };
    requestBodies: never;
    headers: {
        /** @description In every response. The log and the audit log name the request by it. */
        RequestId: string;
        /** @description The language of the texts of the problem document. */
        ContentLanguage: "en" | "fr";
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    searchCertificates: {
        parameters: {
            query?: {
                /** @description Id of the holder: IdNat of a person, structure id/application of an organisation, first name of a server. */
                holder?: string;
                /** @description Token id of the card. */
                card?: string;
                /** @description Structure id, e.g. 10B0057881. */
                structure?: string;
                /** @description Id of an order: what its lines were issued. */
                order?: string;
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile?: string;
                /** @description Issuing CA, e.g. aci-fo-pp; /v1/cas lists them. */
                ca?: string;
                /** @description Hexadecimal, with or without colons, spaces, 0x and leading zeros; or decimal. */
                serialNumber?: string;
                /** @description The current status. A certificate that has ended and is not revoked is expired. */
                status?: "pending" | "issued" | "suspended" | "revoked" | "expired";
                /** @description Issued at this time or later. RFC 3339, UTC. */
                issuedFrom?: string;
                /** @description Issued at this time or earlier. RFC 3339, UTC. */
                issuedUntil?: string;
                /** @description Certificates that end at this time or later. RFC 3339, UTC. */
                expiresFrom?: string;
                /** @description Certificates that end before this time. RFC 3339, UTC. */
                expiresBefore?: string;
                /** @description The call or request that the search is for, without personal data; for the audit log. */
                ticket?: string;
                /** @description The order: by time of issuance or by end; with -, the latest first. Default: see the description. */
                sort?: "issuedAt" | "-issuedAt" | "notAfter" | "-notAfter";
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CertificatePage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issueCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CertificateRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "profile": "fort/cps-authentication",
                     *       "ca": "aci-fo-pp",
                     *       "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *       "status": "issued",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "renews": null,
                     *       "keyOrigin": null,
                     *       "revocation": null
                     *     }
                     */
                    "application/json": components["schemas"]["Certificate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    findCertificates: {
        parameters: {
            query?: {
                /** @description Id of the holder: IdNat of a person, structure id/application of an organisation, first name of a server. */
                holder?: string;
                /** @description Token id of the card. */
                card?: string;
                /** @description Structure id, e.g. 10B0057881. */
                structure?: string;
                /** @description Id of an order: what its lines were issued. */
                order?: string;
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile?: string;
                /** @description Issuing CA, e.g. aci-fo-pp; /v1/cas lists them. */
                ca?: string;
                /** @description Hexadecimal, with or without colons, spaces, 0x and leading zeros; or decimal. */
                serialNumber?: string;
                /** @description The current status. A certificate that has ended and is not revoked is expired. */
                status?: "pending" | "issued" | "suspended" | "revoked" | "expired";
                /** @description Issued at this time or later. RFC 3339, UTC. */
                issuedFrom?: string;
                /** @description Issued at this time or earlier. RFC 3339, UTC. */
                issuedUntil?: string;
                /** @description Certificates that end at this time or later. RFC 3339, UTC. */
                expiresFrom?: string;
                /** @description Certificates that end before this time. RFC 3339, UTC. */
                expiresBefore?: string;
                /** @description The call or request that the search is for, without personal data; for the audit log. */
                ticket?: string;
                /** @description The order: by time of issuance or by end; with -, the latest first. Default: see the description. */
                sort?: "issuedAt" | "-issuedAt" | "notAfter" | "-notAfter";
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "issuedAt": "2026-03-01T10:00:00Z",
                     *           "holder": "810002813839",
                     *           "structure": "10B0057881",
                     *           "card": "8025000001/2600301752",
                     *           "order": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "renews": null,
                     *           "renewedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "revokedAt": null,
                     *           "reason": null
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CertificateSummaries"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportCertificates: {
        parameters: {
            query: {
                /** @description Id of the holder: IdNat of a person, structure id/application of an organisation, first name of a server. */
                holder?: string;
                /** @description Token id of the card. */
                card?: string;
                /** @description Structure id, e.g. 10B0057881. */
                structure?: string;
                /** @description Id of an order: what its lines were issued. */
                order?: string;
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile?: string;
                /** @description Issuing CA, e.g. aci-fo-pp; /v1/cas lists them. */
                ca?: string;
                /** @description Hexadecimal, with or without colons, spaces, 0x and leading zeros; or decimal. */
                serialNumber?: string;
                /** @description The current status. A certificate that has ended and is not revoked is expired. */
                status?: "pending" | "issued" | "suspended" | "revoked" | "expired";
                /** @description Issued at this time or later. RFC 3339, UTC. */
                issuedFrom?: string;
                /** @description Issued at this time or earlier. RFC 3339, UTC. */
                issuedUntil?: string;
                /** @description Certificates that end at this time or later. RFC 3339, UTC. */
                expiresFrom?: string;
                /** @description Certificates that end before this time. RFC 3339, UTC. */
                expiresBefore?: string;
                /** @description The call or request that the search is for, without personal data; for the audit log. */
                ticket?: string;
                /** @description The order: by time of issuance or by end; with -, the latest first. Default: see the description. */
                sort?: "issuedAt" | "-issuedAt" | "notAfter" | "-notAfter";
                /** @description The form of the answer. */
                as: "csv" | "ndjson";
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["CertificateSummary"];
                    "text/csv": string;
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "profile": "fort/cps-authentication",
                     *       "ca": "aci-fo-pp",
                     *       "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *       "status": "issued",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "renews": null,
                     *       "keyOrigin": null,
                     *       "revocation": null
                     *     }
                     */
                    "application/json": components["schemas"]["Certificate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renewCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Renewal"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "profile": "fort/cps-authentication",
                     *       "ca": "aci-fo-pp",
                     *       "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *       "status": "issued",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "renews": null,
                     *       "keyOrigin": null,
                     *       "revocation": null
                     *     }
                     */
                    "application/json": components["schemas"]["Certificate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnRevocation"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "profile": "fort/cps-authentication",
                     *       "ca": "aci-fo-pp",
                     *       "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *       "status": "issued",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "renews": null,
                     *       "keyOrigin": null,
                     *       "revocation": null
                     *     }
                     */
                    "application/json": components["schemas"]["RevokedCertificate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suspendCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Suspension"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "profile": "fort/cps-authentication",
                     *       "ca": "aci-fo-pp",
                     *       "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *       "status": "issued",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "renews": null,
                     *       "keyOrigin": null,
                     *       "revocation": null
                     *     }
                     */
                    "application/json": components["schemas"]["Certificate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "profile": "fort/cps-authentication",
                     *       "ca": "aci-fo-pp",
                     *       "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *       "status": "issued",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "renews": null,
                     *       "keyOrigin": null,
                     *       "revocation": null
                     *     }
                     */
                    "application/json": components["schemas"]["Certificate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issueCard: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Certificates"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeCard: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnRevocation"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Certificates"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeHolder: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description IdNat of the holder, its slash percent-encoded: 30B0057881%2FCPET0002. */
                idNat: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Revocation"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Certificates"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProfiles: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "profiles": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "hierarchy": "fort",
                     *           "ca": "aci-fo-pp",
                     *           "title": {
                     *             "fr": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "en": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           },
                     *           "holder": "professional",
                     *           "cardProducts": [
                     *             "cps"
                     *           ],
                     *           "assurance": "low",
                     *           "keyTypes": [
                     *             "p-256"
                     *           ],
                     *           "keyOrigin": {
                     *             "origins": [
                     *               "card"
                     *             ],
                     *             "required": true
                     *           },
                     *           "validity": {
                     *             "years": 1
                     *           },
                     *           "renewalWindow": {
                     *             "days": 1
                     *           },
                     *           "renewalAnyTime": true,
                     *           "suspensionAllowed": true
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Profiles"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRegistrations: {
        parameters: {
            query?: {
                /** @description Registrations in this state now. */
                state?: "open" | "used" | "withdrawn" | "expired";
                /** @description Id of the holder. */
                holder?: string;
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile?: string;
                /** @description The public reference of a registration. */
                reference?: string;
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "registrations": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "reference": "2026-03-01",
                     *           "state": "open",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "account": "card-management",
                     *           "createdAt": "2026-03-01T10:00:00Z",
                     *           "expiresAt": "2026-03-31T10:00:00Z",
                     *           "uses": [
                     *             {
                     *               "profile": "fort/cps-authentication",
                     *               "certificate": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *             }
                     *           ],
                     *           "returned": 1,
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "keyOrigin": null,
                     *           "erasedAt": "2026-03-01T10:00:00Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["RegistrationPage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrationRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "reference": "2026-03-01",
                     *       "state": "open",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "createdAt": "2026-03-01T10:00:00Z",
                     *       "expiresAt": "2026-03-31T10:00:00Z",
                     *       "uses": [
                     *         {
                     *           "profile": "fort/cps-authentication",
                     *           "certificate": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "returned": 1,
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "keyOrigin": null,
                     *       "erasedAt": "2026-03-01T10:00:00Z",
                     *       "secret": "2026-03-01"
                     *     }
                     */
                    "application/json": components["schemas"]["NewRegistration"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readRegistration: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "reference": "2026-03-01",
                     *       "state": "open",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "createdAt": "2026-03-01T10:00:00Z",
                     *       "expiresAt": "2026-03-31T10:00:00Z",
                     *       "uses": [
                     *         {
                     *           "profile": "fort/cps-authentication",
                     *           "certificate": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "returned": 1,
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "keyOrigin": null,
                     *       "erasedAt": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Registration"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawRegistration: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "reference": "2026-03-01",
                     *       "state": "open",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "createdAt": "2026-03-01T10:00:00Z",
                     *       "expiresAt": "2026-03-31T10:00:00Z",
                     *       "uses": [
                     *         {
                     *           "profile": "fort/cps-authentication",
                     *           "certificate": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "returned": 1,
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "keyOrigin": null,
                     *       "erasedAt": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Registration"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renewRegistrationSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "reference": "2026-03-01",
                     *       "secret": "2026-03-01"
                     *     }
                     */
                    "application/json": components["schemas"]["RegistrationSecret"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issueRegistered: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisteredRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "profile": "fort/cps-authentication",
                     *       "ca": "aci-fo-pp",
                     *       "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *       "status": "issued",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "renews": null,
                     *       "keyOrigin": null,
                     *       "revocation": null
                     *     }
                     */
                    "application/json": components["schemas"]["Certificate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCards: {
        parameters: {
            query?: {
                /** @description Cards in this state; without it, in any. */
                state?: "in-use" | "opposed" | "returned";
                /** @description Id of the holder. */
                holder?: string;
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cards": [
                     *         {
                     *           "tokenId": "8025000001/2600301752",
                     *           "product": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "holder": "810002813839",
                     *           "profession": "10",
                     *           "state": "in-use",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "reason": null,
                     *           "replacement": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "until": "2026-03-01T10:00:00Z"
                     *           },
                     *           "capabilities": {
                     *             "generation": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "applet": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "keyTypes": [
                     *               "p-256"
                     *             ],
                     *             "spareContainers": 1,
                     *             "reportedAt": "2026-03-01T10:00:00Z",
                     *             "reportedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "deskReasons": [
                     *               "generation-unknown"
                     *             ]
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CardPage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCard: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokenId": "8025000001/2600301752",
                     *       "product": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "holder": "810002813839",
                     *       "profession": "10",
                     *       "state": "in-use",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "reason": null,
                     *       "replacement": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "until": "2026-03-01T10:00:00Z"
                     *       },
                     *       "capabilities": {
                     *         "generation": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "applet": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "keyTypes": [
                     *           "p-256"
                     *         ],
                     *         "spareContainers": 1,
                     *         "reportedAt": "2026-03-01T10:00:00Z",
                     *         "reportedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "deskReasons": [
                     *           "generation-unknown"
                     *         ]
                     *       },
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ],
                     *       "procedure": {
                     *         "kind": "update",
                     *         "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "profession": "10",
                     *         "openedAt": "2026-03-01T10:00:00Z"
                     *       },
                     *       "updates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "card": "8025000001/2600301752",
                     *           "state": "issuing",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "account": "card-management",
                     *           "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "begunAt": "2026-03-01T10:00:00Z",
                     *           "replaces": [
                     *             "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           ],
                     *           "confirmBy": "2026-03-01T10:00:00Z",
                     *           "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "overlapUntil": "2026-03-01T10:00:00Z",
                     *           "supersede": "revoke",
                     *           "channel": "secure-messaging",
                     *           "reader": {
                     *             "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           },
                     *           "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "campaign": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "class": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "state": "waiting",
                     *         "reason": null
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CardDetails"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reportCardCapabilities: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardCapabilities"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokenId": "8025000001/2600301752",
                     *       "product": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "holder": "810002813839",
                     *       "profession": "10",
                     *       "state": "in-use",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "reason": null,
                     *       "replacement": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "until": "2026-03-01T10:00:00Z"
                     *       },
                     *       "capabilities": {
                     *         "generation": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "applet": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "keyTypes": [
                     *           "p-256"
                     *         ],
                     *         "spareContainers": 1,
                     *         "reportedAt": "2026-03-01T10:00:00Z",
                     *         "reportedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "deskReasons": [
                     *           "generation-unknown"
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CardSummary"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaceCard: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardReplacement"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokenId": "8025000001/2600301752",
                     *       "product": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "holder": "810002813839",
                     *       "profession": "10",
                     *       "state": "in-use",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "reason": null,
                     *       "replacement": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "until": "2026-03-01T10:00:00Z"
                     *       },
                     *       "capabilities": {
                     *         "generation": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "applet": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "keyTypes": [
                     *           "p-256"
                     *         ],
                     *         "spareContainers": 1,
                     *         "reportedAt": "2026-03-01T10:00:00Z",
                     *         "reportedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "deskReasons": [
                     *           "generation-unknown"
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CardSummary"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readHolder: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description IdNat of the holder, its slash percent-encoded: 30B0057881%2FCPET0002. */
                idNat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "holder": "810002813839",
                     *       "state": "free",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "cards": [
                     *         {
                     *           "tokenId": "8025000001/2600301752",
                     *           "product": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "holder": "810002813839",
                     *           "profession": "10",
                     *           "state": "in-use",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "reason": null,
                     *           "replacement": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "until": "2026-03-01T10:00:00Z"
                     *           },
                     *           "capabilities": {
                     *             "generation": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "applet": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "keyTypes": [
                     *               "p-256"
                     *             ],
                     *             "spareContainers": 1,
                     *             "reportedAt": "2026-03-01T10:00:00Z",
                     *             "reportedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "deskReasons": [
                     *               "generation-unknown"
                     *             ]
                     *           }
                     *         }
                     *       ],
                     *       "procedures": [
                     *         {
                     *           "kind": "update",
                     *           "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profession": "10",
                     *           "openedAt": "2026-03-01T10:00:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HolderDetails"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unbarHolder: {
        parameters: {
            query: {
                /** @description Why it is requested; without personal data. */
                reason: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description IdNat of the holder, its slash percent-encoded: 30B0057881%2FCPET0002. */
                idNat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewMassRevocation: {
        parameters: {
            query?: {
                /** @description Issuing CA, e.g. aci-fo-pp; /v1/cas lists them. */
                ca?: string;
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile?: string;
                /** @description Issued at this time or later. RFC 3339, UTC. */
                issuedFrom?: string;
                /** @description Issued at this time or earlier. RFC 3339, UTC. */
                issuedUntil?: string;
                /** @description SHA-256 of a SubjectPublicKeyInfo: all certificates on this key. */
                spkiSha256?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "matched": 1,
                     *       "accounts": [
                     *         {
                     *           "account": "card-management",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "issuer": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1"
                     *         }
                     *       ],
                     *       "platform": [
                     *         {
                     *           "part": "api-server",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "issuer": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["MassRevocationPreview"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitMassRevocation: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MassRevocationRequest"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "running",
                     *       "select": {
                     *         "ca": "aci-fo-pp"
                     *       },
                     *       "reason": "unspecified",
                     *       "invalidityDate": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "submittedAt": "2026-03-01T10:00:00Z",
                     *       "finishedAt": "2026-03-01T10:00:00Z",
                     *       "matched": 1,
                     *       "done": 1,
                     *       "revoked": 1,
                     *       "alreadyRevoked": 1
                     *     }
                     */
                    "application/json": components["schemas"]["MassRevocation"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readMassRevocation: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "running",
                     *       "select": {
                     *         "ca": "aci-fo-pp"
                     *       },
                     *       "reason": "unspecified",
                     *       "invalidityDate": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "submittedAt": "2026-03-01T10:00:00Z",
                     *       "finishedAt": "2026-03-01T10:00:00Z",
                     *       "matched": 1,
                     *       "done": 1,
                     *       "revoked": 1,
                     *       "alreadyRevoked": 1
                     *     }
                     */
                    "application/json": components["schemas"]["MassRevocation"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMassRevocationResults: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["MassRevocationResult"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelMassRevocation: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "running",
                     *       "select": {
                     *         "ca": "aci-fo-pp"
                     *       },
                     *       "reason": "unspecified",
                     *       "invalidityDate": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "submittedAt": "2026-03-01T10:00:00Z",
                     *       "finishedAt": "2026-03-01T10:00:00Z",
                     *       "matched": 1,
                     *       "done": 1,
                     *       "revoked": 1,
                     *       "alreadyRevoked": 1
                     *     }
                     */
                    "application/json": components["schemas"]["MassRevocation"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description Orders in this state; without it, in any. */
                state?: "receiving" | "accepted" | "working" | "paused" | "cancelling" | "cancelled" | "finished" | "discarded";
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orders": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "state": "receiving",
                     *           "dryRun": true,
                     *           "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "account": "card-management",
                     *           "bureau": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "octets": 1,
                     *           "lines": 1,
                     *           "acknowledged": 1,
                     *           "counts": {
                     *             "issued": 1,
                     *             "duplicate": 1,
                     *             "refused": 1,
                     *             "notIssued": 1,
                     *             "cancelled": 1,
                     *             "open": 1
                     *           },
                     *           "receivedAt": "2026-03-01T10:00:00Z",
                     *           "acceptedAt": "2026-03-01T10:00:00Z",
                     *           "finishedAt": "2026-03-01T10:00:00Z",
                     *           "deadlineAt": "2026-03-01T10:00:00Z",
                     *           "linesPerSecond": 1,
                     *           "estimatedEnd": "2026-03-01T10:00:00Z",
                     *           "waitingFor": [
                     *             {
                     *               "reason": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *             }
                     *           ],
                     *           "pausedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "requestSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *           "resultsSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitOrder: {
        parameters: {
            query?: {
                /** @description true: everything is checked, and nothing is issued. */
                dryRun?: "true" | "false";
                /** @description true: the order is accepted and not started before its resumption. */
                paused?: "true" | "false";
                /** @description Your own name of the order, without personal data. */
                reference?: string;
                /** @description The account of the card bureau, which may then read the order and acknowledge its cards. */
                bureau?: string;
            };
            header?: {
                /** @description Advised: 1 to 128 visible ASCII characters, e.g. a UUID. If the key was used before and Content-Digest is that of the first upload, the first order is answered before an octet of the body is read, also to Expect: 100-continue. Without Content-Digest the upload is read and compared, and stored once. With another body or other parameters, paused apart: 422 idempotency-mismatch. While the first upload is being received: 409 in-progress. The key of an upload that was not accepted can be used again. */
                "Idempotency-Key"?: string;
                /** @description Advised: the SHA-256 of the body (RFC 9530). An upload with another digest is refused (400 invalid-request, content-digest). Where each line is answered while the upload goes on, the answer breaks off instead, and what it has answered is stored. */
                "Content-Digest"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        /** @description Any number of JSON documents, each on a line of its own (NDJSON). The schema describes one line. */
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["CardRequest"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "receiving",
                     *       "dryRun": true,
                     *       "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "account": "card-management",
                     *       "bureau": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "octets": 1,
                     *       "lines": 1,
                     *       "acknowledged": 1,
                     *       "counts": {
                     *         "issued": 1,
                     *         "duplicate": 1,
                     *         "refused": 1,
                     *         "notIssued": 1,
                     *         "cancelled": 1,
                     *         "open": 1
                     *       },
                     *       "receivedAt": "2026-03-01T10:00:00Z",
                     *       "acceptedAt": "2026-03-01T10:00:00Z",
                     *       "finishedAt": "2026-03-01T10:00:00Z",
                     *       "deadlineAt": "2026-03-01T10:00:00Z",
                     *       "linesPerSecond": 1,
                     *       "estimatedEnd": "2026-03-01T10:00:00Z",
                     *       "waitingFor": [
                     *         {
                     *           "reason": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "pausedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "requestSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "resultsSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "receiving",
                     *       "dryRun": true,
                     *       "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "account": "card-management",
                     *       "bureau": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "octets": 1,
                     *       "lines": 1,
                     *       "acknowledged": 1,
                     *       "counts": {
                     *         "issued": 1,
                     *         "duplicate": 1,
                     *         "refused": 1,
                     *         "notIssued": 1,
                     *         "cancelled": 1,
                     *         "open": 1
                     *       },
                     *       "receivedAt": "2026-03-01T10:00:00Z",
                     *       "acceptedAt": "2026-03-01T10:00:00Z",
                     *       "finishedAt": "2026-03-01T10:00:00Z",
                     *       "deadlineAt": "2026-03-01T10:00:00Z",
                     *       "linesPerSecond": 1,
                     *       "estimatedEnd": "2026-03-01T10:00:00Z",
                     *       "waitingFor": [
                     *         {
                     *           "reason": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "pausedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "requestSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "resultsSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOrderLine: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
                /** @description From an earlier response. */
                line: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "line": 1,
                     *       "card": "8025000001/2600301752",
                     *       "outcome": "issued"
                     *     }
                     */
                    "application/json": components["schemas"]["OrderLine"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrderProblems: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "problems": [
                     *         {
                     *           "code": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "rule": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "lines": 1,
                     *           "firstLine": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["OrderProblems"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "receiving",
                     *       "dryRun": true,
                     *       "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "account": "card-management",
                     *       "bureau": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "octets": 1,
                     *       "lines": 1,
                     *       "acknowledged": 1,
                     *       "counts": {
                     *         "issued": 1,
                     *         "duplicate": 1,
                     *         "refused": 1,
                     *         "notIssued": 1,
                     *         "cancelled": 1,
                     *         "open": 1
                     *       },
                     *       "receivedAt": "2026-03-01T10:00:00Z",
                     *       "acceptedAt": "2026-03-01T10:00:00Z",
                     *       "finishedAt": "2026-03-01T10:00:00Z",
                     *       "deadlineAt": "2026-03-01T10:00:00Z",
                     *       "linesPerSecond": 1,
                     *       "estimatedEnd": "2026-03-01T10:00:00Z",
                     *       "waitingFor": [
                     *         {
                     *           "reason": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "pausedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "requestSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "resultsSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "receiving",
                     *       "dryRun": true,
                     *       "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "account": "card-management",
                     *       "bureau": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "octets": 1,
                     *       "lines": 1,
                     *       "acknowledged": 1,
                     *       "counts": {
                     *         "issued": 1,
                     *         "duplicate": 1,
                     *         "refused": 1,
                     *         "notIssued": 1,
                     *         "cancelled": 1,
                     *         "open": 1
                     *       },
                     *       "receivedAt": "2026-03-01T10:00:00Z",
                     *       "acceptedAt": "2026-03-01T10:00:00Z",
                     *       "finishedAt": "2026-03-01T10:00:00Z",
                     *       "deadlineAt": "2026-03-01T10:00:00Z",
                     *       "linesPerSecond": 1,
                     *       "estimatedEnd": "2026-03-01T10:00:00Z",
                     *       "waitingFor": [
                     *         {
                     *           "reason": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "pausedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "requestSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "resultsSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "receiving",
                     *       "dryRun": true,
                     *       "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "account": "card-management",
                     *       "bureau": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "octets": 1,
                     *       "lines": 1,
                     *       "acknowledged": 1,
                     *       "counts": {
                     *         "issued": 1,
                     *         "duplicate": 1,
                     *         "refused": 1,
                     *         "notIssued": 1,
                     *         "cancelled": 1,
                     *         "open": 1
                     *       },
                     *       "receivedAt": "2026-03-01T10:00:00Z",
                     *       "acceptedAt": "2026-03-01T10:00:00Z",
                     *       "finishedAt": "2026-03-01T10:00:00Z",
                     *       "deadlineAt": "2026-03-01T10:00:00Z",
                     *       "linesPerSecond": 1,
                     *       "estimatedEnd": "2026-03-01T10:00:00Z",
                     *       "waitingFor": [
                     *         {
                     *           "reason": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "pausedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "requestSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "resultsSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOrderResults: {
        parameters: {
            query?: {
                /** @description The first line, from 1. */
                from?: number;
                /** @description certificates: adds each certificate (DER in base64) that is in the scope of the account. */
                include?: "certificates";
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["OrderLine"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOrderReceipt: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "receipt": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "signature": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "key": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "logProof": null
                     *     }
                     */
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOrderBundle: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["BundleLine"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAcknowledgements: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["Acknowledgement"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledgeCards: {
        parameters: {
            query?: never;
            header?: {
                /** @description Advised: the SHA-256 of the body (RFC 9530). An upload with another digest is refused (400 invalid-request, content-digest). Where each line is answered while the upload goes on, the answer breaks off instead, and what it has answered is stored. */
                "Content-Digest"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Any number of JSON documents, each on a line of its own (NDJSON). The schema describes one line. */
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["CardReport"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["CardAnswer"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "keys": [
                     *         {
                     *           "id": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *           "purposes": [
                     *             "receipt"
                     *           ],
                     *           "algorithm": "ecdsa-p256-sha256",
                     *           "publicKey": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Keys"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCampaigns: {
        parameters: {
            query?: {
                /** @description Campaigns in this state; without it, in any. */
                state?: "draft" | "preparing" | "ready" | "open" | "paused" | "ended";
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "campaigns": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "state": "draft",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "createdBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "createdAt": "2026-03-01T10:00:00Z",
                     *           "fixedAt": "2026-03-01T10:00:00Z",
                     *           "lists": [
                     *             "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           ],
                     *           "dates": {
                     *             "suspension": {
                     *               "at": "2026-03-01T10:00:00Z",
                     *               "armedAt": "2026-03-01T10:00:00Z",
                     *               "outcome": "acted"
                     *             },
                     *             "revocation": null
                     *           },
                     *           "action": {
                     *             "kind": "suspend",
                     *             "changed": 1
                     *           },
                     *           "request": {
                     *             "name": "card-management",
                     *             "reason": "unspecified",
                     *             "selection": {
                     *               "list": true
                     *             },
                     *             "classes": [
                     *               {
                     *                 "name": "card-management",
                     *                 "capacityPerHour": 1
                     *               }
                     *             ],
                     *             "fromSuspended": true,
                     *             "channel": "secure-messaging"
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignPage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignRequest"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "draft",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "createdBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "createdAt": "2026-03-01T10:00:00Z",
                     *       "fixedAt": "2026-03-01T10:00:00Z",
                     *       "lists": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "dates": {
                     *         "suspension": {
                     *           "at": "2026-03-01T10:00:00Z",
                     *           "armedAt": "2026-03-01T10:00:00Z",
                     *           "outcome": "acted"
                     *         },
                     *         "revocation": null
                     *       },
                     *       "action": {
                     *         "kind": "suspend",
                     *         "changed": 1
                     *       },
                     *       "request": {
                     *         "name": "card-management",
                     *         "reason": "unspecified",
                     *         "selection": {
                     *           "list": true
                     *         },
                     *         "classes": [
                     *           {
                     *             "name": "card-management",
                     *             "capacityPerHour": 1
                     *           }
                     *         ],
                     *         "fromSuspended": true,
                     *         "channel": "secure-messaging"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "draft",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "createdBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "createdAt": "2026-03-01T10:00:00Z",
                     *       "fixedAt": "2026-03-01T10:00:00Z",
                     *       "lists": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "dates": {
                     *         "suspension": {
                     *           "at": "2026-03-01T10:00:00Z",
                     *           "armedAt": "2026-03-01T10:00:00Z",
                     *           "outcome": "acted"
                     *         },
                     *         "revocation": null
                     *       },
                     *       "action": {
                     *         "kind": "suspend",
                     *         "changed": 1
                     *       },
                     *       "request": {
                     *         "name": "card-management",
                     *         "reason": "unspecified",
                     *         "selection": {
                     *           "list": true
                     *         },
                     *         "classes": [
                     *           {
                     *             "name": "card-management",
                     *             "capacityPerHour": 1
                     *           }
                     *         ],
                     *         "fromSuspended": true,
                     *         "channel": "secure-messaging"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCampaignCounts: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "draft",
                     *       "cards": [
                     *         {
                     *           "class": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "state": "waiting",
                     *           "reason": null,
                     *           "count": 1
                     *         }
                     *       ],
                     *       "classes": [
                     *         {
                     *           "class": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "capacityPerHour": 1,
                     *           "usedLastHour": 1,
                     *           "placesAhead": 1,
                     *           "nextPlaceAt": "2026-03-01T10:00:00Z"
                     *         }
                     *       ],
                     *       "readers": [
                     *         {
                     *           "class": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "state": "waiting",
                     *           "reason": null,
                     *           "reader": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "count": 1,
                     *           "ownMs": 1,
                     *           "othersMs": 1
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignCounts"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCampaignCards: {
        parameters: {
            query?: {
                /** @description Cards in this state; without it, in any. */
                state?: "waiting" | "ticket" | "begun" | "undetermined" | "to-desk" | "confirmed" | "gone";
                /** @description Cards that go to a desk for this reason. */
                reason?: "generation-unknown" | "generation-cannot-update" | "applet-too-old" | "key-type-not-made" | "no-spare-container" | "no-live-authentication-key" | "duplicate-key" | "failed-too-often" | "unknown-certificate" | "update-contradicted" | "officer";
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["CampaignCard"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendCardToDesk: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "card": "8025000001/2600301752",
                     *       "class": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "waiting",
                     *       "reason": null,
                     *       "attempts": 1,
                     *       "ticketFrom": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignCard"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "draft",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "createdBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "createdAt": "2026-03-01T10:00:00Z",
                     *       "fixedAt": "2026-03-01T10:00:00Z",
                     *       "lists": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "dates": {
                     *         "suspension": {
                     *           "at": "2026-03-01T10:00:00Z",
                     *           "armedAt": "2026-03-01T10:00:00Z",
                     *           "outcome": "acted"
                     *         },
                     *         "revocation": null
                     *       },
                     *       "action": {
                     *         "kind": "suspend",
                     *         "changed": 1
                     *       },
                     *       "request": {
                     *         "name": "card-management",
                     *         "reason": "unspecified",
                     *         "selection": {
                     *           "list": true
                     *         },
                     *         "classes": [
                     *           {
                     *             "name": "card-management",
                     *             "capacityPerHour": 1
                     *           }
                     *         ],
                     *         "fromSuspended": true,
                     *         "channel": "secure-messaging"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "state": "draft",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "createdBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "createdAt": "2026-03-01T10:00:00Z",
                     *       "fixedAt": "2026-03-01T10:00:00Z",
                     *       "lists": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "dates": {
                     *         "suspension": {
                     *           "at": "2026-03-01T10:00:00Z",
                     *           "armedAt": "2026-03-01T10:00:00Z",
                     *           "outcome": "acted"
                     *         },
                     *         "revocation": null
                     *       },
                     *       "action": {
                     *         "kind": "suspend",
                     *         "changed": 1
                     *       },
                     *       "request": {
                     *         "name": "card-management",
                     *         "reason": "unspecified",
                     *         "selection": {
                     *           "list": true
                     *         },
                     *         "classes": [
                     *           {
                     *             "name": "card-management",
                     *             "capacityPerHour": 1
                     *           }
                     *         ],
                     *         "fromSuspended": true,
                     *         "channel": "secure-messaging"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadCampaignList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Advised: the SHA-256 of the body (RFC 9530). An upload with another digest is refused (400 invalid-request, content-digest). Where each line is answered while the upload goes on, the answer breaks off instead, and what it has answered is stored. */
                "Content-Digest"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
                /** @description Name of a class of the campaign. */
                class: string;
            };
            cookie?: never;
        };
        /** @description Any number of JSON documents, each on a line of its own (NDJSON). The schema describes one line. */
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["ListedCard"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "class": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "cards": 1,
                     *       "repeated": 1
                     *     }
                     */
                    "application/json": components["schemas"]["CampaignList"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recordNotices: {
        parameters: {
            query?: never;
            header?: {
                /** @description Advised: the SHA-256 of the body (RFC 9530). An upload with another digest is refused (400 invalid-request, content-digest). Where each line is answered while the upload goes on, the answer breaks off instead, and what it has answered is stored. */
                "Content-Digest"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        /** @description Any number of JSON documents, each on a line of its own (NDJSON). The schema describes one line. */
        requestBody: {
            content: {
                "application/x-ndjson": components["schemas"]["Notice"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["NoticeAnswer"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPending: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "now": "2026-03-01T10:00:00Z",
                     *       "next": "none",
                     *       "update": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "campaign": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "class": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "suspendsAt": "2026-03-01T10:00:00Z",
                     *         "revokesAt": "2026-03-01T10:00:00Z"
                     *       },
                     *       "ticket": {
                     *         "from": "2026-03-01T10:00:00Z",
                     *         "until": "2026-03-01T10:00:00Z"
                     *       },
                     *       "deskReason": "generation-unknown"
                     *     }
                     */
                    "application/json": components["schemas"]["PendingAnswer"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setCampaignDates: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CampaignDates"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    armCampaignDate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignArming"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCardUpdates: {
        parameters: {
            query?: {
                /** @description Updates in this state; without it, in any. */
                state?: "issuing" | "offered" | "writing" | "undetermined" | "confirmed" | "completed" | "abandoned" | "failed" | "ended";
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "updates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "card": "8025000001/2600301752",
                     *           "state": "issuing",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "account": "card-management",
                     *           "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "begunAt": "2026-03-01T10:00:00Z",
                     *           "replaces": [
                     *             "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           ],
                     *           "confirmBy": "2026-03-01T10:00:00Z",
                     *           "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "overlapUntil": "2026-03-01T10:00:00Z",
                     *           "supersede": "revoke",
                     *           "channel": "secure-messaging",
                     *           "reader": {
                     *             "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           },
                     *           "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CardUpdatePage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginCardUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardUpdateBegin"];
            };
        };
        responses: {
            /** @description The same again: nothing new was made. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "card": "8025000001/2600301752",
                     *       "state": "issuing",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "begunAt": "2026-03-01T10:00:00Z",
                     *       "replaces": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "confirmBy": "2026-03-01T10:00:00Z",
                     *       "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "overlapUntil": "2026-03-01T10:00:00Z",
                     *       "supersede": "revoke",
                     *       "channel": "secure-messaging",
                     *       "reader": {
                     *         "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CardUpdate"];
                };
            };
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "card": "8025000001/2600301752",
                     *       "state": "issuing",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "begunAt": "2026-03-01T10:00:00Z",
                     *       "replaces": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "confirmBy": "2026-03-01T10:00:00Z",
                     *       "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "overlapUntil": "2026-03-01T10:00:00Z",
                     *       "supersede": "revoke",
                     *       "channel": "secure-messaging",
                     *       "reader": {
                     *         "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CardUpdate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCardUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "card": "8025000001/2600301752",
                     *       "state": "issuing",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "begunAt": "2026-03-01T10:00:00Z",
                     *       "replaces": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "confirmBy": "2026-03-01T10:00:00Z",
                     *       "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "overlapUntil": "2026-03-01T10:00:00Z",
                     *       "supersede": "revoke",
                     *       "channel": "secure-messaging",
                     *       "reader": {
                     *         "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CardUpdate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    announceWriting: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "card": "8025000001/2600301752",
                     *       "state": "issuing",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "begunAt": "2026-03-01T10:00:00Z",
                     *       "replaces": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "confirmBy": "2026-03-01T10:00:00Z",
                     *       "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "overlapUntil": "2026-03-01T10:00:00Z",
                     *       "supersede": "revoke",
                     *       "channel": "secure-messaging",
                     *       "reader": {
                     *         "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CardUpdate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmCardUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardUpdateConfirmation"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "card": "8025000001/2600301752",
                     *       "state": "issuing",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "begunAt": "2026-03-01T10:00:00Z",
                     *       "replaces": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "confirmBy": "2026-03-01T10:00:00Z",
                     *       "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "overlapUntil": "2026-03-01T10:00:00Z",
                     *       "supersede": "revoke",
                     *       "channel": "secure-messaging",
                     *       "reader": {
                     *         "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CardUpdate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    abandonCardUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CardUpdateAbandonment"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "card": "8025000001/2600301752",
                     *       "state": "issuing",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "begunAt": "2026-03-01T10:00:00Z",
                     *       "replaces": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "confirmBy": "2026-03-01T10:00:00Z",
                     *       "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "overlapUntil": "2026-03-01T10:00:00Z",
                     *       "supersede": "revoke",
                     *       "channel": "secure-messaging",
                     *       "reader": {
                     *         "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *           "holder": {
                     *             "kind": "professional",
                     *             "idNat": "810002813839",
                     *             "givenName": "Amélie",
                     *             "surname": "DOCTEUR",
                     *             "profession": "10",
                     *             "title": "Médecin"
                     *           },
                     *           "card": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "product": "cps"
                     *           },
                     *           "renews": null,
                     *           "keyOrigin": null,
                     *           "revocation": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CardUpdate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUpdates: {
        parameters: {
            query?: {
                /** @description Updates in this state; without it, in any. */
                state?: "issuing" | "offered" | "writing" | "undetermined" | "confirmed" | "completed" | "abandoned" | "failed" | "ended";
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "updates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "card": "8025000001/2600301752",
                     *           "state": "issuing",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "account": "card-management",
                     *           "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "begunAt": "2026-03-01T10:00:00Z",
                     *           "replaces": [
                     *             "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           ],
                     *           "confirmBy": "2026-03-01T10:00:00Z",
                     *           "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "overlapUntil": "2026-03-01T10:00:00Z",
                     *           "supersede": "revoke",
                     *           "channel": "secure-messaging",
                     *           "reader": {
                     *             "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           },
                     *           "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CardUpdatePage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "card": "8025000001/2600301752",
                     *       "state": "issuing",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "account": "card-management",
                     *       "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "begunAt": "2026-03-01T10:00:00Z",
                     *       "replaces": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "confirmBy": "2026-03-01T10:00:00Z",
                     *       "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "overlapUntil": "2026-03-01T10:00:00Z",
                     *       "supersede": "revoke",
                     *       "channel": "secure-messaging",
                     *       "reader": {
                     *         "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "certificateIds": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "statements": [
                     *         {
                     *           "verb": "begin",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "acceptedAt": "2026-03-01T10:00:00Z",
                     *           "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "sha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *           "signature": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "cms": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "deskReason": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "approval": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *     }
                     */
                    "application/json": components["schemas"]["UpdateLife"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CardUpdateDecision"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCounts: {
        parameters: {
            query: {
                /** @description The first day, UTC. */
                from: string;
                /** @description The last day, UTC: 400 days at most. */
                to: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "counts": [
                     *         {
                     *           "day": "2026-03-01",
                     *           "ca": "aci-fo-pp",
                     *           "issuer": "aci-fo-pp",
                     *           "profile": "fort/cps-authentication",
                     *           "issued": 1,
                     *           "revoked": {
                     *             "unspecified": 1
                     *           }
                     *         }
                     *       ],
                     *       "countedAt": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["DayCounts"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countExpiring: {
        parameters: {
            query: {
                /** @description Certificates that end in the next days: 1 to 366. */
                days: number;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "weeks": [
                     *         {
                     *           "profile": "fort/cps-authentication",
                     *           "week": "2026-03-02",
                     *           "count": 1
                     *         }
                     *       ],
                     *       "countedUntil": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Expiring"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countExpiringOfStructures: {
        parameters: {
            query: {
                /** @description Certificates that end in the next days: 1 to 366. */
                days: number;
                /** @description Profile id, e.g. fort/cps-authentication; /v1/profiles lists them. */
                profile: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "structures": [
                     *         {
                     *           "structure": "10B0057881",
                     *           "count": 1
                     *         }
                     *       ],
                     *       "countedUntil": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["ExpiringOfStructures"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followChanges: {
        parameters: {
            query: {
                /** @description Number of an entry of the audit log: next of the previous answer. 0: from the beginning. */
                after: number;
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "changes": [
                     *         {
                     *           "entry": 1,
                     *           "kind": "issuance",
                     *           "at": "2026-03-01T10:00:00Z",
                     *           "status": "issued",
                     *           "reason": null,
                     *           "certificate": {
                     *             "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "profile": "fort/cps-authentication",
                     *             "ca": "aci-fo-pp",
                     *             "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *             "status": "issued",
                     *             "notBefore": "2026-03-01T10:00:00Z",
                     *             "notAfter": "2029-03-01T10:00:00Z",
                     *             "issuedAt": "2026-03-01T10:00:00Z",
                     *             "holder": "810002813839",
                     *             "structure": "10B0057881",
                     *             "card": "8025000001/2600301752",
                     *             "order": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "renews": null,
                     *             "renewedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "revokedAt": null,
                     *             "reason": null
                     *           }
                     *         }
                     *       ],
                     *       "next": 1,
                     *       "more": true
                     *     }
                     */
                    "application/json": components["schemas"]["CertificateChanges"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCertificateHistory: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "certificate": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "profile": "fort/cps-authentication",
                     *         "ca": "aci-fo-pp",
                     *         "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *         "status": "issued",
                     *         "notBefore": "2026-03-01T10:00:00Z",
                     *         "notAfter": "2029-03-01T10:00:00Z",
                     *         "issuedAt": "2026-03-01T10:00:00Z",
                     *         "holder": "810002813839",
                     *         "structure": "10B0057881",
                     *         "card": "8025000001/2600301752",
                     *         "order": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "renews": null,
                     *         "renewedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "revokedAt": null,
                     *         "reason": null
                     *       },
                     *       "events": [
                     *         {
                     *           "at": "2026-03-01T10:00:00Z",
                     *           "actor": "account:card-management",
                     *           "status": "issued",
                     *           "reason": null,
                     *           "entry": 1
                     *         }
                     *       ],
                     *       "entries": [
                     *         {
                     *           "entry": {},
                     *           "leafHash": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *           "chainHash": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *         }
                     *       ],
                     *       "renews": null,
                     *       "renewedBy": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "issuedAt": "2026-03-01T10:00:00Z",
                     *           "holder": "810002813839",
                     *           "structure": "10B0057881",
                     *           "card": "8025000001/2600301752",
                     *           "order": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "renews": null,
                     *           "renewedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "revokedAt": null,
                     *           "reason": null
                     *         }
                     *       ],
                     *       "order": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "line": 1
                     *       },
                     *       "update": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *     }
                     */
                    "application/json": components["schemas"]["CertificateHistory"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCardHistory: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Token id of the card, its slash percent-encoded: 8025000001%2F2600301752. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokenId": "8025000001/2600301752",
                     *       "product": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "holder": "810002813839",
                     *       "profession": "10",
                     *       "state": "in-use",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "reason": null,
                     *       "replacement": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "until": "2026-03-01T10:00:00Z"
                     *       },
                     *       "capabilities": {
                     *         "generation": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "applet": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "keyTypes": [
                     *           "p-256"
                     *         ],
                     *         "spareContainers": 1,
                     *         "reportedAt": "2026-03-01T10:00:00Z",
                     *         "reportedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "deskReasons": [
                     *           "generation-unknown"
                     *         ]
                     *       },
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "issuedAt": "2026-03-01T10:00:00Z",
                     *           "holder": "810002813839",
                     *           "structure": "10B0057881",
                     *           "card": "8025000001/2600301752",
                     *           "order": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "renews": null,
                     *           "renewedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "revokedAt": null,
                     *           "reason": null
                     *         }
                     *       ],
                     *       "updates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "card": "8025000001/2600301752",
                     *           "state": "issuing",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "account": "card-management",
                     *           "campaign": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "begunAt": "2026-03-01T10:00:00Z",
                     *           "replaces": [
                     *             "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           ],
                     *           "confirmBy": "2026-03-01T10:00:00Z",
                     *           "overlap": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "overlapUntil": "2026-03-01T10:00:00Z",
                     *           "supersede": "revoke",
                     *           "channel": "secure-messaging",
                     *           "reader": {
                     *             "model": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "middleware": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           },
                     *           "endedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "detail": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         }
                     *       ],
                     *       "replaces": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "procedure": {
                     *         "kind": "update",
                     *         "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "profession": "10",
                     *         "openedAt": "2026-03-01T10:00:00Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CardHistory"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readHolderHistory: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description IdNat of the holder, its slash percent-encoded: 30B0057881%2FCPET0002. */
                idNat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "holder": "810002813839",
                     *       "state": "free",
                     *       "stateAt": "2026-03-01T10:00:00Z",
                     *       "cards": [
                     *         {
                     *           "tokenId": "8025000001/2600301752",
                     *           "product": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "holder": "810002813839",
                     *           "profession": "10",
                     *           "state": "in-use",
                     *           "stateAt": "2026-03-01T10:00:00Z",
                     *           "reason": null,
                     *           "replacement": {
                     *             "tokenId": "8025000001/2600301752",
                     *             "until": "2026-03-01T10:00:00Z"
                     *           },
                     *           "capabilities": {
                     *             "generation": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "applet": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "keyTypes": [
                     *               "p-256"
                     *             ],
                     *             "spareContainers": 1,
                     *             "reportedAt": "2026-03-01T10:00:00Z",
                     *             "reportedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "deskReasons": [
                     *               "generation-unknown"
                     *             ]
                     *           }
                     *         }
                     *       ],
                     *       "certificates": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profile": "fort/cps-authentication",
                     *           "ca": "aci-fo-pp",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "issuedAt": "2026-03-01T10:00:00Z",
                     *           "holder": "810002813839",
                     *           "structure": "10B0057881",
                     *           "card": "8025000001/2600301752",
                     *           "order": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "renews": null,
                     *           "renewedBy": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "revokedAt": null,
                     *           "reason": null
                     *         }
                     *       ],
                     *       "procedures": [
                     *         {
                     *           "kind": "update",
                     *           "reference": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profession": "10",
                     *           "openedAt": "2026-03-01T10:00:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["HolderHistory"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuthorities: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "cas": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "ca": "aci-fo-pp",
                     *           "generation": 1,
                     *           "hierarchy": "fort",
                     *           "kind": "root",
                     *           "subject": "CN=AC IGC-SANTE FORT PERSONNES, O=ASIP-SANTE, C=FR",
                     *           "keyType": "p-256",
                     *           "notBefore": "2026-03-01T10:00:00Z",
                     *           "notAfter": "2029-03-01T10:00:00Z",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "certificateUrl": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "crl": {
                     *             "number": 1,
                     *             "thisUpdate": "2026-03-01T10:00:00Z",
                     *             "nextUpdate": "2026-03-08T10:00:00Z",
                     *             "entries": 1,
                     *             "sha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *             "url": "http://igc.example.org/CRL/ACI-FO-PP.crl"
                     *           },
                     *           "deltaCrl": {
                     *             "number": 1,
                     *             "thisUpdate": "2026-03-01T10:00:00Z",
                     *             "nextUpdate": "2026-03-08T10:00:00Z",
                     *             "entries": 1,
                     *             "sha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *             "url": "http://igc.example.org/CRL/ACI-FO-PP.crl"
                     *           },
                     *           "horizon": {
                     *             "notAfter": "2029-03-01T10:00:00Z",
                     *             "shortensFrom": {
                     *               "fort/cps-authentication": "2026-03-01T10:00:00Z"
                     *             }
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Authorities"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAuthority: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "ca": "aci-fo-pp",
                     *       "generation": 1,
                     *       "hierarchy": "fort",
                     *       "kind": "root",
                     *       "subject": "CN=AC IGC-SANTE FORT PERSONNES, O=ASIP-SANTE, C=FR",
                     *       "keyType": "p-256",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "certificateUrl": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "crl": {
                     *         "number": 1,
                     *         "thisUpdate": "2026-03-01T10:00:00Z",
                     *         "nextUpdate": "2026-03-08T10:00:00Z",
                     *         "entries": 1,
                     *         "sha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *         "url": "http://igc.example.org/CRL/ACI-FO-PP.crl"
                     *       },
                     *       "deltaCrl": {
                     *         "number": 1,
                     *         "thisUpdate": "2026-03-01T10:00:00Z",
                     *         "nextUpdate": "2026-03-08T10:00:00Z",
                     *         "entries": 1,
                     *         "sha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *         "url": "http://igc.example.org/CRL/ACI-FO-PP.crl"
                     *       },
                     *       "horizon": {
                     *         "notAfter": "2029-03-01T10:00:00Z",
                     *         "shortensFrom": {
                     *           "fort/cps-authentication": "2026-03-01T10:00:00Z"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Authority"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCrlHistory: {
        parameters: {
            query?: {
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "crls": [
                     *         {
                     *           "number": 1,
                     *           "kind": "full",
                     *           "partition": 1,
                     *           "base": 1,
                     *           "state": "reserved",
                     *           "thisUpdate": "2026-03-01T10:00:00Z",
                     *           "nextUpdate": "2026-03-08T10:00:00Z",
                     *           "publishedAt": "2026-03-01T10:00:00Z",
                     *           "delaySeconds": 1,
                     *           "sizeBytes": 1,
                     *           "entries": 1,
                     *           "sha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CrlHistory"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishCrl: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CrlRequest"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "number": 1,
                     *       "thisUpdate": "2026-03-01T10:00:00Z",
                     *       "nextUpdate": "2026-03-08T10:00:00Z",
                     *       "entries": 1,
                     *       "sha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "url": "http://igc.example.org/CRL/ACI-FO-PP.crl"
                     *     }
                     */
                    "application/json": components["schemas"]["Crl"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accounts": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "name": "card-management",
                     *           "roles": [
                     *             "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           ],
                     *           "scope": {
                     *             "profiles": [
                     *               "fort/cps-authentication"
                     *             ],
                     *             "structures": [
                     *               "10B0057881"
                     *             ],
                     *             "domains": [
                     *               "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *             ],
                     *             "holders": [
                     *               "810002813839"
                     *             ]
                     *           },
                     *           "limits": {
                     *             "perDay": 1,
                     *             "perHour": 1,
                     *             "inFlight": 1
                     *           },
                     *           "networks": [
                     *             "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           ],
                     *           "expiresAt": "2026-03-31T10:00:00Z",
                     *           "structure": {
                     *             "id": "10B0057881",
                     *             "name": "card-management",
                     *             "department": "Paris"
                     *           },
                     *           "enabled": true,
                     *           "createdAt": "2026-03-01T10:00:00Z",
                     *           "credentials": [
                     *             {
                     *               "issuer": "aci-fo-pp",
                     *               "spkiSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *               "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *               "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *               "status": "issued",
                     *               "notAfter": "2029-03-01T10:00:00Z"
                     *             }
                     *           ],
                     *           "lastAct": {
                     *             "at": "2026-03-01T10:00:00Z",
                     *             "type": "certificate.issued",
                     *             "entry": 1
                     *           }
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["Accounts"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountRequest"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "name": "card-management",
                     *       "roles": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "scope": {
                     *         "profiles": [
                     *           "fort/cps-authentication"
                     *         ],
                     *         "structures": [
                     *           "10B0057881"
                     *         ],
                     *         "domains": [
                     *           "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *         ],
                     *         "holders": [
                     *           "810002813839"
                     *         ]
                     *       },
                     *       "limits": {
                     *         "perDay": 1,
                     *         "perHour": 1,
                     *         "inFlight": 1
                     *       },
                     *       "networks": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ],
                     *       "expiresAt": "2026-03-31T10:00:00Z",
                     *       "structure": {
                     *         "id": "10B0057881",
                     *         "name": "card-management",
                     *         "department": "Paris"
                     *       },
                     *       "enabled": true,
                     *       "createdAt": "2026-03-01T10:00:00Z",
                     *       "credentials": [
                     *         {
                     *           "issuer": "aci-fo-pp",
                     *           "spkiSha256": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *           "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *           "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *           "status": "issued",
                     *           "notAfter": "2029-03-01T10:00:00Z"
                     *         }
                     *       ],
                     *       "lastAct": {
                     *         "at": "2026-03-01T10:00:00Z",
                     *         "type": "certificate.issued",
                     *         "entry": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAccountUsage: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "certificatesThisHour": {
                     *         "used": 1,
                     *         "max": 1
                     *       },
                     *       "certificatesToday": {
                     *         "used": 1,
                     *         "max": 1
                     *       },
                     *       "liveOrders": {
                     *         "used": 1,
                     *         "max": 1
                     *       },
                     *       "openLines": {
                     *         "used": 1,
                     *         "max": 1
                     *       },
                     *       "openApprovals": {
                     *         "used": 1,
                     *         "max": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AccountUsage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    certifyAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountCertificate"];
            };
        };
        responses: {
            /** @description Success. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "profile": "fort/cps-authentication",
                     *       "ca": "aci-fo-pp",
                     *       "serialNumber": "4f1c09a2d37be86510c4729f6b03d8e1",
                     *       "status": "issued",
                     *       "notBefore": "2026-03-01T10:00:00Z",
                     *       "notAfter": "2029-03-01T10:00:00Z",
                     *       "certificate": "-----BEGIN CERTIFICATE-----\nMIIE...\n-----END CERTIFICATE-----\n",
                     *       "chain": "-----BEGIN CERTIFICATE-----\nMIIF...\n-----END CERTIFICATE-----\n",
                     *       "holder": {
                     *         "kind": "professional",
                     *         "idNat": "810002813839",
                     *         "givenName": "Amélie",
                     *         "surname": "DOCTEUR",
                     *         "profession": "10",
                     *         "title": "Médecin"
                     *       },
                     *       "card": {
                     *         "tokenId": "8025000001/2600301752",
                     *         "product": "cps"
                     *       },
                     *       "renews": null,
                     *       "keyOrigin": null,
                     *       "revocation": null
                     *     }
                     */
                    "application/json": components["schemas"]["Certificate"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "nodes": [
                     *         {
                     *           "id": "2026-03-01",
                     *           "name": "card-management",
                     *           "runs": [
                     *             {
                     *               "run": "2026-03-01",
                     *               "state": "live",
                     *               "host": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *               "roles": [
                     *                 "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *               ],
                     *               "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *               "schemaLevel": 1,
                     *               "policyDigest": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *               "configDigest": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *               "publication": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *               "clockOffsetMs": 1,
                     *               "startedAt": "2026-03-01T10:00:00Z",
                     *               "seenAt": "2026-03-01T10:00:00Z",
                     *               "endedAt": "2026-03-01T10:00:00Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Nodes"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "job": "2026-03-01",
                     *           "item": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "nextAt": "2026-03-01T10:00:00Z",
                     *           "failures": 1,
                     *           "lastStartedAt": "2026-03-01T10:00:00Z",
                     *           "lastSuccessAt": "2026-03-01T10:00:00Z",
                     *           "lastError": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "holder": {
                     *             "run": "2026-03-01",
                     *             "node": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Jobs"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    searchAuditEntries: {
        parameters: {
            query?: {
                /** @description Entries of this time or later. RFC 3339, UTC. */
                since?: string;
                /** @description Entries of this time or earlier. RFC 3339, UTC. */
                until?: string;
                /** @description account:ID, certificate:ISSUER/SERIAL, system (jobs and commands), or anonymous (a refused client without an account). */
                actor?: string;
                /** @description Type of the entry, e.g. certificate.revoked or access.denied. */
                type?: string;
                /** @description Outcome of the entry. */
                outcome?: "success" | "failure" | "intent";
                /** @description Id of a holder: intents of its certificates, and searches for it. Entries have a tag of it. */
                holder?: string;
                /** @description Token id of a card, as for a holder. */
                card?: string;
                /** @description Id of a request (X-Request-Id), certificate, order, account or key: entries about it. */
                id?: string;
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "entry": {},
                     *           "leafHash": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *           "chainHash": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["AuditEntries"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAuditEntries: {
        parameters: {
            query: {
                /** @description Entries of this time or later. RFC 3339, UTC. */
                since?: string;
                /** @description Entries of this time or earlier. RFC 3339, UTC. */
                until?: string;
                /** @description account:ID, certificate:ISSUER/SERIAL, system (jobs and commands), or anonymous (a refused client without an account). */
                actor?: string;
                /** @description Type of the entry, e.g. certificate.revoked or access.denied. */
                type?: string;
                /** @description Outcome of the entry. */
                outcome?: "success" | "failure" | "intent";
                /** @description Id of a holder: intents of its certificates, and searches for it. Entries have a tag of it. */
                holder?: string;
                /** @description Token id of a card, as for a holder. */
                card?: string;
                /** @description Id of a request (X-Request-Id), certificate, order, account or key: entries about it. */
                id?: string;
                /** @description The form of the answer. */
                as: "csv" | "ndjson";
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["ChainedEntry"];
                    "text/csv": string;
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAuditEntry: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                seq: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entry": {},
                     *       "leafHash": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "chainHash": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "previousChainHash": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40",
                     *       "broken": null,
                     *       "head": {
                     *         "seq": 1,
                     *         "chainHash": "9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["AuditEntry"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCeremonies: {
        parameters: {
            query?: {
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ceremonies": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "title": {
                     *             "fr": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "en": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           },
                     *           "environment": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "isRehearsal": true,
                     *           "begunAt": "2026-03-01T10:00:00Z",
                     *           "endedAt": "2026-03-01T10:00:00Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["CeremonySummaries"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCeremony: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "title": {
                     *         "fr": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "en": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "environment": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "isRehearsal": true,
                     *       "begunAt": "2026-03-01T10:00:00Z",
                     *       "endedAt": "2026-03-01T10:00:00Z",
                     *       "plan": {},
                     *       "lines": 1,
                     *       "fault": {
                     *         "fr": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "en": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Ceremony"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCeremonyTranscript: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["CeremonyLine"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyCeremony: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "verified": true,
                     *       "fault": {
                     *         "fr": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "en": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       },
                     *       "head": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "lines": 1,
                     *       "artefacts": 1,
                     *       "isSigned": true,
                     *       "linesAfterSignature": 1,
                     *       "signedBy": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["CeremonyVerification"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCeremonyMinutes: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "html": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "pdf": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *     }
                     */
                    "application/json": components["schemas"]["CeremonyMinutes"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "digest": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "environment": "development",
                     *       "profiles": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "hierarchy": "fort",
                     *           "ca": "aci-fo-pp",
                     *           "title": {
                     *             "fr": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "en": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           },
                     *           "holder": "professional",
                     *           "cardProducts": [
                     *             "cps"
                     *           ],
                     *           "assurance": "low",
                     *           "keyTypes": [
                     *             "p-256"
                     *           ],
                     *           "keyOrigin": {
                     *             "origins": [
                     *               "card"
                     *             ],
                     *             "required": true
                     *           },
                     *           "validity": {
                     *             "years": 1
                     *           },
                     *           "renewalWindow": {
                     *             "days": 1
                     *           },
                     *           "renewalAnyTime": true,
                     *           "suspensionAllowed": true
                     *         }
                     *       ],
                     *       "exceptions": [
                     *         {
                     *           "kind": "key",
                     *           "what": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "profiles": [
                     *             "fort/cps-authentication"
                     *           ],
                     *           "reason": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "approver": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "until": "2026-03-01T10:00:00Z",
                     *           "isInForce": true
                     *         }
                     *       ],
                     *       "codeLists": [
                     *         {
                     *           "name": "card-management",
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "date": "2026-03-01"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    comparePolicies: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "environment": "production",
                     *       "changes": [
                     *         {
                     *           "file": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "pointer": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "before": {},
                     *           "after": {},
                     *           "state": "changed",
                     *           "text": {
                     *             "fr": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "en": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           },
                     *           "decisions": [
                     *             "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *           ]
                     *         }
                     *       ],
                     *       "faults": [
                     *         "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PolicyDifferences"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountChange"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    disableAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountReason"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enableAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountReason"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "endpoints": [
                     *         {
                     *           "name": "card-management",
                     *           "url": "http://igc.example.org/CRL/ACI-FO-PP.crl",
                     *           "topics": [
                     *             "2026-03-01"
                     *           ],
                     *           "accounts": [
                     *             "card-management"
                     *           ],
                     *           "waiting": 1,
                     *           "dead": 1,
                     *           "oldestWaitingAt": "2026-03-01T10:00:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Webhooks"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Only deliveries in this state. */
                state?: "waiting" | "delivered" | "dead" | "dropped";
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Name of an endpoint of the configuration. */
                endpoint: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "id": "2026-03-01",
                     *           "event": {
                     *             "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *             "type": "certificate.issued",
                     *             "subject": "CN=AC IGC-SANTE FORT PERSONNES, O=ASIP-SANTE, C=FR",
                     *             "account": "card-management",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           },
                     *           "state": "waiting",
                     *           "attempts": 1,
                     *           "nextAt": "2026-03-01T10:00:00Z",
                     *           "lastStatus": 1,
                     *           "lastError": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "doneAt": "2026-03-01T10:00:00Z"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Name of an endpoint of the configuration. */
                endpoint: string;
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "2026-03-01",
                     *       "event": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "type": "certificate.issued",
                     *         "subject": "CN=AC IGC-SANTE FORT PERSONNES, O=ASIP-SANTE, C=FR",
                     *         "account": "card-management",
                     *         "at": "2026-03-01T10:00:00Z"
                     *       },
                     *       "state": "waiting",
                     *       "attempts": 1,
                     *       "nextAt": "2026-03-01T10:00:00Z",
                     *       "lastStatus": 1,
                     *       "lastError": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "doneAt": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 128 visible ASCII characters, e.g. a UUID; bare, or as a Structured Fields string in double quotes. If the key and the bytes of the body are the same, nothing new is made: the response has the status of the first one and the current state of what that request made (a certificate may have been revoked since: check its status). With another body: 422 idempotency-mismatch. While the first request is being processed: 409 in-progress with Retry-After. The key of a rejected request can be used again. A key belongs to one account and one path. Without a key, a request that is sent twice is executed twice, unless the route says otherwise. */
                "Idempotency-Key"?: string;
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Name of an endpoint of the configuration. */
                endpoint: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "2026-03-01",
                     *       "event": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "type": "certificate.issued",
                     *         "subject": "CN=AC IGC-SANTE FORT PERSONNES, O=ASIP-SANTE, C=FR",
                     *         "account": "card-management",
                     *         "at": "2026-03-01T10:00:00Z"
                     *       },
                     *       "state": "waiting",
                     *       "attempts": 1,
                     *       "nextAt": "2026-03-01T10:00:00Z",
                     *       "lastStatus": 1,
                     *       "lastError": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "doneAt": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Name of an endpoint of the configuration. */
                endpoint: string;
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "2026-03-01",
                     *       "event": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "type": "certificate.issued",
                     *         "subject": "CN=AC IGC-SANTE FORT PERSONNES, O=ASIP-SANTE, C=FR",
                     *         "account": "card-management",
                     *         "at": "2026-03-01T10:00:00Z"
                     *       },
                     *       "state": "waiting",
                     *       "attempts": 1,
                     *       "nextAt": "2026-03-01T10:00:00Z",
                     *       "lastStatus": 1,
                     *       "lastError": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "doneAt": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dropDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description Name of an endpoint of the configuration. */
                endpoint: string;
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Empty"];
            };
        };
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "2026-03-01",
                     *       "event": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "type": "certificate.issued",
                     *         "subject": "CN=AC IGC-SANTE FORT PERSONNES, O=ASIP-SANTE, C=FR",
                     *         "account": "card-management",
                     *         "at": "2026-03-01T10:00:00Z"
                     *       },
                     *       "state": "waiting",
                     *       "attempts": 1,
                     *       "nextAt": "2026-03-01T10:00:00Z",
                     *       "lastStatus": 1,
                     *       "lastError": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "doneAt": "2026-03-01T10:00:00Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description Approvals in this state; without it, in any. */
                state?: "requested" | "executed" | "stale" | "refused" | "expired";
                /** @description Page size, 1 to 200. Default: 50. */
                limit?: number;
                /** @description nextCursor of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approvals": [
                     *         {
                     *           "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "action": "account.add",
                     *           "state": "requested",
                     *           "requestedBy": "officer-1",
                     *           "requestedAt": "2026-03-01T10:00:00Z",
                     *           "expiresAt": "2026-03-31T10:00:00Z",
                     *           "endedAt": "2026-03-01T10:00:00Z",
                     *           "reason": null,
                     *           "subject": {},
                     *           "object": {},
                     *           "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "result": {},
                     *           "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *           "signatures": [
                     *             {
                     *               "account": "card-management",
                     *               "form": "account",
                     *               "at": "2026-03-01T10:00:00Z"
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": components["schemas"]["ApprovalPage"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readApproval: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "action": "account.add",
                     *       "state": "requested",
                     *       "requestedBy": "officer-1",
                     *       "requestedAt": "2026-03-01T10:00:00Z",
                     *       "expiresAt": "2026-03-31T10:00:00Z",
                     *       "endedAt": "2026-03-01T10:00:00Z",
                     *       "reason": null,
                     *       "subject": {},
                     *       "object": {},
                     *       "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "result": {},
                     *       "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "signatures": [
                     *         {
                     *           "account": "card-management",
                     *           "form": "account",
                     *           "at": "2026-03-01T10:00:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Approval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideApproval: {
        parameters: {
            query?: never;
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description From an earlier response. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalDecision"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "action": "account.add",
                     *       "state": "requested",
                     *       "requestedBy": "officer-1",
                     *       "requestedAt": "2026-03-01T10:00:00Z",
                     *       "expiresAt": "2026-03-31T10:00:00Z",
                     *       "endedAt": "2026-03-01T10:00:00Z",
                     *       "reason": null,
                     *       "subject": {},
                     *       "object": {},
                     *       "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "result": {},
                     *       "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *       "signatures": [
                     *         {
                     *           "account": "card-management",
                     *           "form": "account",
                     *           "at": "2026-03-01T10:00:00Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Approval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unblockKey: {
        parameters: {
            query: {
                /** @description Why it is requested; without personal data. */
                reason: string;
            };
            header?: {
                /** @description RFC 9110 12.5.4, e.g. fr-FR, fr;q=0.9, en;q=0.5. Problem documents are in French or in English; in English if the client accepts neither, or does not say. A retry with the same Idempotency-Key gets the language that it asks for itself. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @description SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
                spkiSha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "approval": {
                     *         "id": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "action": "account.add",
                     *         "state": "requested",
                     *         "requestedBy": "officer-1",
                     *         "requestedAt": "2026-03-01T10:00:00Z",
                     *         "expiresAt": "2026-03-31T10:00:00Z",
                     *         "endedAt": "2026-03-01T10:00:00Z",
                     *         "reason": null,
                     *         "subject": {},
                     *         "object": {},
                     *         "version": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "result": {},
                     *         "statement": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "statementSha256": "0198c2f0-7d1e-7c3a-9b54-3f2a6d0c9e11",
                     *         "signatures": [
                     *           {
                     *             "account": "card-management",
                     *             "form": "account",
                     *             "at": "2026-03-01T10:00:00Z"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["RequestedApproval"];
                };
            };
            /** @description Any other problem document (RFC 9457). */
            default: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    "Content-Language": components["headers"]["ContentLanguage"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
