/* How fast a PKCS#11 module signs, with nothing in the way: the limit that issuance is compared with.
 *
 *   cc -O2 -pthread -I node_modules/pkcs11js/includes/pkcs11 -o rawsign test/bench/rawsign.c -ldl
 *   rawsign MODULE TOKEN_LABEL KEY_LABEL SECONDS THREADS        user PIN on standard input
 *
 * Each thread has a session and the key's handle of its own and signs one input after the other: a DigestInfo of SHA-256 with
 * CKM_RSA_PKCS, or a digest of the curve's length with CKM_ECDSA (PKCS#11 v2.40 current mechanisms, 2.1.6 and 2.3.6). Prints
 * signatures a second, and the processor time of one in milliseconds. SoftHSM finds its token by SOFTHSM2_CONF.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "pkcs11.h"

#define THREADS_MAX 16
#define SLOTS_MAX 32
#define SIGNATURE_BYTES_MAX 1024

/* SEQUENCE { AlgorithmIdentifier sha256, OCTET STRING (32) }: what RFC 8017 9.2 puts before a digest. */
static const CK_BYTE digest_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
/* The longest: SHA-512. */
#define DIGEST_BYTES_MAX 64

static CK_FUNCTION_LIST_PTR p11;

struct worker {
  CK_SESSION_HANDLE session;
  CK_OBJECT_HANDLE key;
  CK_MECHANISM mechanism;
  CK_BYTE data[sizeof digest_info + DIGEST_BYTES_MAX];
  CK_ULONG data_length;
  double until;
  long signatures;
};

static void fail(const char *what, CK_RV rv) {
  fprintf(stderr, "rawsign: %s: 0x%lx\n", what, rv);
  exit(1);
}

static void check(const char *what, CK_RV rv) {
  if (rv != CKR_OK) fail(what, rv);
}

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void load(const char *path) {
  void *module = dlopen(path, RTLD_NOW);
  if (!module) {
    fprintf(stderr, "rawsign: %s\n", dlerror());
    exit(1);
  }
  CK_RV (*get)(CK_FUNCTION_LIST_PTR_PTR);
  *(void **)&get = dlsym(module, "C_GetFunctionList");
  if (!get) fail("C_GetFunctionList is missing", 0);
  check("C_GetFunctionList", get(&p11));
  CK_C_INITIALIZE_ARGS arguments;
  memset(&arguments, 0, sizeof arguments);
  arguments.flags = CKF_OS_LOCKING_OK;
  check("C_Initialize", p11->C_Initialize(&arguments));
}

static CK_SLOT_ID slot_of(const char *label) {
  CK_SLOT_ID slots[SLOTS_MAX];
  CK_ULONG count = SLOTS_MAX;
  check("C_GetSlotList", p11->C_GetSlotList(CK_TRUE, slots, &count));
  for (CK_ULONG at = 0; at < count; at++) {
    CK_TOKEN_INFO info;
    if (p11->C_GetTokenInfo(slots[at], &info) != CKR_OK) continue;
    size_t length = strlen(label);
    if (length > sizeof info.label || memcmp(info.label, label, length) != 0) continue;
    if (length == sizeof info.label || info.label[length] == ' ') return slots[at];
  }
  fail("no token of this label", 0);
  return 0;
}

static CK_SESSION_HANDLE open_session(CK_SLOT_ID slot) {
  CK_SESSION_HANDLE session;
  check("C_OpenSession", p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session));
  return session;
}

static CK_OBJECT_HANDLE find_key(CK_SESSION_HANDLE session, char *label) {
  CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &private_key, sizeof private_key}, {CKA_LABEL, label, strlen(label)}};
  CK_OBJECT_HANDLE key;
  CK_ULONG found = 0;
  check("C_FindObjectsInit", p11->C_FindObjectsInit(session, wanted, 2));
  check("C_FindObjects", p11->C_FindObjects(session, &key, 1, &found));
  check("C_FindObjectsFinal", p11->C_FindObjectsFinal(session));
  if (found != 1) fail("no private key of this label", 0);
  return key;
}

static CK_ULONG attribute_of(struct worker *worker, CK_ATTRIBUTE_TYPE type, void *value, CK_ULONG size) {
  CK_ATTRIBUTE attribute = {type, value, size};
  check("C_GetAttributeValue", p11->C_GetAttributeValue(worker->session, worker->key, &attribute, 1));
  return attribute.ulValueLen;
}

/* What this key signs: SHA-384 goes with P-384, SHA-256 with everything else here. */
static void prepare_input(struct worker *worker) {
  CK_KEY_TYPE type;
  attribute_of(worker, CKA_KEY_TYPE, &type, sizeof type);
  memset(&worker->mechanism, 0, sizeof worker->mechanism);
  memset(worker->data, 7, sizeof worker->data);
  if (type == CKK_RSA) {
    worker->mechanism.mechanism = CKM_RSA_PKCS;
    memcpy(worker->data, digest_info, sizeof digest_info);
    worker->data_length = sizeof digest_info + 32;
  } else if (type == CKK_EC) {
    CK_BYTE curve[32];
    /* DER of a named curve: secp384r1 has seven octets (1.3.132.0.34), prime256v1 ten. */
    CK_ULONG length = attribute_of(worker, CKA_EC_PARAMS, curve, sizeof curve);
    worker->mechanism.mechanism = CKM_ECDSA;
    worker->data_length = length == 7 ? 48 : 32;
  } else fail("neither an RSA nor an EC key", type);
}

static void *work(void *given) {
  struct worker *worker = given;
  CK_BYTE signature[SIGNATURE_BYTES_MAX];
  while (now() < worker->until) {
    CK_ULONG length = sizeof signature;
    worker->data[worker->data_length - 1]++;
    check("C_SignInit", p11->C_SignInit(worker->session, &worker->mechanism, worker->key));
    check("C_Sign", p11->C_Sign(worker->session, worker->data, worker->data_length, signature, &length));
    worker->signatures++;
  }
  return NULL;
}

static double cpu_ms(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

int main(int count, char **arguments) {
  if (count != 6) {
    fprintf(stderr, "usage: rawsign MODULE TOKEN_LABEL KEY_LABEL SECONDS THREADS < pin\n");
    return 2;
  }
  int threads = atoi(arguments[5]);
  if (threads < 1 || threads > THREADS_MAX) fail("1 to 16 threads", 0);
  char pin[128];
  if (!fgets(pin, sizeof pin, stdin)) fail("no PIN on standard input", 0);
  pin[strcspn(pin, "\r\n")] = 0;
  load(arguments[1]);
  CK_SLOT_ID slot = slot_of(arguments[2]);
  CK_SESSION_HANDLE first = open_session(slot);
  check("C_Login", p11->C_Login(first, CKU_USER, (CK_UTF8CHAR_PTR)pin, strlen(pin)));
  struct worker workers[THREADS_MAX];
  pthread_t ids[THREADS_MAX];
  for (int at = 0; at < threads; at++) {
    workers[at].session = open_session(slot);
    workers[at].key = find_key(workers[at].session, arguments[3]);
    workers[at].signatures = 0;
    prepare_input(&workers[at]);
  }
  double cpu_before = cpu_ms();
  double began = now();
  for (int at = 0; at < threads; at++) {
    workers[at].until = began + atof(arguments[4]);
    pthread_create(&ids[at], NULL, work, &workers[at]);
  }
  long sum = 0;
  for (int at = 0; at < threads; at++) {
    pthread_join(ids[at], NULL);
    sum += workers[at].signatures;
  }
  double took = now() - began;
  if (sum == 0) fail("no signature in this time", 0);
  printf("%.1f %.6f\n", (double)sum / took, (cpu_ms() - cpu_before) / (double)sum);
  p11->C_Finalize(NULL);
  return 0;
}
