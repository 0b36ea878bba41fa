#include "vips_library.h"
#include <dlfcn.h>
#include <stdio.h>

// The version whose headers these types come from; others of the same number keep what they mean.
#ifdef __APPLE__
#define LIBRARY "libvips.42.dylib"
#else
#define LIBRARY "libvips.so.42"
#endif

struct audenci_vips vips;
static char missing[256];

static void *find(void *library, const char *name) {
    void *function = dlsym(library, name);
    if (function == NULL && missing[0] == 0) snprintf(missing, sizeof missing, "%s has no %s", LIBRARY, name);
    return function;
}

int audenci_vips_load(void) {
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        snprintf(missing, sizeof missing, "%s", dlerror());
        return -1;
    }
#define AUDENCI_FIND(name) *(void **)&vips.name = find(library, "vips_" #name);
    AUDENCI_VIPS_FUNCTIONS(AUDENCI_FIND)
#undef AUDENCI_FIND
    return missing[0] == 0 ? 0 : -1;
}

const char *audenci_vips_missing(void) { return missing; }
