#include "session/worker_pool.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "core/error.h"

#ifdef __EMSCRIPTEN__

namespace lab {

struct WorkerPool::Threads {};

WorkerPool::WorkerPool(unsigned workers, std::function<void()>) {
  if (workers > 0) {
    throw Error("there are no threads in WebAssembly", "workers", "0", Error::Kind::machine);
  }
}
WorkerPool::~WorkerPool() = default;
unsigned WorkerPool::available() {
  return 0;
}

}  // namespace lab

#else

#include <thread>

namespace lab {

struct WorkerPool::Threads {
  std::vector<std::jthread> all;  // joined when destroyed
};

WorkerPool::WorkerPool(unsigned workers, std::function<void()> work)
    : threads_(std::make_unique<Threads>()) {
  threads_->all.reserve(workers);
  for (unsigned i = 0; i < workers; ++i) {
    try {
      threads_->all.emplace_back(work);
    } catch (const std::system_error& error) {
      // Fewer than asked for do the same work; the results do not depend on how many there are.
      if (i > 0) break;
      throw Error(std::string("no thread can be started: ") + error.what(), "workers", "0",
                  Error::Kind::machine);
    }
  }
}
WorkerPool::~WorkerPool() = default;
unsigned WorkerPool::available() {
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace lab

#endif
