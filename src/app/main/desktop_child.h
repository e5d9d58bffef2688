// Other programs of the desktop - its file dialogs, its browser, its settings - run as children
// without ever making a frame wait.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

// Is there a program of this name in $PATH?
bool program_exists(std::string_view name);

class ChildProcess {
 public:
  struct End {
    int status = 0;      // as in a shell: 128 + n after the signal n
    std::string output;  // what it wrote to standard output
  };

  // words: the program, looked for in $PATH, and its arguments; nothing of it goes through a shell.
  // A program that cannot be started ends with status 127.
  explicit ChildProcess(const std::vector<std::string>& words);
  // Ends a child that is still running, unless `leave` was called.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // How it ended, once it has; never waits.
  std::optional<End> poll();
  // It may go on when this object is gone.
  void leave() { left_ = true; }

 private:
  void read();

  pid_t process_ = -1;
  int pipe_ = -1;
  bool left_ = false;
  std::string output_;
  std::optional<End> end_;
};

}  // namespace lab
