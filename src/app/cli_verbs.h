// What does each verb of the command line need, and where is it? One function a verb, each in the
// file that its comment names.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "app/cli.h"
#include "app/cli_options.h"
#include "app/cli_text.h"
#include "core/json_fwd.h"

namespace lab {

struct CliContext {
  const Arguments& arguments;
  std::ostream& out;
  std::ostream& err;
  const CliEnvironment& environment;
  bool json = false;  // one JSON document on `out`, and nothing else
  TextStyle style;    // of `out`

  bool interrupted() const { return environment.interrupted && environment.interrupted(); }
  // Whether somebody watches `err` and wants to see progress.
  bool shows_progress() const {
    return environment.err_is_terminal && !json && !arguments.has("quiet");
  }
};

// Thrown to leave a verb when Ctrl-C was pressed.
struct Interrupted {};

// Each returns the exit status and throws lab::Error for what is wrong.
int list_command(const CliContext& context);       // cli_describe.cpp
int describe_command(const CliContext& context);   // cli_describe.cpp
int run_command(const CliContext& context);        // cli_run.cpp
int render_command(const CliContext& context);     // cli_render.cpp
int reproduce_command(const CliContext& context);  // cli_reproduce.cpp
int check_command(const CliContext& context);      // cli_check.cpp
int data_command(const CliContext& context);       // cli_data.cpp
int train_command(const CliContext& context);      // cli_train.cpp
int generate_command(const CliContext& context);   // cli_generate.cpp
int gui_command(const CliContext& context);        // cli_gui.cpp
int manifest_command(const CliContext& context);   // cli_manifest.cpp
int bench_command(const CliContext& context);      // cli_bench.cpp
int devices_command(const CliContext& context);    // cli_devices.cpp
int version_command(const CliContext& context);    // cli_devices.cpp
int help_command(const CliContext& context);       // cli_help.cpp

// What `train` does, and its fields.
std::string_view training_help();  // cli_train.cpp

// All about one verb.
void print_verb_help(std::ostream& out, const TextStyle& style, const VerbSpec& verb);
// What the program does, and its verbs.
void print_help(std::ostream& out, const TextStyle& style);

// "logit-lab 0.1.0"
std::string program_name();

// The document, indented, with a line break at the end.
void print_json(std::ostream& out, const nlohmann::json& document);

}  // namespace lab
