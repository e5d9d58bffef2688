#include "page_host.h"

#include <emscripten.h>

#include <string>

// Each calls the function of Module.host that has the same name in camel case.
EM_JS(void, host_set_link, (const char* fragment),
      { Module.host.setLink(UTF8ToString(fragment)); });
EM_JS(void, host_copy, (const char* text), { Module.host.copy(UTF8ToString(text)); });
EM_JS(void, host_save_file,
      (const char* name, const char* media_type, const void* bytes, std::size_t size), {
        Module.host.saveFile(UTF8ToString(name), UTF8ToString(media_type),
                             HEAPU8.slice(bytes, bytes + size));
      });
EM_JS(void, host_open_file, (), { Module.host.openFile(); });
EM_JS(void, host_store, (const char* key, const char* text),
      { Module.host.store(UTF8ToString(key), UTF8ToString(text)); });
EM_JS(void, host_open_url, (const char* url), { Module.host.openUrl(UTF8ToString(url)); });
EM_JS(void, host_send, (std::size_t worker, const char* json),
      { Module.host.send(worker, UTF8ToString(json)); });
EM_JS(void, host_request, (const char* id), { Module.host.request(UTF8ToString(id)); });
// figures: texts, one after another, each with a zero behind it.
EM_JS(void, host_mirror,
      (const char* title, const char* status, const char* figures, std::size_t count,
       const char* verdicts),
      {
        const texts = [];
        for (let i = 0, at = figures; i < count; ++i) {
          let end = at;
          while (HEAPU8[end]) ++end;
          texts.push(UTF8ToString(at));
          at = end + 1;
        }
        Module.host.mirror({
          title : UTF8ToString(title),
          status : UTF8ToString(status),
          figures : texts,
          verdicts : UTF8ToString(verdicts)
        });
      });

namespace lab {

Host page_host() {
  // A view has no zero at its end, a string has.
  const auto text = [](std::string_view view) { return std::string(view); };
  Host host;
  host.set_link = [text](std::string_view fragment) { host_set_link(text(fragment).c_str()); };
  host.copy = copy_to_clipboard;
  host.save_file = [text](std::string_view name, std::string_view media_type,
                          std::span<const std::byte> bytes) {
    host_save_file(text(name).c_str(), text(media_type).c_str(), bytes.data(), bytes.size());
  };
  host.open_file = [] { host_open_file(); };
  host.store = [text](std::string_view key, std::string_view value) {
    host_store(text(key).c_str(), text(value).c_str());
  };
  host.open_url = [text](std::string_view url) { host_open_url(text(url).c_str()); };
  host.mirror = [](const Mirror& mirror) {
    std::string figures;
    for (const std::string& figure : mirror.figures) figures.append(figure).push_back('\0');
    host_mirror(mirror.title.c_str(), mirror.status.c_str(), figures.data(), mirror.figures.size(),
                mirror.verdicts.c_str());
  };
  return host;
}

void send_to_engine(std::size_t worker, std::string_view command_json) {
  host_send(worker, std::string(command_json).c_str());
}

void request_experiment(std::string_view id) {
  host_request(std::string(id).c_str());
}

void copy_to_clipboard(std::string_view text) {
  host_copy(std::string(text).c_str());
}

}  // namespace lab
