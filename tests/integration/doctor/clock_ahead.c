// A clock that is six minutes ahead, for the programs of a container whose /etc/ld.so.preload names this
// library. All containers of a machine share the kernel's clock, which a test must not change.
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
  const int status = (int)syscall(SYS_clock_gettime, clock, now);
  if (status == 0 && clock == CLOCK_REALTIME) now->tv_sec += 360;
  return status;
}
