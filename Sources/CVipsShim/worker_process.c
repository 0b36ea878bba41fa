#define _GNU_SOURCE
#include "worker_process.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SHADOW_MEMORY 1
#endif
#endif

int audenci_spawn_worker(const char *executable, const char *mode, pid_t *process, int *socket) {
    // A socket, not pipes: sending to it can be told not to raise SIGPIPE.
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return errno;

    // No plug-ins of the image library (VIPSHOME names a folder without any), no temporary files, no machine code made at
    // run time, no arenas that count against the limit of memory, no second process that explains a crash, and nothing of
    // what the server's own environment holds.
    char library_path[4096] = "LD_LIBRARY_PATH=";
    const char *inherited = getenv("LD_LIBRARY_PATH");
    char *environment[] = {
        "VIPSHOME=/nonexistent", "VIPS_DISC_THRESHOLD=4g", "VIPS_CONCURRENCY=1", "VIPS_NOVECTOR=1", "MALLOC_ARENA_MAX=1",
        "SWIFT_BACKTRACE=enable=no", "LC_ALL=C.UTF-8", NULL, NULL,
    };
    if (inherited != NULL) {
        int length = snprintf(library_path, sizeof library_path, "LD_LIBRARY_PATH=%s", inherited);
        if (length > 0 && (size_t)length < sizeof library_path) environment[sizeof environment / sizeof *environment - 2] = library_path;
    }
    char *arguments[] = {(char *)executable, (char *)mode, NULL};

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&actions);
    if (code) goto closed;
    code = posix_spawnattr_init(&attributes);
    if (code) goto without_attributes;

    // The server ignores or blocks signals that must end a worker. Its own group keeps Ctrl-C from ending work under way.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if ((code = posix_spawnattr_setsigmask(&attributes, &none)) == 0
        && (code = posix_spawnattr_setsigdefault(&attributes, &all)) == 0
        && (code = posix_spawnattr_setpgroup(&attributes, 0)) == 0
        && (code = posix_spawnattr_setflags(
                &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP)) == 0
        && (code = posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)) == 0
        && (code = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)) == 0
        && (code = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)) == 0
        && (code = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)) == 0)
        code = posix_spawn(process, executable, &actions, &attributes, arguments, environment);

    posix_spawnattr_destroy(&attributes);
without_attributes:
    posix_spawn_file_actions_destroy(&actions);
closed:
    close(ends[1]);
    if (code)
        close(ends[0]);
    else
        *socket = ends[0];
    return code;
}

static int limit(__rlimit_resource_t resource, rlim_t soft, rlim_t hard) {
    struct rlimit values = {soft, hard};
    return setrlimit(resource, &values) ? errno : 0;
}

int audenci_confine(unsigned long memory_bytes, unsigned int cpu_seconds, unsigned int open_files) {
    int code = 0;
#ifndef HAS_SHADOW_MEMORY
    // Sanitizers reserve terabytes of addresses.
    if ((code = limit(RLIMIT_AS, memory_bytes, memory_bytes))) return code;
#endif
    // SIGXCPU at the soft limit, SIGKILL a second later.
    if ((code = limit(RLIMIT_CPU, cpu_seconds, cpu_seconds + 1))) return code;
    if ((code = limit(RLIMIT_NOFILE, open_files, open_files))) return code;
    // Writing to a file then fails, instead of ending the process.
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR) return errno;
    if ((code = limit(RLIMIT_FSIZE, 0, 0))) return code;
    if ((code = limit(RLIMIT_CORE, 0, 0))) return code;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0;
}

int audenci_await_worker(pid_t process) {
    int status;
    pid_t ended;
    do ended = waitpid(process, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) return -1;
    return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}
