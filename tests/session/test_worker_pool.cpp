#include <doctest/doctest.h>

#include <atomic>

#include "core/error.h"
#include "session/worker_pool.h"

namespace lab {

#ifdef __EMSCRIPTEN__

TEST_CASE("worker pool: WebAssembly has no threads, and says so") {
  CHECK(WorkerPool::available() == 0);
  CHECK_THROWS_AS(WorkerPool(1, [] {}), Error);
}

#else

TEST_CASE("worker pool: everybody works once, and the pool waits for all") {
  CHECK(WorkerPool::available() >= 1);
  std::atomic<int> worked = 0;
  {
    const WorkerPool pool(5, [&] { ++worked; });
  }
  CHECK(worked == 5);
}

#endif

TEST_CASE("worker pool: nobody is fine too") {
  bool worked = false;
  {
    const WorkerPool pool(0, [&] { worked = true; });
  }
  CHECK_FALSE(worked);
}

}  // namespace lab
