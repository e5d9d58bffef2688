#include "desktop_child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

extern char** environ;

namespace lab {

bool program_exists(std::string_view name) {
  const char* path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "/usr/bin:/bin" : path;
  while (!folders.empty()) {
    const std::size_t end = folders.find(':');
    const std::string file = std::string(folders.substr(0, end)) + "/" + std::string(name);
    if (access(file.c_str(), X_OK) == 0) return true;
    folders = end == std::string_view::npos ? "" : folders.substr(end + 1);
  }
  return false;
}

ChildProcess::ChildProcess(const std::vector<std::string>& words) {
  constexpr int kNotStarted = 127;
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  int ends[2];
  if (pipe(ends) != 0) {
    end_ = End{.status = kNotStarted, .output = {}};
    return;
  }
  for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) {
    process_ = -1;
    end_ = End{.status = kNotStarted, .output = {}};
  }
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  pipe_ = ends[0];
  fcntl(pipe_, F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
  if (!end_ && !left_) {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
  }
  if (pipe_ >= 0) close(pipe_);
}

void ChildProcess::read() {
  char buffer[4096];
  ssize_t count = 0;
  while ((count = ::read(pipe_, buffer, sizeof buffer)) > 0)
    output_.append(buffer, static_cast<std::size_t>(count));
}

std::optional<ChildProcess::End> ChildProcess::poll() {
  if (end_) return end_;
  read();
  int status = 0;
  if (waitpid(process_, &status, WNOHANG) != process_) return std::nullopt;
  read();  // what it wrote between the last look and its end
  end_ = End{.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
             .output = output_};
  return end_;
}

}  // namespace lab
