#ifndef AUDENCI_WORKER_PROCESS_H
#define AUDENCI_WORKER_PROCESS_H

#include <sys/types.h>

/// Starts `executable mode` with one socket as its standard input and output, nothing else open, and an environment of
/// its own. Returns 0, or an errno; then nothing is left open.
int audenci_spawn_worker(const char *executable, const char *mode, pid_t *process, int *socket);

/// Limits this process for good: memory, processor time, open files, no files written, no core dumps.
/// Returns 0, or an errno.
int audenci_confine(unsigned long memory_bytes, unsigned int cpu_seconds, unsigned int open_files);

/// Waits until the process has ended. Returns its exit code, 1000 and more for a signal, -1 when nobody knows.
int audenci_await_worker(pid_t process);

#endif
