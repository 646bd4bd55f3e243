/* Opens the PKCS#11 module named by PFCNG_PKCS11_MODULE in a symbol namespace of its own, and returns
 * its function list.
 *
 * Why: `node` exports the symbols of the OpenSSL that it was built with. A module that links to
 * libcrypto and is opened with a plain dlopen() binds to Node's OpenSSL instead of its own. It was not
 * built for that ABI, and is two to three times slower (ops/decisions/0003). RTLD_DEEPBIND makes the
 * module prefer the libraries that it was linked with.
 *
 * The loader is itself a PKCS#11 module: a PKCS#11 client looks up one symbol, C_GetFunctionList
 * (PKCS#11 v2.40, 5.4). All callers get the same list, because the client of p11-kit makes a new list
 * for each call, and the lists do not share their state.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#ifndef RTLD_DEEPBIND
#define RTLD_DEEPBIND 0
#define PFCNG_NAMESPACE_IS_OWN 0
#else
#define PFCNG_NAMESPACE_IS_OWN 1
#endif

typedef unsigned long CK_RV;
#define CKR_GENERAL_ERROR 0x00000005UL

/* 1: the module gets a namespace of its own. 0: this system has no RTLD_DEEPBIND. */
__attribute__((visibility("default"))) int pfcng_loader_namespace_is_own(void) { return PFCNG_NAMESPACE_IS_OWN; }

/* Protects the memory before a PIN is in this process: there is no core file, and no other process of
 * the same user may read the memory or attach a debugger (prctl(2), PR_SET_DUMPABLE; ptrace(2), access
 * mode checking). The memory is not locked, so that swap must be off or encrypted. In development,
 * where secrets are worthless, debuggers may attach, and child processes may allow core files again. */
__attribute__((constructor)) static void keep_memory_here(void) {
  const char *open_to = getenv("PFCNG_MEMORY_OPEN_TO");
  const int is_open = open_to && strcmp(open_to, "debuggers") == 0;
  struct rlimit core = {0, 0};
  if (is_open) getrlimit(RLIMIT_CORE, &core);
  core.rlim_cur = 0;
  setrlimit(RLIMIT_CORE, &core);
#ifdef __linux__
  if (!is_open) prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(void **function_list) {
  static void *functions;
  if (!functions) {
    const char *path = getenv("PFCNG_PKCS11_MODULE");
    if (!path || !*path) {
      fprintf(stderr, "pfcng loader: PFCNG_PKCS11_MODULE is not set\n");
      return CKR_GENERAL_ERROR;
    }
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (!module) {
      fprintf(stderr, "pfcng loader: %s\n", dlerror());
      return CKR_GENERAL_ERROR;
    }
    CK_RV (*get_function_list)(void **);
    *(void **)(&get_function_list) = dlsym(module, "C_GetFunctionList");
    if (!get_function_list) {
      fprintf(stderr, "pfcng loader: %s has no C_GetFunctionList: it is not a PKCS#11 module\n", path);
      return CKR_GENERAL_ERROR;
    }
    CK_RV rv = get_function_list(&functions);
    if (rv != 0) return rv;
  }
  *function_list = functions;
  return 0;
}
