/* Signatures on threads of their own: C_SignInit and C_Sign of one signature, one after the other, for hsm/pkcs11/signing/signing-threads.ts.
 *
 * Why not pkcs11js: it runs C_SignInit on the thread that runs JavaScript, where SoftHSM decrypts the key and a module in trouble
 * hangs, and each C_Sign on libuv's pool, where the journal waits behind it; every signature wakes the JavaScript thread before
 * its thread has another. Here a thread takes what waits by itself, and one wake-up brings all signatures that are there
 * (ops/decisions/0010).
 *
 * Whoever asks keeps input and output where they are until the answer, and gives a session one signature at a time.
 */
#include <node_api.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "pkcs11.h"

enum { OPERATION_SIGN_INIT, OPERATION_SIGN };
enum { ARGUMENTS = 6, RESULTS = 4 };

struct job {
  struct job *next;
  CK_FUNCTION_LIST_PTR p11;
  double id;
  CK_SESSION_HANDLE session;
  CK_MECHANISM mechanism;
  CK_OBJECT_HANDLE key;
  CK_BYTE *input, *output;
  CK_ULONG input_length, output_length;
  int operation;
  CK_RV rv;
};

struct queue {
  struct job *first, **end;
  unsigned long length;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t is_more = PTHREAD_COND_INITIALIZER;
static struct queue waiting = {NULL, &waiting.first, 0}, done = {NULL, &done.first, 0};
static unsigned long thread_count, idle_threads;
/* The JavaScript thread was told of what is done, and has not taken it yet. */
static int is_told;
static napi_threadsafe_function answers;
/* Asked in this turn of the JavaScript thread, and all that is asked and not answered; both of that thread alone. */
static struct queue asked = {NULL, &asked.first, 0};
static unsigned long unanswered;

static void push(struct queue *queue, struct job *job) {
  job->next = NULL;
  *queue->end = job;
  queue->end = &job->next;
  queue->length++;
}

static struct job *take_all(struct queue *queue) {
  struct job *first = queue->first;
  queue->first = NULL;
  queue->end = &queue->first;
  queue->length = 0;
  return first;
}

static struct job *take_one(struct queue *queue) {
  struct job *job = queue->first;
  queue->first = job->next;
  if (!queue->first) queue->end = &queue->first;
  queue->length--;
  return job;
}

static void run(struct job *job) {
  job->operation = OPERATION_SIGN_INIT;
  job->rv = job->p11->C_SignInit(job->session, &job->mechanism, job->key);
  if (job->rv != CKR_OK) return;
  job->operation = OPERATION_SIGN;
  job->rv = job->p11->C_Sign(job->session, job->input, job->input_length, job->output, &job->output_length);
}

/* The JavaScript thread is woken when the threads would soon have nothing to do: it then finds several answers at once. None is
 * kept for long: what waits before it grows only by what the JavaScript thread asks when it has the answers. */
static void *sign_what_waits(void *unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  for (;;) {
    idle_threads++;
    while (!waiting.first) pthread_cond_wait(&is_more, &lock);
    idle_threads--;
    struct job *job = take_one(&waiting);
    pthread_mutex_unlock(&lock);
    run(job);
    pthread_mutex_lock(&lock);
    push(&done, job);
    if (is_told || waiting.length >= thread_count) continue;
    is_told = 1;
    pthread_mutex_unlock(&lock);
    napi_call_threadsafe_function(answers, NULL, napi_tsfn_nonblocking);
    pthread_mutex_lock(&lock);
  }
  return NULL;
}

/* On the JavaScript thread. What the callback throws is an uncaught exception. */
static void answer(napi_env env, napi_value callback, void *context, void *data) {
  (void)context, (void)data;
  pthread_mutex_lock(&lock);
  is_told = 0;
  struct job *job = take_all(&done);
  pthread_mutex_unlock(&lock);
  napi_value undefined;
  if (env) napi_get_undefined(env, &undefined);
  while (job) {
    struct job *next = job->next;
    if (--unanswered == 0 && env) napi_unref_threadsafe_function(env, answers);
    if (env) {
      napi_value told[RESULTS];
      napi_create_double(env, job->id, &told[0]);
      napi_create_int32(env, job->operation, &told[1]);
      napi_create_double(env, (double)job->rv, &told[2]);
      napi_create_double(env, (double)job->output_length, &told[3]);
      napi_call_function(env, undefined, callback, RESULTS, told, NULL);
    }
    free(job);
    job = next;
  }
}

static napi_value refuse(napi_env env, const char *why) {
  napi_throw_error(env, NULL, why);
  return NULL;
}

/* start(threads, answer): once a process. `answer(id, operation, rv, length)` for each signature; operation 0 is C_SignInit. */
static napi_value start(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value given[2], name;
  uint32_t threads = 0;
  if (answers) return refuse(env, "the signing threads were started");
  if (napi_get_cb_info(env, info, &count, given, NULL, NULL) != napi_ok || count != 2 ||
      napi_get_value_uint32(env, given[0], &threads) != napi_ok || threads == 0 ||
      napi_create_string_utf8(env, "signing", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_threadsafe_function(env, given[1], NULL, name, 0, 1, NULL, NULL, NULL, answer, &answers) != napi_ok)
    return refuse(env, "start(threads, answer)");
  napi_unref_threadsafe_function(env, answers);
  thread_count = threads;
  sigset_t all, before;
  sigfillset(&all);
  /* Signals are for the thread that has handlers. */
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = 0;
  for (uint32_t at = 0; at < threads && !failed; at++) {
    pthread_t thread;
    failed = pthread_create(&thread, NULL, sign_what_waits, NULL);
    if (!failed) pthread_detach(thread);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failed ? refuse(env, "a signing thread does not start") : NULL;
}

static int read_handle(napi_env env, napi_value value, CK_ULONG *handle) {
  void *bytes;
  size_t length;
  if (napi_get_buffer_info(env, value, &bytes, &length) != napi_ok || length != sizeof *handle) return 0;
  memcpy(handle, bytes, sizeof *handle);
  return 1;
}

/* sign(id, session, mechanism, key, input, output): handles as pkcs11js gives them. Begins with `go`. */
static napi_value sign(napi_env env, napi_callback_info info) {
  size_t count = ARGUMENTS, input_length, output_length;
  napi_value given[ARGUMENTS];
  int64_t mechanism;
  struct job *job = calloc(1, sizeof *job);
  if (!job) return refuse(env, "no memory for a signature");
  if (!answers || C_GetFunctionList(&job->p11) != CKR_OK ||
      napi_get_cb_info(env, info, &count, given, NULL, NULL) != napi_ok || count != ARGUMENTS ||
      napi_get_value_double(env, given[0], &job->id) != napi_ok || !read_handle(env, given[1], &job->session) ||
      napi_get_value_int64(env, given[2], &mechanism) != napi_ok || !read_handle(env, given[3], &job->key) ||
      napi_get_buffer_info(env, given[4], (void **)&job->input, &input_length) != napi_ok ||
      napi_get_buffer_info(env, given[5], (void **)&job->output, &output_length) != napi_ok) {
    free(job);
    return refuse(env, "sign(id, session, mechanism, key, input, output), after start");
  }
  job->mechanism.mechanism = (CK_MECHANISM_TYPE)mechanism;
  job->input_length = input_length;
  job->output_length = output_length;
  if (unanswered++ == 0) napi_ref_threadsafe_function(env, answers);
  push(&asked, job);
  return NULL;
}

/* go(): what was asked since the last time is signed. */
static napi_value go(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  pthread_mutex_lock(&lock);
  while (asked.first) push(&waiting, take_one(&asked));
  for (unsigned long at = 0; at < waiting.length && at < idle_threads; at++) pthread_cond_signal(&is_more);
  pthread_mutex_unlock(&lock);
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_property_descriptor functions[] = {
      {"start", NULL, start, NULL, NULL, NULL, napi_default, NULL},
      {"sign", NULL, sign, NULL, NULL, NULL, napi_default, NULL},
      {"go", NULL, go, NULL, NULL, NULL, napi_default, NULL},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}
