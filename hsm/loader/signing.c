/* Makes signatures on threads of its own: C_SignInit, then C_Sign, for
 * hsm/pkcs11/signing/signing-threads.ts.
 *
 * Why not pkcs11js: it runs C_SignInit on the JavaScript thread, where SoftHSM decrypts the key and a
 * faulty module can hang. It runs C_Sign on the thread pool of libuv, which delays the journal, and
 * each signature wakes the JavaScript thread before its thread has the next. Here a thread takes the
 * next job itself, and one wake-up delivers all signatures that are done (ops/decisions/0010).
 *
 * The caller keeps the input and output buffers until the answer, and uses a session for one signature
 * at a time.
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
/* The JavaScript thread has been woken, and has not taken the finished jobs yet. */
static int is_woken;
static napi_threadsafe_function answers;
/* The jobs of this turn of the JavaScript thread, and the number of all unanswered jobs. Only that
 * thread uses these two variables. */
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

/* Makes the waiting signatures, one after the other; each signing thread runs this function. Wakes
 * the JavaScript thread when fewer jobs wait than there are threads, so that it gets several answers
 * at once. No answer is delayed for long: a session gets its next job only after the answer to its
 * last one, so that the queue becomes short. */
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
    if (is_woken || waiting.length >= thread_count) continue;
    is_woken = 1;
    pthread_mutex_unlock(&lock);
    napi_call_threadsafe_function(answers, NULL, napi_tsfn_nonblocking);
    pthread_mutex_lock(&lock);
  }
  return NULL;
}

/* Calls the callback for each finished job, on the JavaScript thread. An error that the callback throws
 * is an uncaught exception. */
static void answer(napi_env env, napi_value callback, void *context, void *data) {
  (void)context, (void)data;
  pthread_mutex_lock(&lock);
  is_woken = 0;
  struct job *job = take_all(&done);
  pthread_mutex_unlock(&lock);
  napi_value undefined;
  if (env) napi_get_undefined(env, &undefined);
  while (job) {
    struct job *next = job->next;
    if (--unanswered == 0 && env) napi_unref_threadsafe_function(env, answers);
    if (env) {
      napi_value results[RESULTS];
      napi_create_double(env, job->id, &results[0]);
      napi_create_int32(env, job->operation, &results[1]);
      napi_create_double(env, (double)job->rv, &results[2]);
      napi_create_double(env, (double)job->output_length, &results[3]);
      napi_call_function(env, undefined, callback, RESULTS, results, NULL);
    }
    free(job);
    job = next;
  }
}

static napi_value refuse(napi_env env, const char *why) {
  napi_throw_error(env, NULL, why);
  return NULL;
}

/* start(threads, answer): starts the threads, once in a process. `answer(id, operation, rv, length)` is
 * called for each signature; operation 0 is C_SignInit. */
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
  /* The signing threads block all signals, which are for the thread with the handlers. */
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

/* sign(id, session, mechanism, key, input, output): adds one signature to the queue. `session` and
 * `key` are handles as pkcs11js returns them. The threads get the signature at the next call of `go`. */
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

/* go(): starts all jobs since the last call. */
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
