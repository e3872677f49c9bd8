#include "apps/heddle/failure.h"

#include <unistd.h>

#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>

#include "heddle/core/json.h"
#include "heddle/core/text.h"

namespace heddle::cli {
namespace {

constexpr const char* kReportIt = "a bug in Heddle: please report it with the command you ran";

Error OutOfMemory() {
  return Error(ErrorKind::kSystem, "the memory of this machine does not suffice", "",
               "ask for less, or close something");
}

Error FromStandard(const std::exception& thrown) {
  const std::string_view what = thrown.what();
  if (what.find("can't allocate memory") != std::string_view::npos) return OutOfMemory();  // torch's allocator
  return Error(ErrorKind::kBug, std::string(what.substr(0, what.find('\n'))), "", kReportIt);
}

// Paths on the command line may be in any encoding; JSON may not.
std::string Utf8(const std::string& text) {
  if (IsUtf8(text)) return text;
  std::string ascii;
  for (const char c : text) ascii += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  return ascii;
}

}  // namespace

Error AsError(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return OutOfMemory();
  } catch (const std::filesystem::filesystem_error& error) {
    return Error(ErrorKind::kSystem, error.code().message(), error.path1().string());
  } catch (const std::system_error& error) {
    return Error(ErrorKind::kSystem, error.what());
  } catch (const std::exception& error) {
    return FromStandard(error);
  } catch (...) {
    return Error(ErrorKind::kBug, "something unknown was thrown", "", kReportIt);
  }
}

int ReportError(const Error& error, bool json, const Console& console) {
  if (json) {
    const nlohmann::ordered_json object = {{"error",
                                            {{"kind", KindName(error.kind())},
                                             {"what", Utf8(error.message())},
                                             {"where", Utf8(error.where())},
                                             {"mend", Utf8(error.mend())}}}};
    console.out << DumpJson(object) << "\n";
  } else {
    console.err << "heddle: " << error.what() << std::endl;
  }
  return error.exit_code();
}

void EndOnTerminate() {
  const std::exception_ptr thrown = std::current_exception();
  const Error error = thrown ? AsError(thrown) : Error(ErrorKind::kBug, "it had to stop at once", "", kReportIt);
  const std::string line = "heddle: " + std::string(error.what()) + "\n";
  static_cast<void>(!write(STDERR_FILENO, line.data(), line.size()));
  _exit(kExitFailed);
}

}  // namespace heddle::cli
