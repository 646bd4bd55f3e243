/* A PKCS#11 module for tests that forwards everything to a real one and fails on demand.
 *
 * The file `control`, in the folder of the shared object (or of the link that was opened), has one
 * command a line. It is replaced by a rename.
 *
 *   module PATH                real module, opened once in a symbol namespace of its own
 *   only TEXT                  the rules apply only in processes with this text in SOFTHSM2_CONF
 *   count PATH                 a file with a 64-bit counter for each rule: how often it was applied
 *   latency N FUNCTION MS      FUNCTION takes MS longer; N: how many times, 0: always (in all rules)
 *   hang N FUNCTION            does not return
 *   fail N FUNCTION CODE       returns CODE instead of doing anything
 *   flip N FUNCTION            C_Sign: one bit of the signature is wrong
 *   abort N FUNCTION           the process ends by SIGABRT
 *   life MS                    a session is dead this long after it was opened
 *   kill NUMBER                for a new number: every session dies, and the login with the last
 *   logout NUMBER              for a new number: the login is lost, the sessions live
 *   removed                    there is no token; its sessions and login are lost
 *
 * A dead session is closed in the real module when the caller closes it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pkcs11.h"

#define RULES_MAX 64
#define SESSIONS_MAX 4096
#define NUMBERS_MAX 256

enum act { LATENCY, HANG, FAIL, FLIP, ABORT };
static const char *const ACTS[] = {"latency", "hang", "fail", "flip", "abort"};
typedef struct { enum act act; long times; char function[40]; unsigned long value; } rule;
typedef struct { CK_SESSION_HANDLE handle; int64_t opened_ms; unsigned epoch; } session;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static CK_FUNCTION_LIST_PTR real;
static char control[4096], module_path[4096];
static struct timespec seen_at;
static ino_t seen_inode;
static rule rules[RULES_MAX];
static int rule_count, is_removed;
static int64_t life_ms;
static uint64_t *counters;
/* Sessions opened in an earlier epoch are dead. */
static unsigned epoch = 1;
static int is_logged_in;
static session sessions[SESSIONS_MAX];
static long numbers[NUMBERS_MAX];
static int number_count;

static int64_t now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static int is_new(long number) {
  for (int at = 0; at < number_count; at++)
    if (numbers[at] == number) return 0;
  if (number_count < NUMBERS_MAX) numbers[number_count++] = number;
  return 1;
}

static void lose_all(void) { epoch++, is_logged_in = 0; }

static void map_counters(const char *path) {
  if (counters) munmap(counters, RULES_MAX * sizeof *counters), counters = NULL;
  int file = open(path, O_RDWR | O_CREAT, 0600);
  if (file < 0) return;
  if (ftruncate(file, RULES_MAX * sizeof *counters) == 0) {
    void *at = mmap(NULL, RULES_MAX * sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (at != MAP_FAILED) counters = at;
  }
  close(file);
}

static void read_line(char *line, int *holds, int *removed) {
  char word[16] = "", first[4096] = "", function[40] = "", value[64] = "";
  int words = sscanf(line, "%15s %4095s %39s %63s", word, first, function, value);
  if (words == 2 && !strcmp(word, "module")) snprintf(module_path, sizeof module_path, "%s", first);
  if (words == 2 && !strcmp(word, "count")) map_counters(first);
  if (words == 2 && !strcmp(word, "only")) {
    const char *own = getenv("SOFTHSM2_CONF");
    *holds = own && strstr(own, first);
  }
  if (!*holds) return;
  if (words == 2 && !strcmp(word, "life")) life_ms = atol(first);
  if (words == 2 && !strcmp(word, "kill") && is_new(atol(first))) lose_all();
  if (words == 2 && !strcmp(word, "logout") && is_new(atol(first))) is_logged_in = 0;
  if (!strcmp(word, "removed")) *removed = 1;
  for (size_t act = 0; act < sizeof ACTS / sizeof *ACTS; act++) {
    if (words < 3 || strcmp(word, ACTS[act]) || rule_count == RULES_MAX) continue;
    rule *made = &rules[rule_count++];
    made->act = (enum act)act, made->times = atol(first), made->value = strtoul(value, NULL, 0);
    snprintf(made->function, sizeof made->function, "%s", function);
  }
}

/* Call it with the lock. */
static void read_control(void) {
  struct stat now;
  if (stat(control, &now) != 0) return;
  if (now.st_ino == seen_inode && !memcmp(&now.st_mtim, &seen_at, sizeof seen_at)) return;
  FILE *file = fopen(control, "r");
  if (!file) return;
  seen_inode = now.st_ino, seen_at = now.st_mtim;
  char line[8192];
  int holds = 1, removed = 0;
  rule_count = 0, life_ms = 0;
  while (fgets(line, sizeof line, file)) read_line(line, &holds, &removed);
  fclose(file);
  if (removed && !is_removed) lose_all();
  is_removed = removed;
}

static session *session_of(CK_SESSION_HANDLE handle) {
  for (int at = 0; at < SESSIONS_MAX; at++)
    if (sessions[at].handle == handle) return &sessions[at];
  return NULL;
}

static int is_dead(CK_SESSION_HANDLE handle) {
  const session *known = session_of(handle);
  if (!known) return 0;
  return known->epoch != epoch || (life_ms > 0 && now_ms() - known->opened_ms > life_ms);
}

static int is(const char *function, const char *name) { return !strcmp(function, name); }

static int needs_token(const char *function) {
  return is(function, "C_GetTokenInfo") || is(function, "C_OpenSession") || is(function, "C_GetMechanismList") ||
         is(function, "C_GetMechanismInfo");
}

static int needs_login(const char *function) { return is(function, "C_SignInit") || is(function, "C_Sign"); }

static void sleep_ms(unsigned long ms) {
  struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
  nanosleep(&pause, NULL);
}

/* Applies the rules to a call before it is made. Returns 1 when `result` is its answer. It hangs and
 * waits without the lock. */
static int before(const char *function, CK_SESSION_HANDLE handle, CK_RV *result, int *flip) {
  int hang = 0, answered = 0;
  unsigned long wait_ms = 0;
  *flip = 0;
  pthread_mutex_lock(&lock);
  read_control();
  for (int at = 0; at < rule_count && !answered; at++) {
    const rule *one = &rules[at];
    if (!is(function, one->function)) continue;
    uint64_t before_this = counters ? __atomic_fetch_add(&counters[at], 1, __ATOMIC_SEQ_CST) : 0;
    if (one->times > 0 && before_this >= (uint64_t)one->times) {
      if (counters) __atomic_fetch_sub(&counters[at], 1, __ATOMIC_SEQ_CST);
      continue;
    }
    switch (one->act) {
      case LATENCY: wait_ms += one->value; break;
      case HANG: hang = 1; break;
      case FLIP: *flip = 1; break;
      case ABORT: abort();
      case FAIL: *result = one->value, answered = 1; break;
    }
  }
  if (!answered && is_removed && (handle || needs_token(function)))
    *result = handle ? CKR_DEVICE_REMOVED : CKR_TOKEN_NOT_PRESENT, answered = 1;
  if (!answered && handle && is_dead(handle) && !is(function, "C_CloseSession"))
    *result = CKR_SESSION_HANDLE_INVALID, answered = 1;
  if (!answered && needs_login(function) && !is_logged_in) *result = CKR_USER_NOT_LOGGED_IN, answered = 1;
  pthread_mutex_unlock(&lock);
  while (hang) pause();
  if (wait_ms) sleep_ms(wait_ms);
  return answered;
}

#define X(name, handle, parameters, arguments)                            \
  static CK_RV forward_##name parameters {                                \
    CK_RV result;                                                         \
    int flip;                                                             \
    if (before(#name, handle, &result, &flip)) return result;             \
    return real->name arguments;                                          \
  }
#include "functions.h"
#undef X

static CK_RV shim_C_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  pthread_mutex_lock(&lock);
  read_control();
  int nothing = is_removed && present;
  pthread_mutex_unlock(&lock);
  if (!nothing) return forward_C_GetSlotList(present, slots, count);
  *count = 0;
  return CKR_OK;
}

static CK_RV shim_C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR own, CK_NOTIFY notify,
                                CK_SESSION_HANDLE_PTR handle) {
  CK_RV result = forward_C_OpenSession(slot, flags, own, notify, handle);
  if (result != CKR_OK) return result;
  pthread_mutex_lock(&lock);
  session *place = session_of(0);
  if (place) *place = (session){*handle, now_ms(), epoch};
  pthread_mutex_unlock(&lock);
  return CKR_OK;
}

static CK_RV shim_C_CloseSession(CK_SESSION_HANDLE handle) {
  pthread_mutex_lock(&lock);
  int dead = is_dead(handle);
  session *known = session_of(handle);
  if (known) known->handle = 0;
  pthread_mutex_unlock(&lock);
  CK_RV result = forward_C_CloseSession(handle);
  return dead && result == CKR_OK ? CKR_SESSION_HANDLE_INVALID : result;
}

static CK_RV shim_C_Login(CK_SESSION_HANDLE handle, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  CK_RV result = forward_C_Login(handle, user, pin, length);
  pthread_mutex_lock(&lock);
  /* The real module does not know about simulated logouts. */
  if (result == CKR_USER_ALREADY_LOGGED_IN && !is_logged_in) result = CKR_OK;
  if (result == CKR_OK) is_logged_in = 1;
  pthread_mutex_unlock(&lock);
  return result;
}

static CK_RV shim_C_Sign(CK_SESSION_HANDLE handle, CK_BYTE_PTR data, CK_ULONG data_length, CK_BYTE_PTR signature,
                         CK_ULONG_PTR length) {
  CK_RV result;
  int flip;
  if (before("C_Sign", handle, &result, &flip)) return result;
  result = real->C_Sign(handle, data, data_length, signature, length);
  if (result == CKR_OK && signature && flip && *length > 0) signature[*length / 2] ^= 1;
  return result;
}

static CK_RV shim_C_Finalize(CK_VOID_PTR reserved) {
  CK_RV result = forward_C_Finalize(reserved);
  pthread_mutex_lock(&lock);
  if (result == CKR_OK) memset(sessions, 0, sizeof sessions), is_logged_in = 0;
  pthread_mutex_unlock(&lock);
  return result;
}

static CK_RV open_real(void) {
  Dl_info own;
  if (!dladdr((void *)open_real, &own)) return CKR_GENERAL_ERROR;
  const char *slash = strrchr(own.dli_fname, '/');
  int folder = slash ? (int)(slash - own.dli_fname) : 0;
  snprintf(control, sizeof control, "%.*s/control", folder, own.dli_fname);
  read_control();
  void *module = dlopen(module_path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  CK_C_GetFunctionList get = NULL;
  if (module) *(void **)(&get) = dlsym(module, "C_GetFunctionList");
  if (get) return get(&real);
  fprintf(stderr, "shim: %s\n", module ? "no C_GetFunctionList" : dlerror());
  return CKR_GENERAL_ERROR;
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  static CK_FUNCTION_LIST own;
  pthread_mutex_lock(&lock);
  CK_RV opened = real ? CKR_OK : open_real();
  pthread_mutex_unlock(&lock);
  if (opened != CKR_OK) return opened;
  own.version = real->version;
  own.C_GetFunctionList = C_GetFunctionList;
#define X(name, handle, parameters, arguments) own.name = forward_##name;
#include "functions.h"
#undef X
  own.C_GetSlotList = shim_C_GetSlotList;
  own.C_OpenSession = shim_C_OpenSession;
  own.C_CloseSession = shim_C_CloseSession;
  own.C_Login = shim_C_Login;
  own.C_Sign = shim_C_Sign;
  own.C_Finalize = shim_C_Finalize;
  *list = &own;
  return CKR_OK;
}
