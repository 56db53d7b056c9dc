/* Makes the n-th write, sync or truncation of a file whose path holds ".sqlite" fail, once or from then on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int armed_at, armed_errno, armed_on, count;

void fault_arm(int at, int number, int from_then_on) { armed_at = at; armed_errno = number; armed_on = from_then_on; count = 0; }
int fault_count(void) { return count; }

static int due(int fd) {
    char name[64], path[1024];
    if (!armed_at) return 0;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, ".sqlite")) return 0;
    count++;
    if (count == armed_at || (armed_on && count > armed_at)) { errno = armed_errno; return 1; }
    return 0;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t); return due(fd) ? -1 : real(fd, data, size, at); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { REAL(ssize_t, "pwrite", int, const void *, size_t, off_t); return due(fd) ? -1 : real(fd, data, size, at); }
ssize_t write(int fd, const void *data, size_t size) { REAL(ssize_t, "write", int, const void *, size_t); return due(fd) ? -1 : real(fd, data, size); }
int fsync(int fd) { REAL(int, "fsync", int); return due(fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(int, "fdatasync", int); return due(fd) ? -1 : real(fd); }
int ftruncate64(int fd, off64_t size) { REAL(int, "ftruncate64", int, off64_t); return due(fd) ? -1 : real(fd, size); }
int ftruncate(int fd, off_t size) { REAL(int, "ftruncate", int, off_t); return due(fd) ? -1 : real(fd, size); }
