// Threads that all do the same. The only file of the engine that knows of threads: in WebAssembly
// there are none, and a page runs one engine per Web Worker instead.
#pragma once

#include <functional>
#include <memory>

namespace lab {

class WorkerPool {
 public:
  // Starts `workers` threads, each of which calls `work` once. Error (machine): threads are not to
  // be had.
  WorkerPool(unsigned workers, std::function<void()> work);
  // Waits until every `work` has returned: whoever owns the pool must have told it to.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // How many threads can run at the same time here, at least 1; 0 where there are none.
  static unsigned available();

 private:
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

}  // namespace lab
